using TorchSharp;

using Workbench.Torch.Kernels;

using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace Workbench.Learning.Tests.Torch;

/// <summary>One differentiable operation, applied to inputs of the given shapes.</summary>
/// <param name="Name">the member's name, as bound</param>
/// <param name="Shapes">of the float64 inputs that gradients are taken of</param>
/// <param name="Apply">the operation</param>
/// <param name="Positive">inputs in [0.5, 2] instead of the standard normal, for logarithms and the like</param>
public sealed record GradientCase(string Name, long[][] Shapes, Func<Tensor[], Tensor> Apply, bool Positive = false);

/// <summary>Every differentiable operation that is bound; GradientTests fails when one is missing here.</summary>
internal static class GradientTable
{
    private static readonly long[] Vector = [5];
    private static readonly long[] Matrix = [3, 4];
    private static readonly bool[] Kept = [true, false, true, true, false, true, true, true, false, true, true, false];

    public static IReadOnlyList<GradientCase> Cases { get; } =
    [
        .. Pointwise(), .. Arithmetic(), .. Reductions(), .. Shapes(), .. Selections(), .. Products(), .. Layers(), .. Losses(),
        .. Kernels(),
    ];

    private static GradientCase One(string name, Func<Tensor, Tensor> apply, bool positive = false) =>
        new(name, [Matrix], x => apply(x[0]), positive);

    private static GradientCase Two(string name, Func<Tensor, Tensor, Tensor> apply, long[] first, long[] second,
        bool positive = false) =>
        new(name, [first, second], x => apply(x[0], x[1]), positive);

    private static Tensor Ids(params long[] values) => tensor(values);

    private static Tensor Mask() => tensor(Kept, [3, 4]);

    private static IEnumerable<GradientCase> Pointwise() =>
    [
        One("abs", x => x.abs()), One("absolute", x => x.absolute()), One("neg", x => x.neg()),
        One("negative", x => x.negative()), One("exp", x => x.exp()),
        One("expm1", x => x.expm1()), One("log", x => x.log(), true), One("log2", x => x.log2(), true),
        One("log10", x => x.log10(), true),
        One("log1p", x => x.log1p(), true), One("sqrt", x => x.sqrt(), true), One("rsqrt", x => x.rsqrt(), true),
        One("square", x => x.square()),
        One("reciprocal", x => x.reciprocal(), true), One("sin", x => x.sin()), One("cos", x => x.cos()),
        One("tanh", x => x.tanh()), One("erf", x => x.erf()),
        One("sigmoid", x => x.sigmoid()), One("log_sigmoid", x => x.log_sigmoid()), One("relu", x => x.relu()),
        One("silu", x => x.silu()), One("gelu", x => x.gelu()),
        One("clamp", x => x.clamp(-0.5, 0.8)), One("clamp_min", x => x.clamp_min(-0.2)), One("clamp_max", x => x.clamp_max(0.3)),
        One("masked_fill", x => x.masked_fill(Mask(), 2)), One("clone", x => x.clone()),
        One("contiguous", x => x.t().contiguous()), One("alias", x => x.alias()),
        One("to", x => x.to(ScalarType.Float64, copy: true)), One("to_type", x => x.to_type(ScalarType.Float64, copy: true)),
        One("type_as", x => x.type_as(x)),
        One("double", x => x.@double()), One("type", x => x.type(ScalarType.Float64)), One("cpu", x => x.cpu()),
    ];

