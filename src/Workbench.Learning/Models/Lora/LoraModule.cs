using TorchSharp;
using TorchSharp.Modules;
using Workbench.Torch.Kernels;
using static TorchSharp.torch;

namespace Workbench.Learning.Models.Lora;

/// <summary>The low-rank update of one linear module: <c>s (drop(x) Aᵀ) Bᵀ</c> beside <c>x Wᵀ</c> (Hu et al., 2021).</summary>
/// <param name="Name">Whole name of the module, e.g. <c>model.layers.0.self_attn.q_proj</c>.</param>
/// <param name="A">(r, in)</param>
/// <param name="B">(out, r)</param>
/// <param name="Scale">What the product is multiplied by.</param>
/// <param name="Dropout">Probability of dropping an element of x while training.</param>
public sealed record LoraModule(string Name, Parameter A, Parameter B, double Scale, double Dropout) : IDisposable
{
    /// <summary>Makes an update that changes nothing yet, as PEFT does: A as <c>nn.Linear</c> starts (uniform within 1/√in), B zero.</summary>
    internal static LoraModule Create(string name, long outputs, long inputs, LoraConfig config, Device device, Generator random)
    {
        var (rank, bound) = (config.RankOf(name), 1 / Math.Sqrt(inputs));
        using var scope = NewDisposeScope();
        var a = empty([rank, inputs]).uniform_(-bound, bound, random).to(device).DetachFromDisposeScope();
        var b = zeros([outputs, rank], device: device).DetachFromDisposeScope();
        return new LoraModule(name, new Parameter(a), new Parameter(b), config.ScaleOf(name), config.LoraDropout);
    }

    /// <summary>The module with the update: (…, in) to (…, out).</summary>
    /// <param name="x">(…, in)</param>
    /// <param name="weight">(out, in), frozen.</param>
    /// <param name="bias">(out), frozen, or null.</param>
    /// <param name="bfloat16">Rounds the factors of products.</param>
    /// <param name="seed">Of this pass; null drops nothing.</param>
    internal Tensor Forward(Tensor x, Tensor weight, Tensor? bias, bool bfloat16, long? seed) =>
        LoraProduct.Apply(x, weight, bias, A, B, Scale, seed is null ? 0 : Dropout, seed ?? 0, bfloat16);

    /// <summary>(out, in): what merging adds to the weight.</summary>
    internal Tensor Delta()
    {
        using var scope = NewDisposeScope();
        return (B.detach().matmul(A.detach()) * Scale).MoveToOuterDisposeScope();
    }

    public void Dispose()
    {
        A.Dispose();
        B.Dispose();
    }
}
