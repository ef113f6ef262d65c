using System.Globalization;
using System.Text.RegularExpressions;
using Workbench.Learning.Models;
using Workbench.Learning.Models.Lora;

namespace Workbench.Learning.Training;

/// <summary>What the options of adapters must satisfy, and what they mean as PEFT's configuration.</summary>
internal static partial class LoraRules
{
    /// <summary>The linear modules of a layer, the same in every family of decoders here.</summary>
    private static readonly string[] Modules =
    [
        "self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj", "self_attn.o_proj", "mlp.gate_proj", "mlp.up_proj", "mlp.down_proj",
    ];

    /// <summary>The weights of a model of one layer, as far as any family here has them.</summary>
    private static readonly string[] Weights =
    [
        "model.embed_tokens.weight", .. Modules.Select(module => $"model.layers.0.{module}.weight"), "model.layers.0.input_layernorm.weight",
        "model.layers.0.post_attention_layernorm.weight", "model.layers.0.self_attn.q_norm.weight", "model.layers.0.self_attn.k_norm.weight",
        "model.norm.weight", "lm_head.weight",
    ];

    public static IEnumerable<RunConfigProblem> Check(RunConfig c)
    {
        if (!c.UsePeft)
        {
            if (c.AdapterNameOrPath is not null)
            {
                yield return new("adapter_name_or_path", "adapter_name_or_path is trained only with use_peft: set use_peft to true, or leave it out.");
            }

            yield break;
        }

        if (c.LoraR is not (>= 1 and <= 4096))
        {
            yield return new("lora_r", $"lora_r must be from 1 to 4096 (16 is usual), not {c.LoraR}.");
        }

        if (c.LoraAlpha <= 0)
        {
            yield return new("lora_alpha", $"lora_alpha must be above 0 (once or twice lora_r is usual), not {c.LoraAlpha}.");
        }

        if (c.LoraDropout is not (>= 0 and < 1))
        {
            yield return new("lora_dropout", $"lora_dropout must be at least 0 and below 1 (0.05 is usual), not {c.LoraDropout}.");
        }

        if (c.AdapterNameOrPath is { Length: 0 })
        {
            yield return new("adapter_name_or_path", "adapter_name_or_path is empty: give an adapter's folder, or leave it out.");
        }

        if (Problem(() => Resolve(Targets(c))) is { } targets)
        {
            yield return new("lora_target_modules", Renamed(targets));
        }

        if (Problem(() => new LoraConfig { ModulesToSave = [.. (c.LoraModulesToSave ?? []).Select(name => LayerNumber().Replace(name, "layers.0"))] }.ResolveSaved(Weights)) is { } saved)
        {
            yield return new("lora_modules_to_save", Renamed(saved));
        }
    }

    /// <summary>Names are tried on a layer here; whether a regular expression finds anything only the model can say.</summary>
    private static void Resolve(ModuleChoice targets)
    {
        if (targets.Names.Count > 0)
        {
            new LoraConfig { TargetModules = ModuleChoice.Of([.. targets.Names.Select(WithoutLayer)]) }.Resolve(Modules);
        }
    }

    /// <summary><c>model.layers.3.self_attn.q_proj</c> as <c>self_attn.q_proj</c>.</summary>
    private static string WithoutLayer(string name) => Modules.FirstOrDefault(module => name.EndsWith("." + module, StringComparison.Ordinal)) ?? name;

    [GeneratedRegex(@"layers\.[0-9]+", RegexOptions.CultureInvariant)]
    private static partial Regex LayerNumber();

    private static string Renamed(string message) => message
        .Replace("target_modules", "lora_target_modules", StringComparison.Ordinal)
        .Replace("modules_to_save", "lora_modules_to_save", StringComparison.Ordinal);

    /// <summary>
    /// TRL gives one name as text, which PEFT takes for a regular expression: a text of letters only is meant as a name all the same.
    /// </summary>
    private static ModuleChoice Targets(RunConfig c) => c.LoraTargetModules switch
    {
        null => ModuleChoice.Default,
        [var one] when one == "all-linear" || one.Any(letter => !char.IsAsciiLetterOrDigit(letter) && letter is not ('_' or '.')) => ModuleChoice.Parse(one),
        var names => ModuleChoice.Of(names),
    };

    public static LoraConfig Config(RunConfig c) => new()
    {
        R = c.LoraR,
        LoraAlpha = c.LoraAlpha,
        LoraDropout = c.LoraDropout,
        UseRslora = c.UseRslora,
        TargetModules = Targets(c),
        ModulesToSave = c.LoraModulesToSave ?? [],
        BaseModelNameOrPath = c.ModelNameOrPath,
    };

    /// <summary>
    /// A learning rate that is usual for whole models: adapters learn best at about ten times as much ("LoRA Without Regret", Schulman et
    /// al., 2025; TRL's documentation says the same). Null where there is nothing to say.
    /// </summary>
    public static string? Notice(RunConfig c)
    {
        var usual = c.PredictsNextToken ? 2e-4 : 1e-5;
        return c.UsePeft && c.LearningRate <= usual / 5
            ? string.Create(CultureInfo.InvariantCulture,
                $"learning_rate is {c.LearningRate}, as for training a whole model; an adapter usually wants about ten times as much ({usual}).")
            : null;
    }

    private static string? Problem(Action attempt)
    {
        try
        {
            attempt();
            return null;
        }
        catch (ModelException error)
        {
            return error.Message;
        }
    }
}
