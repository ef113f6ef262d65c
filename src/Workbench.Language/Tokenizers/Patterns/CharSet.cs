using System.Globalization;
using System.Runtime.CompilerServices;
using Workbench.Language.Tokenizers.Text;

namespace Workbench.Language.Tokenizers.Patterns;

/// <summary>A set of code points, immutable: sorted ranges, with a bitmap for the Basic Multilingual Plane.</summary>
internal sealed class CharSet
{
    private const int MaxCodePoint = 0x10FFFF;

    private readonly (int First, int Last)[] _ranges;
    private readonly ulong[] _bmp = new ulong[0x10000 / 64];
    private readonly bool _allAstral;

    private CharSet((int First, int Last)[] ranges)
    {
        _ranges = ranges;
        foreach (var (first, last) in ranges)
        {
            for (var c = first; c <= Math.Min(last, 0xFFFF); c++)
            {
                _bmp[c >> 6] |= 1UL << (c & 63);
            }
        }

        _allAstral = ranges.Length > 0 && ranges[^1].First <= 0x10000 && ranges[^1].Last == MaxCodePoint;
    }

    public static CharSet Empty { get; } = new([]);

    public static CharSet Any { get; } = new([(0, MaxCodePoint)]);

    public IReadOnlyList<(int First, int Last)> Ranges => _ranges;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Contains(int code) =>
        (uint)code < 0x10000 ? (_bmp[code >> 6] >> (code & 63) & 1) != 0 : ContainsAstral(code);

    public static CharSet Of(params ReadOnlySpan<(int First, int Last)> ranges)
    {
        var sorted = ranges.ToArray();
        Array.Sort(sorted);
        var merged = new List<(int First, int Last)>(sorted.Length);
        foreach (var (first, last) in sorted)
        {
            if (merged.Count > 0 && first <= merged[^1].Last + 1)
            {
                merged[^1] = (merged[^1].First, Math.Max(merged[^1].Last, last));
            }
            else
            {
                merged.Add((first, last));
            }
        }

        return new CharSet([.. merged]);
    }

    public static CharSet Where(Func<int, bool> condition)
    {
        var ranges = new List<(int, int)>();
        var first = -1;
        for (var c = 0; c <= MaxCodePoint + 1; c++)
        {
            var inside = c <= MaxCodePoint && c is < 0xD800 or > 0xDFFF && c <= MaxCodePoint && condition(c);
            if (inside && first < 0)
            {
                first = c;
            }
            else if (!inside && first >= 0)
            {
                ranges.Add((first, c - 1));
                first = -1;
            }
        }

        return new CharSet([.. ranges]);
    }

    public static CharSet OfCategories(Func<UnicodeCategory, bool> condition) => Where(c => condition(CodePoints.Category(c)));

    public CharSet Union(CharSet other) => Of([.. _ranges, .. other._ranges]);

    public CharSet Complement()
    {
        var ranges = new List<(int, int)>(_ranges.Length + 1);
        var next = 0;
        foreach (var (first, last) in _ranges)
        {
            if (first > next)
            {
                ranges.Add((next, first - 1));
            }

            next = last + 1;
        }

        if (next <= MaxCodePoint)
        {
            ranges.Add((next, MaxCodePoint));
        }

        return new CharSet([.. ranges]);
    }

    public CharSet Intersect(CharSet other) => Complement().Union(other.Complement()).Complement();

    /// <summary>The set and whatever differs from a member in case only.</summary>
    public CharSet WithOtherCases()
    {
        var ranges = new List<(int, int)>(_ranges);
        foreach (var (first, last) in _ranges)
        {
            if (last - first > 0x3000)
            {
                // Negations and whole categories hold every case variant already; expanding them one by one is wasted work.
                continue;
            }

            for (var c = first; c <= last; c++)
            {
                foreach (var variant in CaseVariants.Of(c))
                {
                    ranges.Add((variant, variant));
                }
            }
        }

        return Of([.. ranges]);
    }

    private bool ContainsAstral(int code)
    {
        if (_allAstral)
        {
            return true;
        }

        var (low, high) = (0, _ranges.Length - 1);
        while (low <= high)
        {
            var middle = (low + high) >> 1;
            if (code < _ranges[middle].First)
            {
                high = middle - 1;
            }
            else if (code > _ranges[middle].Last)
            {
                low = middle + 1;
            }
            else
            {
                return true;
            }
        }

        return false;
    }
}
