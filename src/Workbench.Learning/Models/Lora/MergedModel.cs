using TorchSharp;
using TorchSharp.Modules;
using Workbench.Learning.Models.Decoder;
using Workbench.Learning.Models.Hub;
using static TorchSharp.torch;

namespace Workbench.Learning.Models.Lora;

/// <summary>A base model and an adapter as one plain model: PEFT's <c>merge_and_unload</c>.</summary>
public static class MergedModel
{
    /// <summary>Loads the base model with the adapter's updates added to its weights.</summary>
    /// <exception cref="ModelException">A folder cannot be used, or the two do not fit.</exception>
    public static DecoderModel Load(string baseDirectory, string adapterDirectory, Device? device = null)
    {
        using var model = PretrainedModel.Load(baseDirectory, device);
        model.Adapters.Add("default", AdapterFolder.Read(adapterDirectory, model));
        return Unload(model);
    }

    /// <summary>
    /// Loads what a folder holds: a model, or an adapter merged into <paramref name="baseDirectory"/>, the model that it names itself
    /// where that is null.
    /// </summary>
    /// <exception cref="ModelException">The folder cannot be used, or the base model is not at its place.</exception>
    public static DecoderModel LoadAny(string directory, string? baseDirectory = null, Device? device = null) =>
        AdapterFolder.Is(directory)
            ? Load(baseDirectory ?? BaseOf(directory), directory, device)
            : PretrainedModel.Load(directory, device);

    /// <summary>The folder of the model that an adapter is for, by its own word.</summary>
    /// <exception cref="ModelException">It does not say, or there is no such folder.</exception>
    public static string BaseOf(string adapterDirectory)
    {
        var named = LoraConfigFile.Read(adapterDirectory).BaseModelNameOrPath;
        return Directory.Exists(named)
            ? named
            : throw new ModelException(named is null
                ? $"{adapterDirectory} does not say which model it is for: give the base model's folder with the adapter."
                : $"{adapterDirectory} is for the model {named}, which is no folder here: give the base model's folder with the adapter.");
    }

    /// <summary>A copy of a model in training with the adapter at work in its weights: merging into its own and out again would leave them rounded.</summary>
    public static DecoderModel Copy(DecoderModel model)
    {
        using var off = no_grad();
        var weights = model.Weights.ToDictionary(
            weight => weight.Name, weight => weight.Weight.detach().clone().DetachFromDisposeScope(), StringComparer.Ordinal);
        foreach (var module in model.Adapters.Active?.Modules ?? [])
        {
            using var delta = module.Delta();
            weights[module.Name + ".weight"].add_(delta);
        }

        return Finish(model, weights);
    }

    /// <summary>The adapter at work becomes part of the weights, which go over to the result.</summary>
    private static DecoderModel Unload(DecoderModel model)
    {
        model.Adapters.Merge();
        return Finish(model, model.Weights.ToDictionary(weight => weight.Name, weight => Shared(weight.Weight), StringComparer.Ordinal));
    }

    /// <summary>A model of these weights, with what the adapter trained as a whole in their place.</summary>
    private static DecoderModel Finish(DecoderModel model, Dictionary<string, Tensor> weights)
    {
        var replaced = model.Adapters.Active?.Replaced ?? new Dictionary<string, Parameter>();

        // A head of its own, or an embedding that the head does not follow, unties the two.
        var tied = model.Config.TieWordEmbeddings && !replaced.ContainsKey("model.embed_tokens.weight") && !replaced.ContainsKey("lm_head.weight");
        var config = model.Config with { TieWordEmbeddings = tied };
        if (model.Config.TieWordEmbeddings && !tied)
        {
            weights["lm_head.weight"] = Shared(model.Places["lm_head.weight"].Own);
        }

        foreach (var (name, value) in replaced)
        {
            weights[name].Dispose();
            weights[name] = Shared(value);
        }

        return new DecoderModel(config, weights) { BFloat16 = model.BFloat16 };
    }

    private static Tensor Shared(Tensor weight) => weight.detach().DetachFromDisposeScope();
}
