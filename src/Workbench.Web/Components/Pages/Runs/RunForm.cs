using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Workbench.Learning.Training;
using Workbench.Web.Components.Shared;
using Workbench.Web.Services;

namespace Workbench.Web.Components.Pages.Runs;

/// <summary>A number that the form asks for, under TRL's name.</summary>
/// <param name="Key">TRL's name.</param>
/// <param name="Default">What the field holds at first.</param>
/// <param name="Hint">What it does, in a line.</param>
/// <param name="Whole">Whether only whole numbers make sense.</param>
/// <param name="Sampling">Whether it belongs to methods that sample answers, and to no other.</param>
public sealed record RunField(string Key, string Default, string Hint, bool Whole = false, bool Sampling = false);

/// <summary>What the user filled in to start a run; becomes the JSON configuration.</summary>
public sealed class RunForm
{
    public static IReadOnlyList<string> Schedules { get; } = ["linear", "cosine", "constant", "constant_with_warmup", "warmup_stable_decay"];

    public static IReadOnlyList<string> Optimizers { get; } = ["adamw_torch", "adamw_8bit", "adafactor"];

    public static IReadOnlyList<RunField> Fields { get; } =
    [
        new("learning_rate", "2e-5", "Peak step size. Smaller models bear more."),
        new("num_train_epochs", "1", "Passes over the dataset."),
        new("max_steps", "-1", "Optimizer steps; -1 leaves it to the epochs.", Whole: true),
        new("per_device_train_batch_size", "8", "Rows in a forward pass.", Whole: true),
        new("gradient_accumulation_steps", "1", "Passes summed into one step.", Whole: true),
        new("max_length", "1024", "Longest row in tokens.", Whole: true),
        new("num_generations", "8", "Answers to each prompt, compared with each other.", Whole: true, Sampling: true),
        new("max_completion_length", "256", "Longest answer in tokens.", Whole: true, Sampling: true),
        new("temperature", "1", "How varied the answers are.", Sampling: true),
        new("num_iterations", "1", "Steps for each sampling.", Whole: true, Sampling: true),
        new("epsilon", "0.2", "How far a step may leave the policy that sampled.", Sampling: true),
        new("beta", "0.1", "How firmly the model is held to where it began."),
        new("warmup_ratio", "0.03", "Share of the steps that warm up."),
        new("weight_decay", "0", "AdamW's pull to zero."),
        new("seed", "42", "Same seed, same run.", Whole: true),
        new("logging_steps", "1", "Steps between two points.", Whole: true),
        new("save_steps", "500", "Steps between checkpoints.", Whole: true),
    ];

    private readonly Dictionary<string, string> values = Fields.ToDictionary(field => field.Key, field => field.Default);
    private readonly HashSet<string> users = [];

    public string Name { get; set; } = "";

    public string Model { get; set; } = "";

    public string Dataset { get; set; } = "";

    public string EvalDataset { get; set; } = "";

    /// <summary>Rows of the evaluation dataset that are answered at every evaluation.</summary>
    public int EvalSamples { get; set; } = 4;

    /// <summary>A <see cref="TemplateChoice"/>.</summary>
    public string Template { get; set; } = TemplateChoice.Model;

    /// <summary>Name of a <see cref="TrainingMethod"/>.</summary>
    public string Method { get; private set; } = "sft";

    /// <summary>One of the method's losses; empty where there is no choice.</summary>
    public string LossType { get; set; } = "";

    public string Optimizer { get; set; } = "adamw_torch";

    public string Scheduler { get; set; } = "linear";

    public bool AssistantOnlyLoss { get; set; } = true;

    public bool Packing { get; set; }

    /// <summary>Advantages are divided by the deviation of their group (grpo).</summary>
    public bool ScaleRewards { get; set; } = true;

    /// <summary>What judges the answers (grpo).</summary>
    public RewardDraft Rewards { get; } = new();

    /// <summary>Train an adapter in place of the model.</summary>
    public bool UsePeft { get; set; }

    /// <summary>The chosen model is itself an adapter, which is trained on.</summary>
    public bool ContinuesAdapter { get; set; }

    /// <summary>The adapter's options.</summary>
    public LoraForm Lora { get; } = new();

    /// <summary>A JSON object whose keys win over the fields.</summary>
    public string Advanced { get; set; } = "{}";

    /// <summary>Lines of <see cref="Services.Launch.SweepPlan"/>; empty for a single run.</summary>
    public string Sweep { get; set; } = "";

    public string this[string key]
    {
        get => values[key];
        set
        {
            values[key] = value;
            users.Add(key);
        }
    }

    /// <summary>The fields that the method asks for.</summary>
    public IEnumerable<RunField> Asked => TrainingMethod.Named(Method) is var method && method.Samples
        ? Fields.Where(one => one.Key != "max_length")
        : Fields.Where(one => !one.Sampling && (one.Key != "beta" || method.LearnsPreferences));

    /// <summary>What a field does, with the method in mind: batches of grpo count answers.</summary>
    public string HintOf(RunField field) => field.Key == "per_device_train_batch_size" && TrainingMethod.Named(Method).Samples
        ? "Answers in a forward pass; times gradient_accumulation_steps, a multiple of num_generations."
        : field.Hint;

    /// <summary>Chooses the method, and with it its first loss.</summary>
    public void ChooseMethod(string name)
    {
        Method = TrainingMethod.Named(name).Name;
        LossType = TrainingMethod.Named(name).Losses.FirstOrDefault("");
        Suggest("beta", TrainingMethod.Named(name).Samples ? "0" : "0.1"); // most recipes of GRPO do without a reference
    }

