using System.Text.Json;

namespace Workbench.Benchmarks;

/// <summary>How results are written under benchmarks/results/.</summary>
internal static class Results
{
    public static JsonSerializerOptions Json { get; } = new() { WriteIndented = true, PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };
}
