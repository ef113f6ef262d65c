using TorchSharp.Modules;

namespace Workbench.Learning.Models.Decoder;

/// <summary>The place of a weight in the model: holds the model's own, or what an adapter has in its stead (<c>modules_to_save</c>).</summary>
/// <param name="own">The model's own.</param>
internal sealed class WeightPlace(Parameter own)
{
    public Parameter Own => own;

    /// <summary>Null where the model's own is at work.</summary>
    public Parameter? Replacement { get; set; }

    public Parameter Value => Replacement ?? own;
}
