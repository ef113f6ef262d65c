using System.Text.Json;

namespace Workbench.Benchmarks.Render;

/// <summary>One run's figures; the peer's are null where it was not there.</summary>
internal sealed record RenderResult(
    int Rows,
    double RendersPerSecond,
    double MappedRendersPerSecond,
    double SourceMapSlowdown,
    long BytesPerRender,
    long MappedBytesPerRender,
    double? Jinja2RendersPerSecond,
    double? TimesJinja2)
{
    public static JsonSerializerOptions Json { get; } = new() { WriteIndented = true, PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };
}
