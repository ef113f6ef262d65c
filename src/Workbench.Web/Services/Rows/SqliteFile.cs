using Microsoft.Data.Sqlite;

namespace Workbench.Web.Services.Rows;

/// <summary>Plain SQLite for the indexes beside the database: one file, opened for one thing.</summary>
internal static class SqliteFile
{
    public static SqliteConnection Open(string path, SqliteOpenMode mode)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Mode = mode, Pooling = false }.ToString());
        connection.Open();
        if (mode == SqliteOpenMode.ReadOnly)
        {
            Execute(connection, "PRAGMA mmap_size = 4294967296"); // a query opens the file anew: the system keeps what was read
        }

        return connection;
    }

    public static SqliteCommand Command(SqliteConnection connection, string text)
    {
        var command = connection.CreateCommand();
#pragma warning disable CA2100 // the texts are ours; what users give goes in as parameters
        command.CommandText = text;
#pragma warning restore CA2100
        return command;
    }

    public static void Execute(SqliteConnection connection, string text)
    {
        using var command = Command(connection, text);
        command.ExecuteNonQuery();
    }

    /// <summary>Runs a command that is run again with other values.</summary>
    public static void Run(SqliteCommand command, params ReadOnlySpan<(string Name, object Value)> values)
    {
        for (var i = 0; i < values.Length; i++)
        {
            if (command.Parameters.Count <= i)
            {
                command.Parameters.AddWithValue(values[i].Name, values[i].Value);
            }
            else
            {
                command.Parameters[i].Value = values[i].Value;
            }
        }

        command.ExecuteNonQuery();
    }
}
