using System.Globalization;
using System.Text.Json.Nodes;
using Workbench.Learning.Training;
using Workbench.Web.Services;

namespace Workbench.Web.Components.Pages.Runs;

/// <summary>What the user filled in about an adapter, under TRL's names.</summary>
public sealed class LoraForm
{
    private static readonly char[] Separators = [',', ' '];

    public static IReadOnlyList<RunField> Fields { get; } =
    [
        new("lora_r", "16", "Rank: how much the adapter can hold.", Whole: true),
        new("lora_alpha", "32", "Scale of the update: alpha / r.", Whole: true),
        new("lora_dropout", "0.05", "Of the adapter's inputs."),
        new("lora_target_modules", "all-linear", "Names, all-linear, or a regular expression."),
        new("lora_modules_to_save", "", "Trained whole: embed_tokens, lm_head. For new tokens."),
    ];

    private readonly Dictionary<string, string> values = Fields.ToDictionary(field => field.Key, field => field.Default);

    public bool UseRslora { get; set; }

    public string this[string key]
    {
        get => values[key];
        set => values[key] = value;
    }

    /// <summary>What is wrong with a field, by the trainer's own rules; null when nothing is.</summary>
    public string? ErrorOf(string key)
    {
        var field = Fields.Single(one => one.Key == key);
        var text = values[key].Trim();
        if (key.EndsWith("_modules", StringComparison.Ordinal) || key.EndsWith("_save", StringComparison.Ordinal))
        {
            return ByTheRules(key);
        }

        return !double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) || !double.IsFinite(number) ? $"“{text}” is not a number."
            : field.Whole && !int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _) ? $"“{text}” is not a whole number."
            : ByTheRules(key);
    }

    private string? ByTheRules(string key)
    {
        var config = new RunConfig { ModelNameOrPath = "model", Dataset = "dataset", UsePeft = true };
        config = key switch
        {
            "lora_r" => config with { LoraR = int.Parse(values[key], CultureInfo.InvariantCulture) },
            "lora_alpha" => config with { LoraAlpha = int.Parse(values[key], CultureInfo.InvariantCulture) },
            "lora_dropout" => config with { LoraDropout = double.Parse(values[key], CultureInfo.InvariantCulture) },
            "lora_target_modules" => config with { LoraTargetModules = Names(key) },
            _ => config with { LoraModulesToSave = Names(key) },
        };
        return config.Validate().FirstOrDefault(problem => problem.Key == key)?.Message;
    }

    /// <summary>Puts the fields into a configuration.</summary>
    /// <exception cref="UserInputException">A field cannot be used.</exception>
    public void WriteTo(JsonObject config, bool dropout)
    {
        foreach (var field in Fields.Where(field => dropout || field.Key != "lora_dropout"))
        {
            if (ErrorOf(field.Key) is { } error)
            {
                throw new UserInputException(error.StartsWith(field.Key, StringComparison.Ordinal) ? error : $"{field.Key}: {error}", "Correct the field.", field.Key);
            }

            config[field.Key] = field.Key switch
            {
                "lora_r" or "lora_alpha" => int.Parse(values[field.Key], CultureInfo.InvariantCulture),
                "lora_dropout" => double.Parse(values[field.Key], CultureInfo.InvariantCulture),
                _ => Names(field.Key) is { } names ? new JsonArray([.. names.Select(name => (JsonNode)name)]) : null,
            };
        }

        config["use_rslora"] = UseRslora;
    }

    /// <summary>Names apart; a regular expression, which no name looks like, stays whole.</summary>
    private string[]? Names(string key)
    {
        var text = values[key].Trim();
        return text.Length == 0 ? null
            : text.Any(letter => !char.IsAsciiLetterOrDigit(letter) && !"_.-, ".Contains(letter)) ? [text]
            : text.Split(Separators, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
    }
}
