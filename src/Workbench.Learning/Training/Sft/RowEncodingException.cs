namespace Workbench.Learning.Training.Sft;

/// <summary>A row that the template or the tokenizer cannot turn into ids; the message says why.</summary>
internal sealed class RowEncodingException(string message, Exception innerException) : Exception(message, innerException);
