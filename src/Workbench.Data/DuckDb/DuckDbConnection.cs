using System.Runtime.InteropServices;

namespace Workbench.Data.DuckDb;

/// <summary>
/// An in-memory DuckDB that runs statements over files. Bounded in memory and threads, spills into its own folder, and fetches no
/// extension from anywhere.
/// </summary>
internal sealed class DuckDbConnection : IDisposable
{
    private nint database;
    private nint connection;

    /// <param name="temporary">Folder for what does not fit into memory.</param>
    /// <exception cref="DuckDbException">The library is missing or does not start.</exception>
    public DuckDbConnection(string temporary)
    {
        DuckDbLibrary.Require();
        if (DuckDbNative.Open(null, out database) != 0 || DuckDbNative.Connect(database, out connection) != 0)
        {
            Dispose();
            throw new DuckDbException("DuckDB did not start. Is there memory left?");
        }

        Execute($"SET memory_limit = '512MB'; SET threads = {Math.Clamp(Environment.ProcessorCount, 1, 4)}; SET temp_directory = {Quote(temporary)}; "
            + "SET autoinstall_known_extensions = false; SET autoload_known_extensions = false;");
    }

    /// <summary>A text as SQL writes it.</summary>
    public static string Quote(string text) => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";

    /// <summary>Runs statements to their end.</summary>
    /// <exception cref="DuckDbException">What DuckDB says about them.</exception>
    /// <exception cref="OperationCanceledException">They were interrupted.</exception>
    public void Execute(string sql, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        using var interrupt = cancellationToken.Register(() => DuckDbNative.Interrupt(connection));
        var state = DuckDbNative.Query(connection, sql, out var result);
        try
        {
            if (state != 0)
            {
                cancellationToken.ThrowIfCancellationRequested();
                throw new DuckDbException(Marshal.PtrToStringUTF8(DuckDbNative.ResultError(ref result)) ?? "DuckDB refused the statement");
            }
        }
        finally
        {
            DuckDbNative.DestroyResult(ref result);
        }
    }

    public void Dispose()
    {
        if (connection != 0)
        {
            DuckDbNative.Disconnect(ref connection);
        }

        if (database != 0)
        {
            DuckDbNative.Close(ref database);
        }
    }
}