    /// <summary>
    /// Suggests what fits model and method, wherever the user has not decided: a learning rate for training all weights (preferences
    /// bear a twentieth of it; an adapter wants up to ten times as much), rows within its context.
    /// </summary>
    public void SuggestFor(long parameters, int contextLength)
    {
        Suggest("learning_rate", (parameters, TrainingMethod.Named(Method).LearnsPreferences, UsePeft) switch
        {
            (< 10_000_000, false, false) => "1e-3",
            (< 10_000_000, false, true) => "3e-3",
            (< 1_000_000_000, false, false) => "5e-5",
            (_, false, false) => "2e-5",
            (_, false, true) => "2e-4",
            (< 10_000_000, true, false) => "5e-5",
            (< 10_000_000, true, true) => "5e-4",
            (< 1_000_000_000, true, false) => "2e-6",
            (_, true, false) => "1e-6",
            _ => "1e-5",
        });
        Suggest("max_length", Math.Min(1024, contextLength).ToString(CultureInfo.InvariantCulture));
    }

    /// <summary>What is wrong with a field; null when nothing is.</summary>
    public string? ErrorOf(RunField field)
    {
        var text = values[field.Key].Trim();
        return !double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) || !double.IsFinite(number) ? $"“{text}” is not a number."
            : field.Whole && !int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _) ? $"“{text}” is not a whole number."
            : null;
    }

    /// <summary>What the trainer's own rules say of the numbers, by option; a field that is no number is left out.</summary>
    public IReadOnlyDictionary<string, string> Problems()
    {
        var config = new JsonObject { ["method"] = Method, ["model_name_or_path"] = "model", ["dataset"] = "dataset" };
        foreach (var field in Asked.Where(field => ErrorOf(field) is null))
        {
            config[field.Key] = JsonNode.Parse(Number(values[field.Key].Trim(), field.Whole));
        }

        if (LossType.Length > 0)
        {
            config["loss_type"] = LossType;
        }

        try
        {
            RunConfig.Parse(config.ToJsonString());
            return new Dictionary<string, string>();
        }
        catch (RunConfigException exception)
        {
            return exception.Problems.GroupBy(problem => problem.Key, StringComparer.Ordinal).ToDictionary(group => group.Key, group => group.First().Message, StringComparer.Ordinal);
        }
    }

    /// <summary>The configuration in TRL's names.</summary>
    /// <param name="template">The chosen template's text; null for the model's own.</param>
    /// <exception cref="UserInputException">A field is empty or not a number, or the advanced part is no JSON object.</exception>
    public string ToConfig(string? template)
    {
        var config = new JsonObject
        {
            ["method"] = Method,
            ["model_name_or_path"] = Chosen(Model, "model", "model_name_or_path"),
            ["dataset"] = Chosen(Dataset, "dataset", "dataset"),
            ["optim"] = Optimizer,
            ["lr_scheduler_type"] = Scheduler,
        };
        if (Method == "sft")
        {
            config["assistant_only_loss"] = AssistantOnlyLoss;
        }

        if (!TrainingMethod.Named(Method).LearnsPreferences)
        {
            config["packing"] = Packing;
            config["padding_free"] = true; // the same result as padding, sooner
        }

        if (UsePeft)
        {
            config["use_peft"] = true;
            if (!ContinuesAdapter)
            {
                Lora.WriteTo(config, dropout: !TrainingMethod.Named(Method).LearnsPreferences);
            }
        }

        if (LossType.Length > 0)
        {
            config["loss_type"] = LossType;
        }

        if (TrainingMethod.Named(Method).Samples)
        {
            config["scale_rewards"] = ScaleRewards;
            Rewards.WriteTo(config);
        }
        else if (EvalDataset.Length > 0)
        {
            config["eval_dataset"] = EvalDataset;
            config["eval_strategy"] = "epoch";
            config["eval_samples"] = EvalSamples;
        }

        if (template is not null)
        {
            config["chat_template"] = template;
        }

        foreach (var field in Asked)
        {
            if (ErrorOf(field) is { } error)
            {
                throw new UserInputException($"{field.Key}: {error}", "Correct the field.", field.Key);
            }

            config[field.Key] = JsonNode.Parse(Number(values[field.Key].Trim(), field.Whole));
        }

        foreach (var (key, value) in ParseAdvanced())
        {
            config[key] = value?.DeepClone();
        }

        return config.ToJsonString();
    }

    private void Suggest(string key, string value)
    {
        if (!users.Contains(key))
        {
            values[key] = value;
        }
    }

    private static string Chosen(string value, string kind, string key) => value.Length > 0
        ? value
        : throw new UserInputException($"No {kind} is chosen.", $"Choose a {kind}.", key);

    private static string Number(string text, bool whole) => whole
        ? int.Parse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture).ToString(CultureInfo.InvariantCulture)
        : double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture).ToString("R", CultureInfo.InvariantCulture);

    private JsonObject ParseAdvanced()
    {
        try
        {
            return JsonNode.Parse(string.IsNullOrWhiteSpace(Advanced) ? "{}" : Advanced) as JsonObject
                ?? throw new UserInputException("The further options are not a JSON object.", "Write {\"key\": value, …}.", "further options");
        }
        catch (JsonException exception)
        {
            throw new UserInputException(
                "The further options are not valid JSON.", "Correct them at the place named.", $"further options, line {exception.LineNumber + 1}", exception);
        }
    }
}
