using System.Globalization;

namespace Workbench.Language.Tokenizers.Patterns;

/// <summary>Unicode scripts (<c>\p{Han}</c>), read from <c>scripts.txt</c>.</summary>
internal static class Scripts
{
    private static readonly Lazy<Dictionary<string, (int First, int Last)[]>> Table = new(Read);

    /// <summary>The characters of a script; <paramref name="name"/> in lower case without separators. Null where unknown.</summary>
    public static CharSet? Find(string name) => Table.Value.TryGetValue(name, out var ranges) ? CharSet.Of(ranges) : null;

    /// <summary>Every script with its ranges.</summary>
    public static IReadOnlyDictionary<string, (int First, int Last)[]> All => Table.Value;

    private static Dictionary<string, (int First, int Last)[]> Read()
    {
        var table = new Dictionary<string, (int First, int Last)[]>();
        using var stream = typeof(Scripts).Assembly.GetManifestResourceStream("Unicode.scripts.txt")!;
        using var reader = new StreamReader(stream);
        while (reader.ReadLine() is { } line)
        {
            if (line.StartsWith('#'))
            {
                continue;
            }

            var fields = line.Split(' ');
            table[fields[0].Replace("_", "", StringComparison.Ordinal).ToLowerInvariant()] = Array.ConvertAll(fields[1..], Range);
        }

        return table;
    }

    private static (int First, int Last) Range(string field)
    {
        var dash = field.IndexOf('-', StringComparison.Ordinal);
        var first = dash < 0 ? field : field[..dash];
        var last = dash < 0 ? field : field[(dash + 1)..];
        return (int.Parse(first, NumberStyles.HexNumber, CultureInfo.InvariantCulture),
            int.Parse(last, NumberStyles.HexNumber, CultureInfo.InvariantCulture));
    }
}
