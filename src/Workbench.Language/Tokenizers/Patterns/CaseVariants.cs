using Workbench.Language.Tokenizers.Text;

namespace Workbench.Language.Tokenizers.Patterns;

/// <summary>
/// Characters that are the same but for case, U+017F (long s) and U+212A (Kelvin) included, as Oniguruma folds them.
/// Foldings to several characters (ß to ss) are left out: no tokenizer's pattern reaches one.
/// </summary>
internal static class CaseVariants
{
    private static readonly Lazy<Dictionary<int, int[]>> Groups = new(Build);

    public static int[] Of(int code) => Groups.Value.GetValueOrDefault(Fold(code)) ?? [code];

    private static int Fold(int code) => code switch
    {
        0x17F => 's', // .NET's invariant casing never maps into ASCII
        >= 0xD800 and <= 0xDFFF => code,
        _ => CodePoints.ToLower(CodePoints.ToUpper(code)),
    };

    private static Dictionary<int, int[]> Build()
    {
        var groups = new Dictionary<int, List<int>>();
        for (var code = 0; code < 0x1F000; code++)
        {
            var folded = Fold(code);
            if (folded != code)
            {
                if (!groups.TryGetValue(folded, out var group))
                {
                    groups[folded] = group = [folded];
                }

                group.Add(code);
            }
        }

        return groups.ToDictionary(g => g.Key, g => g.Value.Distinct().ToArray());
    }
}
