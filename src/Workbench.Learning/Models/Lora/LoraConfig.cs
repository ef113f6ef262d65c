using System.Globalization;
using System.Text.RegularExpressions;
using Workbench.Learning.Models.Decoder;

namespace Workbench.Learning.Models.Lora;

/// <summary>PEFT's LoraConfig, as far as it is supported (see <see cref="LoraConfigFile"/> for what is refused).</summary>
public sealed partial record LoraConfig
{
    private const string Head = "lm_head.weight";

    /// <summary>Rank of the update.</summary>
    public int R { get; init; } = 8;

    public double LoraAlpha { get; init; } = 8;

    /// <summary>Probability with which an element of the adapter's input is dropped while training.</summary>
    public double LoraDropout { get; init; }

    /// <summary>Scales by <c>alpha / sqrt(r)</c> in place of <c>alpha / r</c> (rank-stabilised LoRA; Kalajdzievski, 2023).</summary>
    public bool UseRslora { get; init; }

    public ModuleChoice TargetModules { get; init; } = ModuleChoice.Default;

    /// <summary>Exceptions from <see cref="TargetModules"/>; null for none.</summary>
    public ModuleChoice? ExcludeModules { get; init; }

    /// <summary>Modules that are trained as a whole and saved beside the adapter: every one whose name ends so, as in PEFT.</summary>
    public IReadOnlyList<string> ModulesToSave { get; init; } = [];

    /// <summary>Layers, counted from 0, that get an adapter; null for all.</summary>
    public IReadOnlyList<int>? LayersToTransform { get; init; }

    /// <summary>Ranks of some modules, by a regular expression over the end of the name; the first that matches holds.</summary>
    public IReadOnlyDictionary<string, int> RankPattern { get; init; } = new Dictionary<string, int>();

    /// <summary>Alphas of some modules, as <see cref="RankPattern"/>.</summary>
    public IReadOnlyDictionary<string, double> AlphaPattern { get; init; } = new Dictionary<string, double>();

    /// <summary>Where the base model lies, or its name on the hub; null where the adapter does not say.</summary>
    public string? BaseModelNameOrPath { get; init; }

    /// <summary>Rank of one module, e.g. <c>model.layers.0.self_attn.q_proj</c>.</summary>
    public int RankOf(string module) => ByPattern(RankPattern, module, R);

    /// <summary>What the product of A and B is multiplied by in one module.</summary>
    public double ScaleOf(string module)
    {
        var (rank, alpha) = (RankOf(module), ByPattern(AlphaPattern, module, LoraAlpha));
        return alpha / (UseRslora ? Math.Sqrt(rank) : rank);
    }

    /// <summary>The modules among <paramref name="linear"/> that get an adapter, in their order.</summary>
    /// <exception cref="ModelException">None does, or the choice names something that is none of them.</exception>
    public IReadOnlyList<string> Resolve(IReadOnlyList<string> linear)
    {
        var known = linear.Select(LastPart).Distinct(StringComparer.Ordinal).ToList();
        if (TargetModules.Names.FirstOrDefault(name => !linear.Any(ModuleChoice.Of(name).Matches)) is { } unknown)
        {
            throw new ModelException(
                $"target_modules names \"{unknown}\", which is no linear module of a layer: choose among {string.Join(", ", known)}, or all-linear."
                + (unknown is "lm_head" or "embed_tokens" ? $" \"{unknown}\" can be trained as a whole: name it in modules_to_save." : ""));
        }

        List<string> chosen =
        [
            .. linear.Where(module => TargetModules.Matches(module) && ExcludeModules?.Matches(module) != true
                && (LayersToTransform is null || LayersToTransform.Contains(LayerOf(module)))),
        ];
        return chosen.Count > 0
            ? chosen
            : throw new ModelException(
                $"target_modules \"{TargetModules}\" leaves no module to adapt: choose among {string.Join(", ", known)}, or all-linear.");
    }

    /// <summary>The weights of a model that <see cref="ModulesToSave"/> means, in the order of the model, that of the head last.</summary>
    /// <exception cref="ModelException">A name means none, or what is adapted by <see cref="TargetModules"/>.</exception>
    internal IReadOnlyList<string> ResolveSaved(DecoderModel model)
    {
        var weights = model.Weights.Select(weight => weight.Name).Where(name => name != Head).Append(Head).ToList();
        var saved = ResolveSaved(weights);
        return ModulesToSave.Count > 0 && Resolve([.. model.Linear.Keys]).FirstOrDefault(module => saved.Contains(module + ".weight")) is { } both
            ? throw new ModelException($"\"{both}\" is meant by target_modules and by modules_to_save: train it by one of the two.")
            : saved;
    }

    /// <summary>The weights among these that <see cref="ModulesToSave"/> means.</summary>
    /// <exception cref="ModelException">A name means none.</exception>
    internal IReadOnlyList<string> ResolveSaved(IReadOnlyList<string> weights)
    {
        // PEFT looks at the end of the name of every module, of those that hold others too, and asks for no dot before it.
        static IEnumerable<string> Modules(string weight)
        {
            for (var end = weight.LastIndexOf('.'); end > 0; end = weight.LastIndexOf('.', end - 1))
            {
                yield return weight[..end];
            }
        }

        bool Means(string name, string weight) => Modules(weight).Any(module => module.EndsWith(name, StringComparison.Ordinal));
        return ModulesToSave.FirstOrDefault(name => name.Length == 0 || !weights.Any(weight => Means(name, weight))) is { } unknown
            ? throw new ModelException(
                $"modules_to_save names \"{unknown}\", which is no module of the model: choose among "
                + $"{string.Join(", ", weights.Select(weight => LastPart(Modules(weight).First())).Distinct(StringComparer.Ordinal))}, or leave it out.")
            : [.. weights.Where(weight => ModulesToSave.Any(name => Means(name, weight)))];
    }

    private static T ByPattern<T>(IReadOnlyDictionary<string, T> values, string module, T otherwise)
    {
        foreach (var (pattern, value) in values)
        {
            if (ModuleChoice.Parse($@"(.*\.)?({pattern})").Matches(module))
            {
                return value;
            }
        }

        return otherwise;
    }

    private static string LastPart(string module) => module[(module.LastIndexOf('.') + 1)..];

    private static int LayerOf(string module) =>
        Layer().Match(module) is { Success: true } match ? int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture) : -1;

    [GeneratedRegex(@"\.layers\.([0-9]{1,6})\.", RegexOptions.CultureInvariant)]
    private static partial Regex Layer();
}
