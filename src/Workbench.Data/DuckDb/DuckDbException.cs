namespace Workbench.Data.DuckDb;

/// <summary>DuckDB is not there, or refused a statement; the message says which and what to do.</summary>
public sealed class DuckDbException(string message, Exception? inner = null) : Exception(message, inner);
