namespace Workbench.Benchmarks.Render;

/// <summary>One run's figures; the peer's are null where it was not there.</summary>
internal sealed record RenderResult(
    int Rows,
    Speed Plain,
    Speed Mapped,
    Speed Converting,
    double SourceMapSlowdown,
    double? Jinja2RendersPerSecond,
    double? TimesJinja2);

/// <summary>Renders a second, and bytes that one allocates.</summary>
internal sealed record Speed(double RendersPerSecond, long BytesPerRender);
