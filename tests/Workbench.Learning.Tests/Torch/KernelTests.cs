using TorchSharp;

using Workbench.Torch.Interop;
using Workbench.Torch.Kernels;

using static TorchSharp.torch;

namespace Workbench.Learning.Tests.Torch;

/// <summary>Each native kernel against its composition, in values and gradients, at sizes that are no multiples of
/// anything.</summary>
public class KernelTests
{
    public static TheoryData<ScalarType, double> Types() => new() { { ScalarType.Float32, 2e-5 }, { ScalarType.Float64, 1e-12 } };

    [Theory]
    [MemberData(nameof(Types))]
    public void RmsNorm_is_its_composition(ScalarType type, double tolerance) =>
        Same(type, tolerance, [[5, 7, 83], [83]], x => RmsNorm.Apply(x[0], x[1], 1e-5), x =>
            RmsNorm.Composition(x[0], x[1], 1e-5));

    [Theory]
    [MemberData(nameof(Types))]
    public void RmsNorm_of_a_transposed_input_is_its_composition(ScalarType type, double tolerance) =>
        Same(type, tolerance, [[9, 5], [9]], x => RmsNorm.Apply(x[0].t(), x[1], 1e-5), x =>
            RmsNorm.Composition(x[0].t(), x[1], 1e-5));

    [Theory]
    [MemberData(nameof(Types))]
    public void LinearProduct_is_its_composition(ScalarType type, double tolerance) =>
        Same(type, tolerance, [[3, 5, 37], [29, 37], [29]], x => LinearProduct.Apply(x[0], x[1], x[2]), x => LinearProduct.Composition(x[0], x[1], x[2]));

    [Theory]
    [MemberData(nameof(Types))]
    public void LinearProduct_of_a_transposed_input_is_its_composition(ScalarType type, double tolerance) =>
        Same(type, tolerance, [[37, 5], [29, 37]], x => LinearProduct.Apply(x[0].t(), x[1]), x => LinearProduct.Composition(x[0].t(), x[1]));

    [Theory]
    [MemberData(nameof(Types))]
    public void LoraProduct_is_its_composition(ScalarType type, double tolerance)
    {
        using var scope = NewDisposeScope();
        var (w, bias) = (randn([29, 37], type), randn([29], type));
        Same(type, tolerance, [[3, 5, 37], [4, 37], [29, 4]], x => LoraProduct.Apply(x[0], w, bias, x[1], x[2], 0.5), x =>
            LoraProduct.Composition(x[0], w, bias, x[1], x[2], 0.5));
    }

    [Fact]
    public void LoraProduct_in_bfloat16_is_near_its_composition()
    {
        using var scope = NewDisposeScope();
        var w = randn(29, 37);
        Same(ScalarType.Float32, 0.03, [[3, 5, 37], [4, 37], [29, 4]], x => LoraProduct.Apply(x[0], w, null, x[1], x[2], 0.5, bfloat16: true), x =>
            LoraProduct.Composition(x[0], w, null, x[1], x[2], 0.5));
    }

    [Fact]
    public void LoraProduct_drops_the_share_it_is_told_the_same_for_a_seed_and_keeps_the_mean()
    {
        using var scope = NewDisposeScope();
        var (x, w) = (ones(200, 300), zeros(300, 300));

        // A and B are identities and W is zero: what comes out is what the adapter sees of its input.
        Tensor Seen(long seed) => LoraProduct.Apply(x, w, null, eye(300), eye(300), 1, dropout: 0.3, seed: seed);
        var (first, other) = (Seen(11), Seen(12));

        Assert.Equal(0.3, first.eq(0).to_type(ScalarType.Float32).mean().item<float>(), 0.01);
        Assert.Equal(1 / 0.7, first.max().item<float>(), 1e-5);
        Assert.Equal(0, first.ne(Seen(11)).to_type(ScalarType.Float32).sum().item<float>());
        Assert.Equal(2 * 0.3 * 0.7, first.ne(other).to_type(ScalarType.Float32).mean().item<float>(), 0.01);
    }

