using System.Data.Common;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace Workbench.Web.Persistence;

/// <summary>How the SQLite file is opened.</summary>
public static class WorkbenchDatabase
{
    /// <summary>Options for the database file at <paramref name="path"/>.</summary>
    public static void Configure(DbContextOptionsBuilder options, string path)
    {
        var connection = new SqliteConnectionStringBuilder { DataSource = path, ForeignKeys = true, DefaultTimeout = 30 };
        options.UseSqlite(connection.ConnectionString).AddInterceptors(new Pragmas());
    }

    /// <summary>
    /// Write-ahead logging lets pages read while metrics are written; with it, synchronous=NORMAL loses nothing when the
    /// process dies (https://www.sqlite.org/pragma.html#pragma_synchronous). Writers wait for each other up to ten seconds.
    /// </summary>
    private sealed class Pragmas : DbConnectionInterceptor
    {
        private const string Sql = "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA busy_timeout=10000;";

        public override void ConnectionOpened(DbConnection connection, ConnectionEndEventData eventData)
        {
            using var command = connection.CreateCommand();
            command.CommandText = Sql;
            command.ExecuteNonQuery();
        }

        public override async Task ConnectionOpenedAsync(
            DbConnection connection, ConnectionEndEventData eventData, CancellationToken cancellationToken = default)
        {
            await using var command = connection.CreateCommand();
            command.CommandText = Sql;
            await command.ExecuteNonQueryAsync(cancellationToken);
        }
    }
}
