using static TorchSharp.torch;

namespace Workbench.Learning.Models.Lora;

/// <summary>What the forward pass that runs now drops by; one object for all modules of a model.</summary>
internal sealed class DropoutPass
{
    /// <summary>Null where nothing is dropped. Set for each pass, and again where layers are recomputed.</summary>
    public long? Seed { get; set; }
}

/// <summary>An update at its place in the model.</summary>
/// <param name="Module">The update.</param>
/// <param name="Pass">Of the model.</param>
/// <param name="Place">Number among the model's modules: each drops elements of its own.</param>
internal sealed record PlacedLora(LoraModule Module, DropoutPass Pass, int Place)
{
    /// <summary>The module with its update: (…, in) to (…, out).</summary>
    public Tensor Forward(Tensor x, Tensor weight, Tensor? bias, bool bfloat16) =>
        Module.Forward(x, weight, bias, bfloat16, Pass.Seed is { } seed ? unchecked(seed + (Place * 0x5851F42D4C957F2D)) : null);
}
