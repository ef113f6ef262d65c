using System.Buffers.Binary;
using System.Text;

namespace Workbench.Benchmarks.Differential.Tokenizers;

/// <summary>
/// Writes sentencepiece's precompiled character map: a double-array trie in the layout of darts-clone (bits 0-7 and 31 of a unit
/// its label, bit 8 "ends a key", bits 10-30 the offset of its children), then the replacements, each ended by a zero byte.
/// </summary>
internal sealed class CharacterMap
{
    private readonly List<uint> _units = [0];
    private readonly HashSet<int> _taken = [0];
    private readonly List<byte> _replacements = [];

    private CharacterMap(IReadOnlyDictionary<string, string> map)
    {
        var entries = map.Select(entry => (Key: Encoding.UTF8.GetBytes(entry.Key), Value: Store(entry.Value)))
            .OrderBy(entry => Convert.ToHexString(entry.Key), StringComparer.Ordinal).ToList();
        Place(0, 0, entries, 0);
    }

    /// <summary>The map as <c>precompiled_charsmap</c> holds it: base64.</summary>
    public static string Encode(IReadOnlyDictionary<string, string> map)
    {
        var writer = new CharacterMap(map);
        var bytes = new byte[4 + (writer._units.Count * 4)];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, (uint)writer._units.Count * 4);
        for (var i = 0; i < writer._units.Count; i++)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(4 + (i * 4)), writer._units[i]);
        }

        return Convert.ToBase64String([.. bytes, .. writer._replacements]);
    }

    private uint Store(string replacement)
    {
        var at = (uint)_replacements.Count;
        _replacements.AddRange([.. Encoding.UTF8.GetBytes(replacement), 0]);
        return at;
    }

    private void Place(int position, uint label, List<(byte[] Key, uint Value)> entries, int depth)
    {
        var ends = entries.Where(entry => entry.Key.Length == depth).ToList();
        var children = entries.Where(entry => entry.Key.Length > depth).GroupBy(entry => entry.Key[depth]).ToList();
        List<int> labels = [.. children.Select(child => (int)child.Key)];
        if (ends.Count > 0)
        {
            labels.Add(0);
        }

        var start = 1;
        while (labels.Exists(l => _taken.Contains(start ^ l)) || (start ^ position) == 0)
        {
            start++;
        }

        labels.ForEach(l => _taken.Add(start ^ l));
        Set(position, label | (ends.Count > 0 ? 0x100u : 0) | ((uint)(start ^ position) << 10));
        if (ends.Count > 0)
        {
            Set(start, ends[0].Value | 0x80000000);
        }

        foreach (var child in children)
        {
            Place(start ^ child.Key, child.Key, [.. child], depth + 1);
        }
    }

    private void Set(int position, uint unit)
    {
        while (_units.Count <= position)
        {
            _units.Add(0);
        }

        _units[position] = unit;
    }
}
