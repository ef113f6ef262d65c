namespace Workbench.Data.Formats.Files;

/// <summary>How rows lie in a file, once it is unpacked.</summary>
public enum DataFileKind
{
    /// <summary>One JSON value a line.</summary>
    JsonLines,

    /// <summary>One JSON list of rows, as most <c>.json</c> files of datasets are.</summary>
    JsonList,

    /// <summary>An object whose first key (<c>data</c>, <c>rows</c> …) holds the list of rows.</summary>
    JsonWrappedList,

    /// <summary>JSON values one after another, each over several lines.</summary>
    JsonValues,

    /// <summary>A header, then a record a row; commas, semicolons or tabs between.</summary>
    Csv,

    /// <summary>Apache Parquet.</summary>
    Parquet,
}
