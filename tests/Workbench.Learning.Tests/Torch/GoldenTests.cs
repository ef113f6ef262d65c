using System.Text.Json;

using TorchSharp;
using TorchSharp.Modules;

using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace Workbench.Learning.Tests.Torch;

/// <summary>Values against PyTorch's own, from goldens.json (made by goldens.py beside it).</summary>
[Collection(nameof(Alone))]
public class GoldenTests
{
    private static readonly Dictionary<string, Golden> Goldens = JsonSerializer.Deserialize<Dictionary<string, Golden>>(
        File.ReadAllText(Path.Combine(Shared.Root, "tests", "Workbench.Learning.Tests", "Torch", "goldens.json")),
            JsonSerializerOptions.Web)!;

    private static readonly Dictionary<string, Func<Tensor>> Cases = new()
    {
        ["abs"] = () => X.abs(), ["exp"] = () => X.exp(), ["expm1"] = () => X.expm1(), ["square"] = () =>
        X.square(), ["sin"] = () => X.sin(), ["cos"] = () => X.cos(),
        ["tanh"] = () => X.tanh(), ["erf"] = () => X.erf(), ["sigmoid"] = () => X.sigmoid(), ["floor"] = () =>
        X.floor(), ["ceil"] = () => X.ceil(),
        ["round"] = () => X.round(), ["trunc"] = () => X.trunc(), ["sign"] = () => X.sign(), ["relu"] = () => X.relu(),
        ["log"] = () => P.log(), ["log2"] = () => P.log2(), ["log10"] = () => P.log10(), ["log1p"] = () =>
        P.log1p(), ["sqrt"] = () => P.sqrt(), ["rsqrt"] = () => P.rsqrt(),
        ["reciprocal"] = () => P.reciprocal(), ["silu"] = () => silu(X), ["gelu"] = () => gelu(X), ["log_sigmoid"] = () =>
        logsigmoid(X),
        ["add_alpha"] = () => X.add(X[0], 0.5), ["rsub"] = () => 1 - X, ["rdiv"] = () => 1 / P, ["pow"] = () =>
        P.pow(1.5), ["remainder"] = () => X % 0.7,
        ["clamp"] = () => X.clamp(-0.5, 0.7), ["where"] = () => where(X > 0, X, -2 * X),
        ["sum"] = () => X.sum(1), ["mean"] = () => X.mean([0]), ["std"] = () => X.std(), ["var"] = () =>
        X.var(1, unbiased: false), ["logsumexp"] = () => X.logsumexp(1),
        ["cumsum"] = () => X.cumsum(1), ["norm"] = () => X.norm(3f), ["argmax"] = () => X.argmax(1), ["topk"] = () =>
        X.topk(2, 1).indexes,
        ["sort"] = () => X.sort(1, descending: true).Values, ["softmax"] = () => X.softmax(1), ["log_softmax"] = () =>
        log_softmax(X, 0),
        ["index"] = () => X[TensorIndex.Ellipsis, 1..3], ["index_step"] = () =>
        X[1, TensorIndex.Slice(step: 2)], ["index_tensor"] = () => X[Ids(2, 0)],
        ["index_last"] = () => X[.., ^1], ["gather"] = () => X.gather(1, Ids(0, 1, 3).unsqueeze(1)), ["tril"] = () =>
        X.tril(1), ["roll"] = () => X.roll(1, 1),
        ["repeat_interleave"] = () => X.repeat_interleave(2, 1), ["matmul"] = () => Ramp(2, 3, 4).matmul(Y), ["einsum"] = () =>
        einsum("ij,jk->ki", X, Y),
        ["linear"] = () => linear(X, Ramp(5, 4), Ramp(5)), ["embedding"] = () =>
        nn.Embedding_from_pretrained(X).call(Ids(2, 0, 1, 1).view(2, 2)),
        ["layer_norm"] = () => layer_norm(X, [4], Ramp(4), Ramp(4)), ["cross_entropy"] = () => cross_entropy(X, Ids(1, -100, 3)),
        ["cross_entropy_sum"] = () => cross_entropy(X, Ids(1, -100, 3), reduction: nn.Reduction.Sum),
        ["cross_entropy_none"] = () => cross_entropy(X, Ids(1, -100, 3), reduction: nn.Reduction.None),
        ["cross_entropy_smooth"] = () => cross_entropy(X, Ids(1, -100, 3), label_smoothing: 0.1), ["mse_loss"] = () =>
        mse_loss(X, 2 * X),
        ["bce"] = () => binary_cross_entropy_with_logits(X, (X > 0).to_type(ScalarType.Float64)),
        ["attention"] = () =>
        scaled_dot_product_attention(Ramp(1, 2, 3, 4), Ramp(1, 2, 3, 4).flip(-1), Ramp(1, 2, 3, 4), is_casual: true),
    };