    [Fact]
    public void LoraProduct_refuses_a_weight_that_is_trained()
    {
        using var scope = NewDisposeScope();
        var error = Assert.ThrowsAny<Exception>(() => LoraProduct.Apply(randn(2, 3), randn(4, 3).requires_grad_(), null, randn(2, 3), randn(4, 2), 1));
        Assert.Contains("frozen", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void LinearProduct_in_bfloat16_sums_rounded_factors_in_float32()
    {
        using var scope = NewDisposeScope();
        var (x, w) = (randn(7, 133), randn(11, 133));

        // Factors rounded beforehand have exact products in float32, so that the kernel and a float32 product differ by their order of sums alone.
        var rounded = nn.functional.linear(x.to_type(ScalarType.BFloat16).to_type(ScalarType.Float32), w.to_type(ScalarType.BFloat16).to_type(ScalarType.Float32));
        var y = LinearProduct.Apply(x, w, bfloat16: true);

        Assert.Equal(ScalarType.Float32, y.dtype);
        Assert.True((y - rounded).abs().max().item<float>() < 2e-5);
    }

    [Fact]
    public void LinearProduct_in_bfloat16_has_the_gradients_of_rounded_factors()
    {
        using var scope = NewDisposeScope();
        Tensor Rounded(Tensor t) => t.to_type(ScalarType.BFloat16).to_type(ScalarType.Float32);
        var (x, w, d) = (randn(7, 33).requires_grad_(), randn(11, 33).requires_grad_(), randn(7, 11));

        LinearProduct.Apply(x, w, bfloat16: true).backward([d]);

        Assert.True((x.grad! - Rounded(d).matmul(Rounded(w.detach()))).abs().max().item<float>() < 2e-5);
        Assert.True((w.grad! - Rounded(d).t().matmul(Rounded(x.detach()))).abs().max().item<float>() < 2e-5);
    }

    [Fact]
    public void Losses_in_bfloat16_are_those_of_rounded_factors()
    {
        using var scope = NewDisposeScope();
        Tensor Rounded(Tensor t) => t.to_type(ScalarType.BFloat16).to_type(ScalarType.Float32);
        var (h, w, targets) = (randn(9, 40), randn(50, 40), tensor([3L, 0L, 49L, 7L, 7L, 1L, 30L, 2L, 8L]));

        var loss = LinearCrossEntropy.Apply(h, w, targets, bfloat16: true).Loss.item<float>();
        var logps = LinearLogProbabilities.Apply(h, w, targets, bfloat16: true);

        var expected = nn.functional.log_softmax(nn.functional.linear(Rounded(h), Rounded(w)), -1).gather(1, targets.unsqueeze(1)).squeeze(1);
        Assert.True((logps - expected).abs().max().item<float>() < 2e-5);
        Assert.Equal(-expected.sum().item<float>(), loss, 1e-4f);
    }

    [Fact]
    public void Kept_memory_is_used_again_and_holds_what_was_written()
    {
        using var scope = NewDisposeScope();
        using (new KeptMemory())
        {
            // Held before, so that the next one begins anew.
        }

        using var kept = new KeptMemory();
        using var before = full([512, 1024], 3f);
        using (full([512, 1024], 4f))
        {
            // Freed at once, so that the next tensor may take its memory.
        }

        using var after = full([512, 1000], 5f);

        Assert.Equal(3f * 512 * 1024, before.sum().item<float>());
        Assert.Equal(5f * 512 * 1000, after.sum().item<float>());
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void SwiGlu_is_its_composition(ScalarType type, double tolerance) =>
        Same(type, tolerance, [[3, 1001], [3, 1001]], x => SwiGlu.Apply(x[0] * 8, x[1]), x => SwiGlu.Composition(x[0] * 8, x[1]));

    [Fact]
    public void SwiGlu_of_extreme_gates_is_finite()
    {
        using var scope = NewDisposeScope();
        var gate = tensor([-1e4f, -100f, -88f, 0f, 88f, 1e4f]);

        Assert.Equal([0f, 0f, 0f, 0f, 88f, 1e4f],
            SwiGlu.Apply(gate, ones(6)).data<float>().ToArray().Select(v => MathF.Abs(v) < 1e-30f ? 0f : v));
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void Rotary_embedding_is_its_composition(ScalarType type, double tolerance)
    {
        var (cos, sin) = RotaryEmbedding.Tables(arange(7), RotaryEmbedding.InverseFrequencies(6, 10000).to_type(type));
        // As a model gives it: (B, T, H, D) seen as (B, H, T, D).
        Same(type, tolerance, [[2, 7, 3, 6]], x => RotaryEmbedding.Apply(x[0].transpose(1, 2), cos, sin), x =>
            RotaryEmbedding.Composition(x[0].transpose(1, 2), cos, sin));
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void Rotary_embedding_takes_positions_of_each_sequence(ScalarType type, double tolerance)
    {
        var positions = tensor([0L, 1L, 2L, 5L, 0L, 1L], [2, 3]);
        var (cos, sin) = RotaryEmbedding.Tables(positions, RotaryEmbedding.InverseFrequencies(4, 500).to_type(type));
        Same(type, tolerance, [[2, 2, 3, 4]], x => RotaryEmbedding.Apply(x[0], cos, sin), x =>
            RotaryEmbedding.Composition(x[0], cos, sin));
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void Grouped_query_attention_is_its_composition(ScalarType type, double tolerance) =>
        Same(type, tolerance, [[2, 6, 149, 5], [2, 2, 149, 5], [2, 2, 149, 4]],
            x => GroupedQueryAttention.Apply(x[0], x[1], x[2]), x => GroupedQueryAttention.Composition(x[0], x[1], x[2]));

    [Theory]
    [MemberData(nameof(Types))]
    public void Attention_over_a_cache_or_without_a_mask_is_its_composition(ScalarType type, double tolerance)
    {
        Same(type, tolerance, [[1, 4, 3, 8], [1, 4, 11, 8], [1, 4, 11, 8]],
            x => GroupedQueryAttention.Apply(x[0], x[1], x[2]), x => GroupedQueryAttention.Composition(x[0], x[1], x[2]));
        Same(type, tolerance, [[1, 4, 11, 8], [1, 1, 3, 8], [1, 1, 3, 8]],
            x => GroupedQueryAttention.Apply(x[0], x[1], x[2], causal: false, scale: 0.2), x =>
                GroupedQueryAttention.Composition(x[0], x[1], x[2], causal: false, scale: 0.2));
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void Attention_within_packed_sequences_or_a_window_is_its_composition(ScalarType type, double tolerance)
    {
        long[] offsets = [0, 1, 140, 149];
        Same(type, tolerance, [[1, 4, 149, 6], [1, 2, 149, 6], [1, 2, 149, 5]],
            x => GroupedQueryAttention.Apply(x[0], x[1], x[2], offsets: offsets), x => GroupedQueryAttention.Composition(x[0], x[1], x[2], offsets: offsets));
        Same(type, tolerance, [[2, 4, 149, 6], [2, 2, 149, 6], [2, 2, 149, 5]],
            x => GroupedQueryAttention.Apply(x[0], x[1], x[2], window: 7), x => GroupedQueryAttention.Composition(x[0], x[1], x[2], window: 7));
        Same(type, tolerance, [[1, 2, 149, 6], [1, 2, 149, 6], [1, 2, 149, 5]],
            x => GroupedQueryAttention.Apply(x[0], x[1], x[2], window: 130, offsets: offsets), x => GroupedQueryAttention.Composition(x[0], x[1], x[2], window: 130, offsets: offsets));
        Same(type, tolerance, [[1, 2, 3, 6], [1, 2, 11, 6], [1, 2, 11, 5]], // over a cache
            x => GroupedQueryAttention.Apply(x[0], x[1], x[2], window: 4), x => GroupedQueryAttention.Composition(x[0], x[1], x[2], window: 4));
    }

    [Fact]
    public void Packed_sequences_attend_as_they_do_alone()
    {
        using var scope = NewDisposeScope();
        var (q, k, v) = (randn([1, 4, 12, 6], ScalarType.Float64), randn([1, 2, 12, 6], ScalarType.Float64), randn([1, 2, 12, 6], ScalarType.Float64));
        var packed = GroupedQueryAttention.Apply(q, k, v, offsets: [0, 5, 12]);
        Tensor Alone(long from, long count) =>
            GroupedQueryAttention.Apply(q.narrow(2, from, count), k.narrow(2, from, count), v.narrow(2, from, count));
        Assert.True(packed.allclose(cat([Alone(0, 5), Alone(5, 7)], 2), 1e-12, 1e-12));
        Assert.Throws<TorchException>(() => GroupedQueryAttention.Apply(q, k, v, offsets: [0, 5]));
    }

    [Fact]
    public void Grouped_query_attention_is_attention_over_repeated_heads()
    {
        using var scope = NewDisposeScope();
        var (q, k, v) = (randn([2, 6, 5, 4], ScalarType.Float64), randn([2, 2, 5, 4], ScalarType.Float64),
            randn([2, 2, 5, 4], ScalarType.Float64));
        var expected = nn.functional.scaled_dot_product_attention(q, k.repeat_interleave(3, 1), v.repeat_interleave(3, 1),
            is_casual: true);

        Assert.True(GroupedQueryAttention.Apply(q, k, v).allclose(expected, 1e-12, 1e-12));
        Assert.True(GroupedQueryAttention.Composition(q, k, v).allclose(expected, 1e-12, 1e-12));
    }

    [Fact]
    public void A_mask_hides_what_it_hides()
    {
        using var scope = NewDisposeScope();
        var (q, k, v) = (randn(1, 2, 1, 4), randn(1, 2, 3, 4), randn(1, 2, 3, 4));
        var seen = tensor(Enumerable.Range(0, 3).Select(i => i < 2).ToArray()).view(1, 1, 1, 3);
        var expected = GroupedQueryAttention.Apply(q, k.narrow(2, 0, 2), v.narrow(2, 0, 2));

        Assert.True(GroupedQueryAttention.Apply(q, k, v, causal: false, mask: seen).allclose(expected, 1e-5, 1e-6));
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void Linear_cross_entropy_is_cross_entropy_of_the_logits(ScalarType type, double tolerance)
    {
        using var scope = NewDisposeScope();
        var targets = randint(0, 97, [41]);
        targets[3].fill_(-100);
        targets[40].fill_(-100);
        long[][] shapes = [[41, 13], [97, 13]];
        Func<Tensor[], Tensor> plain = x =>
            nn.functional.cross_entropy(x[0].matmul(x[1].t()), targets, reduction: nn.Reduction.Sum);
        Same(type, tolerance, shapes, x => LinearCrossEntropy.Apply(x[0], x[1], targets).Loss, plain);
        Same(type, tolerance, shapes, x => LinearCrossEntropy.Composition(x[0], x[1], targets).Loss, plain);
    }

    /// <summary>transformers' LabelSmoother: (1 - epsilon) * nll + epsilon * the mean of -log p over the classes.</summary>
    [Theory]
    [MemberData(nameof(Types))]
    public void Linear_cross_entropy_smooths_and_weighs_rows_as_pytorch_does(ScalarType type, double tolerance)
    {
        using var scope = NewDisposeScope();
        long[][] shapes = [[33, 7], [19, 7]];
        var targets = randint(0, 19, [33]);
        targets[4].fill_(-100);
        var weights = rand([33], type);
        Func<Tensor[], Tensor> plain = x =>
        {
            var logps = nn.functional.log_softmax(x[0].matmul(x[1].t()), 1);
            var loss = -logps.gather(1, targets.clamp_min(0).unsqueeze(1)).squeeze(1) * 0.9 - logps.mean([1]) * 0.1;
            return (loss * weights * targets.ne(-100)).sum();
        };
        Same(type, tolerance, shapes, x => LinearCrossEntropy.Apply(x[0], x[1], targets, -100, weights, 0.1).Loss, plain);
        Same(type, tolerance, shapes, x => LinearCrossEntropy.Composition(x[0], x[1], targets, -100, weights, 0.1).Loss, plain);
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void Linear_log_probabilities_are_gathered_log_softmax(ScalarType type, double tolerance)
    {
        using var scope = NewDisposeScope();
        long[][] shapes = [[33, 7], [19, 7]];
        var (targets, seeds) = (randint(0, 19, [33]), randn([33], type));
        Func<Tensor[], Tensor> plain = x =>
            (nn.functional.log_softmax(x[0].matmul(x[1].t()), 1).gather(1, targets.unsqueeze(1)).squeeze(1) * seeds).sum();
        Same(type, tolerance, shapes, x => (LinearLogProbabilities.Apply(x[0], x[1], targets) * seeds).sum(), plain);
        Same(type, tolerance, shapes, x => (LinearLogProbabilities.Composition(x[0], x[1], targets) * seeds).sum(), plain);
    }

    [Fact]
    public void Linear_cross_entropy_counts_rows_hits_and_entropy()
    {
        using var scope = NewDisposeScope();
        var (hidden, weight, targets) = (randn([33, 7], ScalarType.Float64), randn([19, 7], ScalarType.Float64),
            randint(0, 19, [33]));
        targets[0].fill_(-100);
        var logps = nn.functional.log_softmax(hidden.matmul(weight.t()).narrow(0, 1, 32), 1);
        var expected = tensor([32.0, logps.argmax(1).eq(targets.narrow(0, 1, 32)).sum().item<long>(),
            -(logps.exp() * logps).sum().item<double>()]);

        Assert.True(LinearCrossEntropy.Apply(hidden, weight, targets).Statistics.allclose(expected, 1e-10));
        Assert.True(LinearCrossEntropy.Composition(hidden, weight, targets).Statistics.allclose(expected, 1e-10));
    }

    [Fact]
    public void Linear_cross_entropy_over_several_chunks_is_that_over_one()
    {
        using var scope = NewDisposeScope();
        // 60,000 classes make chunks of 139 rows.
        var (hidden, weight, targets) = (randn([300, 4]), randn([60_000, 4]), randint(0, 60_000, [300]));
        var expected = nn.functional.cross_entropy(hidden.matmul(weight.t()), targets, reduction: nn.Reduction.Sum).item<float>();

        Assert.Equal(expected, LinearCrossEntropy.Apply(hidden, weight, targets).Loss.item<float>(), expected * 1e-5);
        Assert.Equal(expected, LinearCrossEntropy.Composition(hidden, weight, targets).Loss.item<float>(), expected * 1e-5);
    }

    [Fact]
    public void Linear_cross_entropy_of_rows_that_all_do_not_count_is_0()
    {
        using var scope = NewDisposeScope();
        var hidden = randn([2, 4], requires_grad: true);
        var loss = LinearCrossEntropy.Apply(hidden, randn(5, 4), full([2], -100)).Loss;
        loss.backward();

        Assert.Equal(0, loss.item<float>());
        Assert.Equal(0, hidden.grad!.abs().sum().item<float>());
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void A_fused_AdamW_step_is_its_composition(ScalarType type, double tolerance)
    {
        using var scope = NewDisposeScope();
        var options = new AdamWOptions(0.01, 0.9, 0.95, 1e-8, 0.1);
        var (p, g, m, v) = (randn([101], type), randn([101], type), randn([101], type), rand([101], type));
        var (p2, m2, v2) = (p.clone(), m.clone(), v.clone());
        for (var step = 1; step <= 3; step++)
        {
            FusedAdamW.Step(p, g, m, v, step, options);
            FusedAdamW.Composition(p2, g, m2, v2, step, options);
        }

        Assert.True(p.allclose(p2, tolerance, tolerance));
        Assert.True(m.allclose(m2, tolerance, tolerance));
        Assert.True(v.allclose(v2, tolerance, tolerance));
    }

    /// <summary>Entries of bitsandbytes' create_dynamic_map, worked out by hand: 0.55e-6 is the middle of the lowest decade.</summary>
    [Fact]
    public void The_steps_of_8_bit_moments_are_those_of_bitsandbytes()
    {
        var (signed, unsigned) = (BlockwiseAdamW.DynamicTable(signed: true), BlockwiseAdamW.DynamicTable(signed: false));
        Assert.Equal((256, 256), (signed.Length, unsigned.Length));
        Assert.Equal([-0.9929687f, 0f, 0.55e-6f, 1f], [signed[0], signed[127], signed[128], signed[255]], new Near());
        Assert.Equal([0f, 0.325e-6f, 0.775e-6f, 0.9964844f, 1f], [unsigned[0], unsigned[1], unsigned[2], unsigned[254], unsigned[255]], new Near());
        Assert.Equal(unsigned.Order(), unsigned);
    }

    private sealed class Near : IEqualityComparer<float>
    {
        public bool Equals(float x, float y) => Math.Abs(x - y) <= 1e-6f * Math.Max(Math.Abs(x), Math.Abs(y));

        public int GetHashCode(float obj) => 0;
    }

    [Fact]
    public void An_8_bit_AdamW_step_is_its_composition_and_close_to_AdamW()
    {
        using var scope = NewDisposeScope();
        var options = new AdamWOptions(0.01, 0.9, 0.95, 1e-8, 0.1);
        var (p, m, v) = (randn(1000), zeros(1000), zeros(1000));
        var (p1, p2) = (p.clone(), p.clone());
        using var native = new BlockwiseAdamW(p1);
        using var composed = new BlockwiseAdamW(p2);
        for (var step = 1; step <= 4; step++)
        {
            var g = randn(1000);
            FusedAdamW.Composition(p, g, m, v, step, options);
            native.Step(p1, g, step, options);
            composed.Composition(p2, g, step, options);
        }

        // A number that lies between two of the 256 codes may fall either way by its last bit: rarely, and then by a step of the codes.
        var differs = (p1 - p2).abs();
        Assert.InRange(differs.gt(1e-5 + (1e-4 * p2.abs())).sum().item<long>(), 0, 5);
        Assert.InRange(differs.max().item<float>(), 0, 2e-3f);
        Assert.True(native.SecondLargest.allclose(composed.SecondLargest, 1e-3, 0));
        Assert.InRange((p1 - p).abs().mean().item<float>(), 1e-7f, 2e-3f); // steps of 0.01
    }

    [Fact]
    public void The_native_kernels_are_what_runs_for_float32_on_the_CPU()
    {
        using var scope = NewDisposeScope();
        var x = randn(2, 4);
        Native.Check(Native.wb_rms_norm(x.handle, ones(4).handle, 1e-6, out var norm));
        Native.Check(Native.wb_swiglu(x.handle, x.handle, out var gated));
        Native.Check(Native.wb_linear_cross_entropy(x.handle, x.handle, tensor([0L, 1L]).handle, ((Tensor?)null).OrNone(), -100,
            0, false, out var loss, out var statistics));
        Native.Check(Native.wb_linear_log_probabilities(x.handle, x.handle, tensor([0L, 1L]).handle, false, out var logps));
        Native.Check(Native.wb_kernel_linear(x.handle, x.handle, ((Tensor?)null).OrNone(), false, out var product));
        nint[] results = [norm, gated, loss, statistics, logps, product];

        Assert.DoesNotContain(0, results);
        foreach (var result in results)
        {
            new Tensor(result).Dispose();
        }
    }

    [Fact]
    public void Narrow_types_go_through_the_composition()
    {
        using var scope = NewDisposeScope();
        var x = randn(2, 8).bfloat16();

        Assert.Equal(ScalarType.BFloat16, RmsNorm.Apply(x, ones(8).bfloat16(), 1e-6).dtype);
        Assert.Equal(ScalarType.BFloat16, SwiGlu.Apply(x, x).dtype);
    }

    [Fact]
    public void Gradients_are_the_same_on_every_run()
    {
        using var scope = NewDisposeScope();
        var (x, w) = (randn([501, 96], requires_grad: true), randn([96], requires_grad: true));
        var first = autograd.grad([RmsNorm.Apply(x, w, 1e-6).square().sum()], [x, w]);
        var second = autograd.grad([RmsNorm.Apply(x, w, 1e-6).square().sum()], [x, w]);

        Assert.True(first[0].Equals(second[0]));
        Assert.True(first[1].Equals(second[1]));
    }

    private static void Same(ScalarType type, double tolerance, long[][] shapes, Func<Tensor[], Tensor> kernel,
        Func<Tensor[], Tensor> composition)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(7);
        var inputs = shapes.Select(shape => randn(shape, type, requires_grad: true, generator: generator)).ToArray();
        var (actual, expected) = (kernel(inputs), composition(inputs));
        Close("value", actual, expected, tolerance);
        var weights = randn(expected.shape, type, generator: generator);
        var actuals = autograd.grad([(actual * weights).sum()], inputs);
        var expecteds = autograd.grad([(expected * weights).sum()], inputs);
        for (var i = 0; i < inputs.Length; i++)
        {
            Close($"gradient {i}", actuals[i], expecteds[i], tolerance);
        }
    }

    private static void Close(string what, Tensor actual, Tensor expected, double tolerance)
    {
        Assert.Equal(expected.shape, actual.shape);
        var scale = Math.Max(1, expected.abs().max().to_type(ScalarType.Float64).item<double>());
        var difference = (actual - expected).abs().max().to_type(ScalarType.Float64).item<double>();
        Assert.True(difference <= tolerance * scale, $"{what}: off by {difference} of {scale}");
    }
}