    private static IEnumerable<GradientCase> Arithmetic() =>
    [
        Two("add", (a, b) => a.add(b, 0.5), Matrix, [4]), One("add", x => x.add(2, 3)),
        Two("op_Addition", (a, b) => a + b, Matrix, [4]),
        Two("sub", (a, b) => a.sub(b), Matrix, [4]), One("sub", x => x.sub(1.5)),
        Two("op_Subtraction", (a, b) => 1.0 - (a - b), Matrix, [4]),
        Two("mul", (a, b) => a.mul(b), Matrix, [3, 1]), One("mul", x => x.mul(1.5)),
        Two("op_Multiply", (a, b) => 2.0 * (a * b), Matrix, [4]),
        Two("div", (a, b) => a.div(b), Matrix, [4], true), One("div", x => x.div(1.5)),
        Two("op_Division", (a, b) => 1.0 / (a / b), Matrix, [4], true),
        Two("pow", (a, b) => a.pow(b), Matrix, [4], true), One("pow", x => x.pow(3)),
        One("remainder", x => x.remainder(10), true),
        Two("op_Modulus", (a, b) => a % (b + 5), Matrix, [4], true), One("op_UnaryNegation", x => -x),
        Two("maximum", (a, b) => a.maximum(b), Matrix, Matrix), Two("minimum", (a, b) => a.minimum(b), Matrix, Matrix),
        new("addcmul", [Matrix, Matrix, [4]], x => x[0].addcmul(x[1], x[2], 0.7)),
        new("addcdiv", [Matrix, Matrix, [4]], x => x[0].addcdiv(x[1], x[2], 0.7), true),
        Two("where", (a, b) => where(Mask(), a, b), Matrix, Matrix),
    ];

    private static IEnumerable<GradientCase> Reductions() =>
    [
        One("sum", x => x.sum()), One("sum", x => x.sum([0], keepdim: true)), One("sum", x => x.sum(0, 1)),
        One("mean", x => x.mean()), One("mean", x => x.mean([1])),
        One("std", x => x.std()), One("std", x => x.std(1, unbiased: false)), One("var", x => x.var()), One("var", x => x.var(0)),
        One("max", x => x.max()), One("max", x => x.max(1).values), One("min", x => x.min()), One("min", x => x.min(0).values),
        One("amax", x => x.amax(1)), One("amin", x => x.amin(0)),
        One("logsumexp", x => x.logsumexp(1)), One("cumsum", x => x.cumsum(1)), One("norm", x => x.norm()),
        One("norm", x => x.norm(1, p: 3)),
        One("topk", x => x.topk(2).values), One("sort", x => x.sort(descending: true).Values),
        One("softmax", x => x.softmax(1)), One("log_softmax", x => log_softmax(x, 1)),
    ];

    private static IEnumerable<GradientCase> Shapes() =>
    [
        One("view", x => x.view(4, -1)), One("view_as", x => x.view_as(zeros(2, 6))), One("reshape", x => x.t().reshape(2, 6)),
        One("flatten", x => x.flatten()),
        One("squeeze", x => x.unsqueeze(0).squeeze(0)), One("unsqueeze", x => x.unsqueeze(1)), One("t", x => x.t()),
        One("transpose", x => x.transpose(0, 1)),
        One("mT", x => x.mT), One("permute", x => x.permute(1, 0)), One("expand", x => x.unsqueeze(0).expand(2, -1, -1)),
        One("expand_as", x => x.unsqueeze(0).expand_as(zeros(2, 3, 4))),
        One("repeat", x => x.repeat(2, 1)), One("repeat_interleave", x => x.repeat_interleave(2, 1)),
        One("flip", x => x.flip(0)), One("roll", x => x.roll(1, 1)),
        One("tril", x => x.tril()), One("triu", x => x.triu(1)), Two("cat", (a, b) => cat([a, b], 1), Matrix, [3, 2]),
        Two("concat", (a, b) => concat([a, b], 0), Matrix, Matrix),
        Two("stack", (a, b) => stack([a, b], 1), Matrix, Matrix), One("split", x => x.split(2, 1)[1]),
        One("split", x => x.split([1, 3], 1)[1]), One("chunk", x => x.chunk(2, 1)[0]),
        One("unbind", x => x.unbind(1)[2]),
    ];

