using TorchSharp;
using TorchSharp.Modules;
using Workbench.Learning.Models.Decoder;
using static TorchSharp.torch;

namespace Workbench.Learning.Models.Lora;

/// <summary>An adapter for one model: its low-rank updates, and the modules that it replaces as a whole.</summary>
public sealed class LoraAdapter : IDisposable
{
    internal LoraAdapter(LoraConfig config, IReadOnlyList<LoraModule> modules, IReadOnlyDictionary<string, Parameter> replaced)
    {
        (Config, Modules, Replaced) = (config, modules, replaced);
        Parameters =
        [
            .. modules.SelectMany(module => new[] { (module.Name + ".lora_A.weight", module.A), (module.Name + ".lora_B.weight", module.B) }),
            .. replaced.Select(pair => (pair.Key, pair.Value)),
        ];
    }

    public LoraConfig Config { get; }

    public IReadOnlyList<LoraModule> Modules { get; }

    /// <summary>What is trained in place of weights of the model, by transformers' name.</summary>
    internal IReadOnlyDictionary<string, Parameter> Replaced { get; }

    /// <summary>Everything that is trained, under the names of PEFT's files without their prefix <c>base_model.model.</c>.</summary>
    public IReadOnlyList<(string Name, Parameter Weight)> Parameters { get; }

    public long ParameterCount => Parameters.Sum(parameter => parameter.Weight.numel());

    /// <summary>A fresh adapter, with which the model computes what it does without.</summary>
    /// <param name="config">Shape and places.</param>
    /// <param name="model">The model that it is for; not changed.</param>
    /// <param name="random">Draws the first values, on the CPU.</param>
    /// <exception cref="ModelException">The configuration does not fit the model.</exception>
    public static LoraAdapter Create(LoraConfig config, DecoderModel model, Generator random)
    {
        var shapes = model.Linear;
        var modules = config.Resolve([.. shapes.Keys])
            .Select(name => LoraModule.Create(name, shapes[name].Outputs, shapes[name].Inputs, config, model.Device, random))
            .ToList();
        return new LoraAdapter(config, modules, config.ResolveSaved(model).ToDictionary(name => name, Copy));

        Parameter Copy(string weight)
        {
            using var off = no_grad();
            return new Parameter(model.Places[weight].Own.detach().clone().DetachFromDisposeScope());
        }
    }

    public void Dispose()
    {
        foreach (var (_, parameter) in Parameters)
        {
            parameter.Dispose();
        }
    }
}
