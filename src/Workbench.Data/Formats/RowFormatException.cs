namespace Workbench.Data.Formats;

/// <summary>A row is not one of the known shapes; the message says where in the row and what was expected.</summary>
public sealed class RowFormatException(string message) : Exception(message);
