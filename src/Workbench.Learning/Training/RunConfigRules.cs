using System.Text.RegularExpressions;
using Workbench.Learning.Training.Grpo;
using Workbench.Learning.Training.Objectives;
using Workbench.Learning.Training.Optimizers;
using Workbench.Learning.Training.Preference;
using Workbench.Learning.Training.Schedules;

namespace Workbench.Learning.Training;

/// <summary>What the values of a <see cref="RunConfig"/> must satisfy before a run may start.</summary>
internal static partial class RunConfigRules
{
    /// <summary>Options of methods that come later, with the method's name; known, so that nobody is told of a misspelling.</summary>
    public static IReadOnlyDictionary<string, string> NotYet { get; } = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["packing_strategy"] = "packing",
        ["eval_packing"] = "packing",
        ["pad_to_multiple_of"] = "packing",
        ["use_dora"] = "DoRA adapters",
        ["load_in_4bit"] = "quantised training",
        ["load_in_8bit"] = "quantised training",
        ["tf32"] = "reduced precision",
        ["activation_offloading"] = "activation offloading",
        ["group_by_length"] = "batches by length",
        ["deepspeed"] = "training on several devices",
        ["fsdp"] = "training on several devices",
    };

    /// <summary>Options of transformers that have nothing to act on here.</summary>
    public static IReadOnlyDictionary<string, string> Meaningless { get; } = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["report_to"] = "metrics are always written to the run folder",
        ["disable_tqdm"] = "there is no progress bar to hide",
        ["dataloader_num_workers"] = "rows are tokenized once, before the first step",
        ["dataset_text_field"] = "the column of plain-text rows is text",
        ["dataset_num_proc"] = "rows are tokenized once, before the first step",
        ["remove_unused_columns"] = "other columns are not read",
        ["trust_remote_code"] = "no code of a model is ever run",
        ["push_to_hub"] = "the result stays on this machine",
        ["attn_implementation"] = "there is one implementation",
        ["use_cpu"] = "choose the device with \"device\": \"cpu\"",
        ["resume_from_checkpoint"] = "a run resumes from the latest checkpoint of its run folder by itself",
        ["max_prompt_length"] = "prompt and answer together are cut to max_length",
        ["tokenizer_name_or_path"] = "the tokenizer is the model's own",
    };

    /// <summary>Names of older versions and of other trainers, with the name here.</summary>
    public static IReadOnlyDictionary<string, string> Renamed { get; } = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["evaluation_strategy"] = "eval_strategy",
        ["max_seq_length"] = "max_length",
        ["dataset_name"] = "dataset",
        ["model"] = "model_name_or_path",
        ["batch_size"] = "per_device_train_batch_size",
        ["lr"] = "learning_rate",
        ["lr_scheduler"] = "lr_scheduler_type",
        ["r"] = "lora_r",
        ["lora_rank"] = "lora_r",
        ["target_modules"] = "lora_target_modules",
        ["modules_to_save"] = "lora_modules_to_save",
        ["use_lora"] = "use_peft",
    };

    public static List<RunConfigProblem> Check(RunConfig c)
    {
        var problems = new List<RunConfigProblem>();
        void Must(bool holds, string key, string message)
        {
            if (!holds)
            {
                problems.Add(new RunConfigProblem(key, $"{key} {message}"));
            }
        }

        void NotBuilt(bool used, string key, string off) =>
            Must(!used, key, $"is not available yet: leave it out or set it to {off}.");

        void OneOf(string value, string key, params string[] choices)
        {
            if (!choices.Contains(value, StringComparer.Ordinal))
            {
                var nearest = Spelling.Nearest(value, choices);
                Must(false, key, $"must be one of {string.Join(", ", choices)}, not \"{value}\""
                    + (nearest is null ? "." : $"; did you mean {nearest}?"));
            }
        }

        if (c.Method is "reward" or "ppo")
        {
            NotBuilt(true, "method", $"one of {string.Join(", ", ObjectiveFactory.Methods)}");
        }
        else
        {
            OneOf(c.Method, "method", [.. ObjectiveFactory.Methods]);
        }

        problems.AddRange(PreferenceRules.Check(c));
        problems.AddRange(LoraRules.Check(c));
        problems.AddRange(GrpoRules.Check(c));

        Must(!string.IsNullOrWhiteSpace(c.ModelNameOrPath), "model_name_or_path", "is missing: give the model's folder.");
        Must(!string.IsNullOrWhiteSpace(c.Dataset), "dataset", "is missing: give a file of JSON lines.");
        Must(c.EvalDataset is null || c.EvalDataset.Length > 0, "eval_dataset", "is empty: give a file or leave it out.");
        Must(!string.IsNullOrWhiteSpace(c.OutputDir), "output_dir", "is empty: give the run's folder.");
        Must(c.ChatTemplate is null || c.ChatTemplatePath is null, "chat_template", "and chat_template_path exclude each other.");
        Must(!c.LastTurnOnlyLoss || c.Method == "sft", "last_turn_only_loss", $"means nothing with method {c.Method}: leave it out.");
        Must(!c.AssistantOnlyLoss || c.Method != "pretrain", "assistant_only_loss", "means nothing with method pretrain, which trains every token: leave it out, or choose sft.");
        Must(c.CompletionOnlyLoss is not true || c.Method != "pretrain", "completion_only_loss", "means nothing with method pretrain, which trains every token: leave it out, or choose sft.");
        Must(c.MaxLength >= 2, "max_length", $"must be at least 2, not {c.MaxLength}.");

        Must(c.NumTrainEpochs > 0 || c.MaxSteps > 0, "num_train_epochs", $"must be above 0, not {c.NumTrainEpochs}.");
        Must(c.NumTrainEpochs <= 1e6, "num_train_epochs", "must be at most 1000000.");
        Must(c.MaxSteps is -1 or > 0, "max_steps", $"must be above 0, or -1 to train by epochs, not {c.MaxSteps}.");
        foreach (var (key, value) in new[]
        {
            ("per_device_train_batch_size", c.PerDeviceTrainBatchSize),
            ("per_device_eval_batch_size", c.PerDeviceEvalBatchSize),
            ("gradient_accumulation_steps", c.GradientAccumulationSteps),
        })
        {
            Must(value is >= 1 and <= 65_536, key, $"must be from 1 to 65536, not {value}.");
        }

        Must(c.LearningRate is > 0 and < 1, "learning_rate", $"must be above 0 and below 1, not {c.LearningRate}; 2e-5 is usual.");
        OneOf(c.LrSchedulerType, "lr_scheduler_type", [.. LearningRateSchedule.Types]);
        if (StableDecay.Problem(c) is { } kwargsProblem)
        {
            problems.Add(new("lr_scheduler_kwargs", kwargsProblem));
        }

        Must(c.WarmupRatio is >= 0 and <= 1, "warmup_ratio", $"must be from 0 to 1, not {c.WarmupRatio}.");
        Must(c.WarmupSteps >= 0, "warmup_steps", $"must be at least 0, not {c.WarmupSteps}.");
        OneOf(c.Optim, "optim", [.. OptimizerFactory.Names]);
        Must(c.WeightDecay is >= 0 and < 1, "weight_decay", $"must be at least 0 and below 1, not {c.WeightDecay}.");
        Must(c.AdamBeta1 is >= 0 and < 1, "adam_beta1", $"must be at least 0 and below 1, not {c.AdamBeta1}.");
        Must(c.AdamBeta2 is >= 0 and < 1, "adam_beta2", $"must be at least 0 and below 1, not {c.AdamBeta2}.");
        Must(c.AdamEpsilon is > 0 and < 1, "adam_epsilon", $"must be above 0 and below 1, not {c.AdamEpsilon}.");
        Must(c.MaxGradNorm >= 0, "max_grad_norm", $"must be at least 0 (0 does not clip), not {c.MaxGradNorm}.");

        Must(Device().IsMatch(c.Device), "device", $"must be auto, cpu, cuda or cuda:N, not \"{c.Device}\".");
        Must(c.LoggingSteps is > 0, "logging_steps", $"must be above 0, not {c.LoggingSteps}.");
        Must(c.EvalSteps is null or > 0, "eval_steps", $"must be above 0, not {c.EvalSteps}.");
        Must(c.SaveSteps is > 0, "save_steps", $"must be above 0, not {c.SaveSteps}.");
        foreach (var (key, value) in new[]
        {
            ("logging_steps", c.LoggingSteps), ("eval_steps", c.EvalSteps ?? 1), ("save_steps", c.SaveSteps),
        })
        {
            Must(value < 1 || (value == Math.Floor(value) && value <= int.MaxValue), key,
                $"must be a whole number of steps, or a share of all steps below 1, not {value}.");
        }

        if (c.EvalStrategy is { } evalStrategy)
        {
            OneOf(evalStrategy, "eval_strategy", "no", "steps", "epoch");
            Must(evalStrategy == "no" || c.EvalDataset is not null, "eval_strategy", $"is \"{evalStrategy}\", but eval_dataset is missing.");
        }

        Must(c.EvalSamples is >= 0 and <= 64, "eval_samples", $"must be from 0 to 64, not {c.EvalSamples}.");
        Must(c.EvalSamples == 0 || c.Evaluates, "eval_samples", "needs evaluations: give an eval_dataset.");
        OneOf(c.SaveStrategy, "save_strategy", "no", "steps", "epoch");
        Must(c.SaveTotalLimit is null or > 0, "save_total_limit", $"must be at least 1, not {c.SaveTotalLimit}.");

        Must(!c.Packing || c.PredictsNextToken, "packing", $"is for the methods sft and pretrain, not \"{c.Method}\".");
        Must(!c.PaddingFree || c.PredictsNextToken, "padding_free", $"is for the methods sft and pretrain, not \"{c.Method}\".");
        NotBuilt(c.Fp16, "fp16", "false; bf16 is there");
        Must(c.LabelSmoothingFactor is >= 0 and < 1, "label_smoothing_factor", $"must be at least 0 and below 1, not {c.LabelSmoothingFactor}.");
        Must(c.NeftuneNoiseAlpha is null or >= 0, "neftune_noise_alpha", $"must be at least 0 (5 is usual), not {c.NeftuneNoiseAlpha}.");
        Must(!c.LoadBestModelAtEnd || c.Evaluates, "load_best_model_at_end", "needs evaluations: give an eval_dataset.");
        Must(c.EarlyStoppingPatience is null || c.Evaluates, "early_stopping_patience", "needs evaluations: give an eval_dataset.");
        Must(c.EarlyStoppingPatience is null or > 0, "early_stopping_patience", $"must be at least 1, not {c.EarlyStoppingPatience}.");
        Must(c.EarlyStoppingThreshold >= 0, "early_stopping_threshold", $"must be at least 0, not {c.EarlyStoppingThreshold}.");
        return problems;
    }

    [GeneratedRegex("^(auto|cpu|cuda|cuda:[0-9]{1,3})$", RegexOptions.CultureInvariant)]
    private static partial Regex Device();
}
