using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using TorchSharp;
using Workbench.Learning.Models.Decoder;
using Workbench.Learning.Models.Hub;
using Workbench.Learning.Models.Lora;
using static TorchSharp.torch;

namespace Workbench.Learning.Training;

/// <summary>The model of a run: trained as a whole, or frozen with an adapter that is trained (<c>use_peft</c>).</summary>
internal sealed class TrainedModel : IDisposable
{
    private const string AdapterName = "default";

    private readonly RunConfig _config;

    private TrainedModel(RunConfig config, DecoderModel decoder)
    {
        (_config, Decoder) = (config, decoder);
        BaseFingerprint = config.UsePeft ? Hash(decoder) : "";
    }

    public DecoderModel Decoder { get; }

    /// <summary>SHA-256 of the frozen weights: an adapter can go on only on the weights that it was begun on. Empty without an adapter.</summary>
    public string BaseFingerprint { get; }

    public long TrainableParameters => Decoder.Trained.Sum(parameter => parameter.Weight.numel());

    /// <summary>Of model and adapter.</summary>
    public long AllParameters => Decoder.Config.ParameterCount + (Decoder.Adapters.Active?.ParameterCount ?? 0);

    /// <summary>Bytes of what is saved.</summary>
    public long SavedBytes => TrainableParameters * sizeof(float);

    /// <summary>Loads the model to begin with, or from a checkpoint what was trained so far.</summary>
    /// <param name="config">What to train.</param>
    /// <param name="checkpoint">Folder of the checkpoint; null to begin.</param>
    /// <param name="device">Where to.</param>
    /// <param name="random">The run's own: draws the first values of an adapter, and what its dropout drops.</param>
    /// <exception cref="Models.ModelException">A folder cannot be used, or the adapter does not fit the model.</exception>
    public static TrainedModel Load(RunConfig config, string? checkpoint, Device device, Generator random)
    {
        var decoder = PretrainedModel.Load(config.UsePeft ? config.ModelNameOrPath : checkpoint ?? config.ModelNameOrPath, device);
        try
        {
            decoder.BFloat16 = config.Bf16;
            decoder.GradientCheckpointing = config.GradientCheckpointing;
            if (config.UsePeft)
            {
                var folder = checkpoint ?? config.AdapterNameOrPath;
                decoder.Adapters.Add(AdapterName, folder is null
                    ? LoraAdapter.Create(LoraRules.Config(config), decoder, random)
                    : AdapterFolder.Read(folder, decoder));

                // TRL's preference trainers switch dropout off (disable_dropout): policy and reference must differ by training alone.
                decoder.Adapters.DropoutSource = config.PredictsNextToken ? random : null;
            }

            return new TrainedModel(config, decoder);
        }
        catch
        {
            decoder.Dispose();
            throw;
        }
    }

    /// <summary>Goes back to what a checkpoint of this run holds.</summary>
    public void Restore(string checkpoint)
    {
        if (Decoder.Adapters.Active is { } adapter)
        {
            AdapterFolder.Load(adapter, checkpoint, Decoder);
        }
        else
        {
            Decoder.Load(checkpoint);
        }
    }

    /// <summary>Writes a model folder, or an adapter's, with what lies beside the weights in <paramref name="source"/>.</summary>
    public void Save(string directory, string source, string? chatTemplate)
    {
        if (Decoder.Adapters.Active is { } adapter)
        {
            AdapterFolder.Write(adapter, directory, source, chatTemplate);
        }
        else
        {
            PretrainedModel.Save(Decoder, directory, source, chatTemplate);
        }
    }

    /// <summary>What is trained, in PEFT's words (<c>print_trainable_parameters</c>).</summary>
    public string Describe() => string.Create(CultureInfo.InvariantCulture,
        $"trainable params: {TrainableParameters:N0} || all params: {AllParameters:N0} || trainable%: {100.0 * TrainableParameters / AllParameters:F4}");

    /// <summary>SHA-256 of the weights of a model, adapters aside.</summary>
    public static string Hash(DecoderModel model)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var (_, weight) in model.Weights)
        {
            using var scope = NewDisposeScope();
            hash.AppendData(MemoryMarshal.AsBytes(weight.detach().cpu().contiguous().data<float>().ToArray().AsSpan()));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    public void Dispose() => Decoder.Dispose();
}