    private static Tensor X => Ramp(3, 4);

    private static Tensor Y => Ramp(4, 3);

    private static Tensor P => X.abs() + 0.5;

    public static TheoryData<string> Names() => [.. Cases.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void An_operation_gives_the_values_of_PyTorch(string name)
    {
        using var scope = NewDisposeScope();
        Equal(name, Cases[name](), 1e-12);
    }

    [Fact]
    public void A_seed_gives_the_random_numbers_of_PyTorch()
    {
        using var scope = NewDisposeScope();
        manual_seed(42).Dispose();
        Equal("randn", randn(5), 0);
        Equal("rand", rand(5), 0);
        Equal("randint", randint(0, 100, [6]), 0);
        Equal("randperm", randperm(10), 0);
        Equal("multinomial", multinomial(tensor([0.1, 0.2, 0.3, 0.4]), 6, replacement: true), 0);
        Equal("bernoulli", bernoulli(full([8], 0.3, ScalarType.Float64)), 0);
        Equal("dropout", dropout(ones(8)), 0);
    }

    [Fact]
    public void A_restored_random_state_repeats_the_stream()
    {
        using var scope = NewDisposeScope();
        var state = get_rng_state();
        var first = randn(7);
        set_rng_state(state);

        Assert.True(first.Equals(randn(7)));
    }

    [Theory]
    [InlineData(false, "")]
    [InlineData(true, "_amsgrad")]
    public void AdamW_and_clipping_take_the_steps_of_PyTorch(bool amsgrad, string suffix)
    {
        using var scope = NewDisposeScope();
        var (weight, bias) = (new Parameter(Ramp(3, 4)), new Parameter(Ramp(4)));
        using var optimizer = optim.AdamW([weight, bias], lr: 0.05, beta1: 0.8, beta2: 0.95, eps: 1e-6, weight_decay: 0.1,
            amsgrad: amsgrad);
        var norms = new List<double>();
        for (var step = 0; step < 5; step++)
        {
            optimizer.zero_grad();
            (weight.matmul(bias).tanh() - step).square().sum().backward();
            norms.Add(nn.utils.clip_grad_norm_([weight, bias], 1.0));
            optimizer.step();
        }

        Equal("adamw_weight" + suffix, weight, 1e-12);
        Equal("adamw_bias" + suffix, bias, 1e-12);
        Equal("clip_norms" + suffix, tensor(norms), 1e-12);
    }

    private static Tensor Ramp(params long[] shape) =>
        ((((arange(shape.Aggregate(1L, (a, b) => a * b)) * 37) % 19) - 9).to_type(ScalarType.Float64) / 7).reshape(shape);

    private static Tensor Ids(params long[] values) => tensor(values);

    private static void Equal(string name, Tensor actual, double tolerance)
    {
        var golden = Goldens[name];
        Assert.Equal(golden.Shape, actual.shape);
        var values = actual.to_type(ScalarType.Float64).contiguous().data<double>().ToArray();
        for (var i = 0; i < values.Length; i++)
        {
            Assert.True(Math.Abs(values[i] - golden.Values[i]) <= tolerance * (1 + Math.Abs(golden.Values[i])),
                $"{name}[{i}]: {values[i]}, PyTorch {golden.Values[i]}");
        }
    }

    private sealed record Golden(long[] Shape, double[] Values);
}
