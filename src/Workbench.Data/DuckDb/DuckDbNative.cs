using System.Runtime.InteropServices;

namespace Workbench.Data.DuckDb;

/// <summary>The few functions of DuckDB's C API (duckdb.h, 1.x) that are used; every state is 0 for success.</summary>
internal static partial class DuckDbNative
{
    [LibraryImport(DuckDbLibrary.Name, EntryPoint = "duckdb_open", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Open(string? path, out nint database);

    [LibraryImport(DuckDbLibrary.Name, EntryPoint = "duckdb_close")]
    public static partial void Close(ref nint database);

    [LibraryImport(DuckDbLibrary.Name, EntryPoint = "duckdb_connect")]
    public static partial int Connect(nint database, out nint connection);

    [LibraryImport(DuckDbLibrary.Name, EntryPoint = "duckdb_disconnect")]
    public static partial void Disconnect(ref nint connection);

    [LibraryImport(DuckDbLibrary.Name, EntryPoint = "duckdb_interrupt")]
    public static partial void Interrupt(nint connection);

    [LibraryImport(DuckDbLibrary.Name, EntryPoint = "duckdb_query", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Query(nint connection, string sql, out Result result);

    /// <summary>The message belongs to the result.</summary>
    [LibraryImport(DuckDbLibrary.Name, EntryPoint = "duckdb_result_error")]
    public static partial nint ResultError(ref Result result);

    [LibraryImport(DuckDbLibrary.Name, EntryPoint = "duckdb_destroy_result")]
    public static partial void DestroyResult(ref Result result);

    /// <summary>duckdb_result: three counts, columns, error and the internal data, of which only its size matters here.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct Result
    {
        public ulong ColumnCount;
        public ulong RowCount;
        public ulong RowsChanged;
        public nint Columns;
        public nint ErrorMessage;
        public nint InternalData;
    }
}
