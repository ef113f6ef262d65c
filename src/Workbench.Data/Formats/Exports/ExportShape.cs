namespace Workbench.Data.Formats.Exports;

/// <summary>A form that rows are written in.</summary>
/// <param name="Name">A stable word for programs, such as <c>sharegpt</c>.</param>
/// <param name="Description">Its columns, for people.</param>
/// <param name="Convert">The rows that one row becomes. Throws <see cref="RowFormatException"/> where the form cannot hold the row.</param>
public sealed record ExportShape(string Name, string Description, Func<Row, IReadOnlyList<Row>> Convert);