    private static IEnumerable<GradientCase> Selections() =>
    [
        One("narrow", x => x.narrow(1, 1, 2)), One("select", x => x.select(0, 1)), One("slice", x => x.slice(1, 0, 4, 2)),
        One("index", x => x.index(TensorIndex.Ellipsis, TensorIndex.Slice(1, 3))), One("TensorItems", x => x[1]),
        One("TensorItems", x => x[.., Ids(0, 2, 2)]),
        One("index_select", x => x.index_select(1, Ids(3, 0, 0))), One("gather", x => x.gather(1, Ids(0, 1, 3).unsqueeze(1))),
        Two("scatter", (a, b) => a.scatter(1, Ids(0, 1, 3).unsqueeze(1), b), Matrix, [3, 1]),
        Two("scatter_add", (a, b) => a.scatter_add(1, Ids(0, 1, 3).unsqueeze(1), b), Matrix, [3, 1]),
        One("masked_select", x => x.masked_select(Mask())),
        Two("copy_", (a, b) => a.clone().copy_(b), Matrix, [4]), Two("add_", (a, b) => a.clone().add_(b, 2), Matrix, [4]),
        Two("sub_", (a, b) => a.clone().sub_(b), Matrix, [4]),
        Two("mul_", (a, b) => a.clone().mul_(b), Matrix, [4]), Two("div_", (a, b) => a.clone().div_(b), Matrix, [4], true),
        One("clamp_", x => x.clone().clamp_(-1, 1)),
        new("addcmul_", [Matrix, Matrix, [4]], x => x[0].clone().addcmul_(x[1], x[2], 2)),
        new("addcdiv_", [Matrix, Matrix, [4]], x => x[0].clone().addcdiv_(x[1], x[2], 2), true),
        One("masked_fill_", x => x.clone().masked_fill_(Mask(), 1)), One("zero_", x => x.mul(2).zero_() + x),
        One("fill_", x => x.mul(2).fill_(3) + x),
        Two("index_put_", (a, b) => a.clone().index_put_(b, TensorIndex.Single(1)), Matrix, [4]),
        Two("index_add_", (a, b) => a.clone().index_add_(0, Ids(2, 0), b, 0.5), Matrix, [2, 4]),
        Two("scatter_", (a, b) => a.clone().scatter_(1, Ids(0, 1, 3).unsqueeze(1), b), Matrix, [3, 1]),
    ];

    private static IEnumerable<GradientCase> Products() =>
    [
        Two("matmul", (a, b) => a.matmul(b), [2, 3, 4], [4, 2]), Two("mm", (a, b) => a.mm(b), Matrix, [4, 2]),
        Two("bmm", (a, b) => a.bmm(b), [2, 3, 2], [2, 2, 3]),
        Two("mv", (a, b) => a.mv(b), Matrix, [4]), Two("dot", (a, b) => a.dot(b), Vector, Vector),
        Two("outer", (a, b) => a.outer(b), Vector, [3]),
        new("addmm", [[3, 2], Matrix, [4, 2]], x => x[0].addmm(x[1], x[2], 0.5f, 2f)),
        Two("einsum", (a, b) => einsum("ij,jk->ki", a, b), Matrix, [4, 2]),
    ];

    private static IEnumerable<GradientCase> Layers() =>
    [
        new("linear", [[2, 3, 4], [5, 4], [5]], x => linear(x[0], x[1], x[2])),
        Two("linear", (a, b) => linear(a, b), Matrix, [2, 4]),
        One("logsigmoid", x => logsigmoid(x)), One("dropout", x => dropout(x, 0.5, training: false)),
        new("layer_norm", [Matrix, [4], [4]], x => layer_norm(x[0], [4], x[1], x[2])),
        new("scaled_dot_product_attention", [[1, 2, 3, 4], [1, 2, 3, 4], [1, 2, 3, 4]], x =>
        scaled_dot_product_attention(x[0], x[1], x[2], is_casual: true)),
        new("scaled_dot_product_attention", [[1, 2, 3, 4], [1, 2, 5, 4], [1, 2, 5, 2], [3, 5]], x =>
        scaled_dot_product_attention(x[0], x[1], x[2], x[3])),
    ];

