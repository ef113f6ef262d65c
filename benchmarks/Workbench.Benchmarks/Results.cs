using System.Text.Json;

namespace Workbench.Benchmarks;

/// <summary>The figures of a benchmark, kept as JSON under benchmarks/results/.</summary>
internal static class Results
{
    private static readonly JsonSerializerOptions Json = new() { WriteIndented = true, PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    /// <summary>Writes a benchmark's figures and says where.</summary>
    public static void Write<T>(string name, T figures)
    {
        var file = Path.Combine(Places.Results, name);
        File.WriteAllText(file, JsonSerializer.Serialize(figures, Json));
        Console.WriteLine($"written to {file}");
    }
}
