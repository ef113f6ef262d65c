using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Workbench.Learning.Training;

namespace Workbench.Web.Components.Pages.Runs;

/// <summary>
/// Fills the form from a configuration: a run to clone, the starter's, a pasted file. What the form has no field for and what is not the
/// default goes to the further options, so that nothing is lost.
/// </summary>
internal static class RunFormLoader
{
    private static readonly JsonSerializerOptions Json = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>What the form decides by itself, or what belongs to one run only.</summary>
    private static readonly HashSet<string> Dropped = ["output_dir", "padding_free", "run_name"];

    /// <summary>Puts every option into its field.</summary>
    /// <param name="form">Receives them; options that the configuration does not name keep what the form suggests.</param>
    /// <param name="config">TRL's names. Paths of models and datasets are already ids where the workbench knows them.</param>
    public static void Load(this RunForm form, JsonObject config)
    {
        var defaults = JsonNode.Parse(new RunConfig().ToJson())!.AsObject();
        var rest = new JsonObject();
        if (config["method"] is { } method)
        {
            form.ChooseMethod(method.GetValue<string>());
        }

        foreach (var (key, value) in config)
        {
            if (key == "method" || Dropped.Contains(key) || form.TryTake(key, value))
            {
                continue;
            }

            if (!JsonNode.DeepEquals(value, defaults[key]))
            {
                rest[key] = value?.DeepClone();
            }
        }

        if (config["reward_funcs"] is { } funcs && TrainingMethod.Named(form.Method).Samples)
        {
            form.Rewards.Load(funcs, config["reward_kwargs"] as JsonObject);
        }

        form.Advanced = rest.ToJsonString(Json);
    }

    private static bool TryTake(this RunForm form, string key, JsonNode? value)
    {
        if (RunForm.Fields.Any(field => field.Key == key))
        {
            form[key] = Text(value);
            return true;
        }

        if (LoraForm.Fields.Any(field => field.Key == key))
        {
            form.Lora[key] = value is JsonArray names ? string.Join(", ", names.Select(Text)) : value is null ? "" : Text(value);
            return true;
        }

        switch (key)
        {
            case "model_name_or_path": form.Model = Text(value); return true;
            case "dataset": form.Dataset = Text(value); return true;
            case "eval_dataset": form.EvalDataset = value is null ? "" : Text(value); return true;
            case "eval_samples": form.EvalSamples = value!.GetValue<int>(); return true;
            case "eval_strategy" when Text(value) == "epoch": return true; // what the form writes with an evaluation dataset
            case "optim": form.Optimizer = Text(value); return true;
            case "lr_scheduler_type": form.Scheduler = Text(value); return true;
            case "loss_type" when value is not null: form.LossType = Text(value); return true;
            case "reward_funcs" or "reward_kwargs" when TrainingMethod.Named(form.Method).Samples: return true; // the rewards' own fields
            case "scale_rewards" when TrainingMethod.Named(form.Method).Samples: form.ScaleRewards = value!.GetValue<bool>(); return true;
            case "assistant_only_loss": form.AssistantOnlyLoss = value!.GetValue<bool>(); return true;
            case "packing": form.Packing = value!.GetValue<bool>(); return true;
            case "use_peft": form.UsePeft = value!.GetValue<bool>(); return true;
            case "use_rslora": form.Lora.UseRslora = value!.GetValue<bool>(); return true;
            default: return false;
        }
    }

    private static string Text(JsonNode? value) => value switch
    {
        null => "",
        JsonValue single when single.GetValueKind() == JsonValueKind.Number => single.Deserialize<double>().ToString("R", CultureInfo.InvariantCulture),
        JsonValue single when single.GetValueKind() == JsonValueKind.String => single.GetValue<string>(),
        _ => value.ToJsonString(),
    };
}