    private static IEnumerable<GradientCase> Losses() =>
    [
        One("cross_entropy", x => cross_entropy(x, Ids(1, -100, 3), reduction: nn.Reduction.Sum)),
        One("cross_entropy", x => cross_entropy(x, Ids(1, 0, 3), label_smoothing: 0.1)),
        One("nll_loss", x => nll_loss(log_softmax(x, 1), Ids(1, 0, 3))),
        Two("mse_loss", (a, b) => mse_loss(a, b), Matrix, Matrix),
        One("binary_cross_entropy_with_logits", x => binary_cross_entropy_with_logits(x, Mask().to_type(ScalarType.Float64))),
    ];

    private static IEnumerable<GradientCase> Kernels() =>
    [
        Two("RmsNorm", (x, w) => RmsNorm.Apply(x, w, 1e-6), [3, 21], [21]),
        Two("RmsNorm", (x, w) => RmsNorm.Composition(x, w, 1e-6), [3, 5], [5]),
        Two("SwiGlu", SwiGlu.Apply, Matrix, Matrix), Two("SwiGlu", SwiGlu.Composition, Matrix, Matrix),
        new("RotaryEmbedding", [[2, 2, 3, 4]], x => Rotate(x[0], RotaryEmbedding.Apply)),
        new("RotaryEmbedding", [[2, 2, 3, 4]], x => Rotate(x[0], RotaryEmbedding.Composition)),
        Attention((q, k, v) => GroupedQueryAttention.Apply(q, k, v)),
        Attention((q, k, v) => GroupedQueryAttention.Apply(q, k, v, causal: false, scale: 0.3)),
        Attention((q, k, v) => GroupedQueryAttention.Composition(q, k, v)),
        Two("LinearCrossEntropy", (h, w) => LinearCrossEntropy.Apply(h, w, Ids(1, -100, 0)).Loss, Matrix, [5, 4]),
        Two("LinearCrossEntropy", (h, w) => LinearCrossEntropy.Composition(h, w, Ids(1, -100, 0)).Loss, Matrix, [5, 4]),
        Two("LinearCrossEntropy", (h, w) => Smoothed((a, b, y, i, r, l) => LinearCrossEntropy.Apply(a, b, y, i, r, l), h, w), Matrix, [5, 4]),
        Two("LinearCrossEntropy", (h, w) => Smoothed((a, b, y, i, r, l) => LinearCrossEntropy.Composition(a, b, y, i, r, l), h, w), Matrix, [5, 4]),
        new("LinearProduct", [[3, 2, 4], [5, 4], [5]], x => LinearProduct.Apply(x[0], x[1], x[2])),
        new("LinearProduct", [[3, 2, 4], [5, 4], [5]], x => LinearProduct.Composition(x[0], x[1], x[2])),
        Two("LinearLogProbabilities", (h, w) => LinearLogProbabilities.Apply(h, w, Ids(1, 4, 0)), Matrix, [5, 4]),
        Two("LinearLogProbabilities", (h, w) => LinearLogProbabilities.Composition(h, w, Ids(1, 4, 0)), Matrix, [5, 4]),
    ];

    private static Tensor Smoothed(
        Func<Tensor, Tensor, Tensor, long, Tensor?, double, LinearCrossEntropyResult> apply, Tensor hidden, Tensor weight) =>
        apply(hidden, weight, Ids(1, -100, 0), -100, tensor([0.5, 1.0, 2.0], ScalarType.Float64), 0.2).Loss;

    private static GradientCase Attention(Func<Tensor, Tensor, Tensor, Tensor> apply) =>
        new("GroupedQueryAttention", [[1, 4, 3, 2], [1, 2, 5, 2], [1, 2, 5, 3]], x => apply(x[0], x[1], x[2]));

    private static Tensor Rotate(Tensor x, Func<Tensor, Tensor, Tensor, Tensor> rotate)
    {
        var (cos, sin) = RotaryEmbedding.Tables(arange(3),
            RotaryEmbedding.InverseFrequencies(4, 100).to_type(ScalarType.Float64));
        return rotate(x, cos, sin);
    }
}
