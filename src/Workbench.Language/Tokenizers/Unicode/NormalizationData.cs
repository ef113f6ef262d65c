using System.Globalization;

namespace Workbench.Language.Tokenizers.Unicode;

/// <summary>
/// Decompositions, compositions and combining classes from <c>normalization.txt</c>. The application runs without ICU
/// (<c>InvariantGlobalization</c>), where .NET's own <c>string.Normalize</c> leaves text as it is.
/// </summary>
internal sealed class NormalizationData
{
    // Hangul syllables are arithmetic (The Unicode Standard, section 3.12).
    public const int SBase = 0xAC00, LBase = 0x1100, VBase = 0x1161, TBase = 0x11A7;
    public const int LCount = 19, VCount = 21, TCount = 28, SCount = LCount * VCount * TCount;

    private readonly Dictionary<int, byte> _classes = [];
    private readonly Dictionary<int, int[]> _canonical = [];
    private readonly Dictionary<int, int[]> _compatible = [];
    private readonly Dictionary<(int, int), int> _compositions = [];

    private NormalizationData()
    {
        using var stream = typeof(NormalizationData).Assembly.GetManifestResourceStream("Unicode.normalization.txt")!;
        using var reader = new StreamReader(stream);
        while (reader.ReadLine() is { } line)
        {
            if (line.StartsWith('#'))
            {
                continue;
            }

            var fields = line.Split(' ');
            var codes = Array.ConvertAll(fields[1..], f => int.Parse(f, NumberStyles.HexNumber, CultureInfo.InvariantCulture));
            switch (line[0])
            {
                case 'c':
                    var combiningClass = byte.Parse(fields[3], CultureInfo.InvariantCulture);
                    for (var code = codes[0]; code <= codes[1]; code++)
                    {
                        _classes[code] = combiningClass;
                    }

                    break;
                case 'k':
                    _compatible[codes[0]] = codes[1..];
                    break;
                default:
                    _canonical[codes[0]] = codes[1..];
                    if (line[0] == 'd')
                    {
                        _compositions[(codes[1], codes[2])] = codes[0];
                    }

                    break;
            }
        }

        ExpandFully(_compatible, code => Mapping(code, compatible: true));
        ExpandFully(_canonical, code => Mapping(code, compatible: false));
        foreach (var (code, parts) in _canonical)
        {
            _compatible.TryAdd(code, [.. parts.SelectMany(p => _compatible.GetValueOrDefault(p) ?? [p])]);
        }

        for (var form = 0; form < 4; form++)
        {
            _stable[form] = BuildUnstable((NormalizationForm)form);
        }
    }

    public static NormalizationData Shared { get; } = new();

    private readonly HashSet<int>[] _stable = new HashSet<int>[4];

    public byte CombiningClass(int code) => code < 0x300 ? (byte)0 : _classes.GetValueOrDefault(code);

    /// <summary>The full decomposition of <paramref name="code"/>, or null where it is its own. Hangul not included.</summary>
    public int[]? Decomposition(int code, bool compatible) =>
        (compatible ? _compatible : _canonical).GetValueOrDefault(code);

    /// <summary>The composite of two characters, or -1.</summary>
    public int Compose(int first, int second)
    {
        if (first is >= LBase and < LBase + LCount && second is >= VBase and < VBase + VCount)
        {
            return SBase + ((((first - LBase) * VCount) + (second - VBase)) * TCount);
        }

        if (first is >= SBase and < SBase + SCount && (first - SBase) % TCount == 0 && second is > TBase and < TBase + TCount)
        {
            return first + (second - TBase);
        }

        return _compositions.GetValueOrDefault((first, second), -1);
    }

    /// <summary>Whether the text may change under the form when it holds <paramref name="code"/>; false is certain.</summary>
    public bool MayChange(int code, NormalizationForm form) => _stable[(int)form].Contains(code);

    private HashSet<int> BuildUnstable(NormalizationForm form)
    {
        var compatible = form is NormalizationForm.Nfkc or NormalizationForm.Nfkd;
        var composes = form is NormalizationForm.Nfc or NormalizationForm.Nfkc;
        var unstable = new HashSet<int>(_classes.Keys);
        foreach (var (code, parts) in compatible ? _compatible : _canonical)
        {
            // A composite that composes again from its own two parts stays as it is under the composing forms.
            if (!composes || parts.Aggregate(Compose) != code)
            {
                unstable.Add(code);
            }
        }

        if (composes)
        {
            unstable.UnionWith(_compositions.Keys.Select(pair => pair.Item2));
            unstable.UnionWith(Enumerable.Range(VBase, VCount));
            unstable.UnionWith(Enumerable.Range(TBase, TCount));
        }

        return unstable;
    }

    private int[]? Mapping(int code, bool compatible) =>
        (compatible ? _compatible.GetValueOrDefault(code) : null) ?? _canonical.GetValueOrDefault(code);

    private static void ExpandFully(Dictionary<int, int[]> table, Func<int, int[]?> mapping)
    {
        foreach (var code in table.Keys.ToArray())
        {
            table[code] = [.. Expand(code)];
        }

        IEnumerable<int> Expand(int code) => mapping(code) is { } parts ? parts.SelectMany(Expand) : [code];
    }
}

/// <summary>Unicode's normalization forms (UAX #15).</summary>
internal enum NormalizationForm
{
    Nfc,
    Nfd,
    Nfkc,
    Nfkd,
}
