using TorchSharp;
using Workbench.Learning.Models.Decoder;
using Workbench.Learning.Models.Hub;
using Workbench.Learning.Training.Batching;
using Workbench.Learning.Training.Checkpoints;
using Workbench.Learning.Training.Grpo;
using Workbench.Learning.Training.Preference;
using Workbench.Learning.Training.Sft;

namespace Workbench.Learning.Training.Objectives;

/// <summary>The methods by TRL's names (<c>method</c>).</summary>
internal static class ObjectiveFactory
{
    public static IReadOnlyList<string> Methods { get; } = ["sft", "pretrain", "dpo", "cpo", "orpo", "kto", "grpo"];

    /// <summary>Reads and encodes the data of the run, and loads the reference where the method has one.</summary>
    /// <exception cref="TrainingException">The data cannot be trained on.</exception>
    public static IObjective Create(
        RunConfig config, RunFolder folder, TrainedModel trained, SftLanguage language, torch.Generator random, CancellationToken stop)
    {
        var model = trained.Decoder;
        var encoder = new RowEncoder(config, language);
        switch (config.Method)
        {
            case "sft":
                return new SftObjective(config, model, DatasetRows<TrainingRow>.Load(config, model.Config, encoder.Encode, stop), random);
            case "pretrain":
                return new SftObjective(config, model, DatasetRows<TrainingRow>.Load(config, model.Config, encoder.EncodeText, stop, DocumentChunks.Split), random);
            case "kto":
                var answers = DatasetRows<JudgedRow>.Load(config, model.Config, encoder.EncodeJudged, stop);
                return new KtoObjective(config, model, answers, Reference(config, trained));
            case "grpo":
                var room = model.Config.MaxPositionEmbeddings - config.MaxCompletionLength;
                var judged = GrpoRules.RowCheck(config);
                var prompts = DatasetRows<PromptRow>.Load(
                    config with { MaxLength = Math.Max(2, room) }, // a prompt without its end would be another: none is cut
                    model.Config, (row, line) => encoder.EncodePrompt(row, line, room, judged), stop);
                return new GrpoObjective(config, model, encoder.Tokenizer, prompts, config.Beta > 0 ? Reference(config, trained) : null);
            default:
                var pairs = DatasetRows<PreferenceRow>.Load(config, model.Config, encoder.EncodePair, stop);
                var reference = config.Method == "dpo" && !config.ReferenceFree ? Reference(config, trained) : null;
                if (config.PrecomputeRefLogProbs)
                {
                    reference?.Precompute(
                        [.. pairs.Train.Concat(pairs.Eval).SelectMany(pair => pair.Parts)], config.PerDeviceEvalBatchSize, folder.ReferencePath, stop);
                }

                return new PairObjective(config, model, pairs, reference);
        }
    }

    private static ReferenceLogps Reference(RunConfig config, TrainedModel trained)
    {
        var model = trained.Decoder;
        if (config.UsePeft && config.RefModel is null)
        {
            return ReferenceLogps.WithoutAdapters(model, trained.BaseFingerprint);
        }

        var reference = PretrainedModel.Load(config.RefModel ?? config.ModelNameOrPath, model.Device);
        reference.BFloat16 = model.BFloat16;
        if (reference.Config.VocabSize == model.Config.VocabSize)
        {
            return ReferenceLogps.Of(reference);
        }

        var message = $"ref_model has a vocabulary of {reference.Config.VocabSize} tokens, the model one of {model.Config.VocabSize}: "
            + "the reference must share the model's tokenizer.";
        reference.Dispose();
        throw new TrainingException(message);
    }
}
