namespace Workbench.Data.Formats.Files;

/// <summary>A file as a whole cannot be read; the message says what it is and what to do about it.</summary>
public sealed class DataFileException(string message, Exception? inner = null) : Exception(message, inner);
