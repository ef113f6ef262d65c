using TorchSharp;
using Workbench.Learning.Models.Decoder;
using Workbench.Learning.Models.Hub;
using Workbench.Learning.Models.Safetensors;
using Workbench.Torch.Kernels;
using static TorchSharp.torch;

namespace Workbench.Learning.Tests.Generation;

/// <summary>The whole decoder in one native call against the model's own forward pass, which PyTorch's goldens cover.</summary>
public sealed class DecodeStepTests : IDisposable
{
    private static readonly int[] Lengths = [2, 9, 20, 31, 5];

    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string> Models => ["tied", "untied", .. TinyModel.Families];

    public void Dispose() => _folder.Dispose();

    private DecoderModel Load(string name, TensorType stored = TensorType.F32) =>
        PretrainedModel.Load(TinyModel.Named(name).Write(_folder[$"{name}-{stored}"], stored), CPU);

    private static float[] Expected(DecoderModel model, int[] ids)
    {
        using var off = no_grad();
        using var scope = NewDisposeScope();
        var hidden = model.Hidden(tensor(ids.Select(id => (long)id).ToArray()).unsqueeze(0));
        return model.Logits(hidden.narrow(1, ids.Length - 1, 1)).data<float>().ToArray();
    }

    /// <summary>The cache of a sequence, of which the model itself computed the first tokens.</summary>
    private static KeyValueCache Prefilled(DecoderModel model, ReadOnlySpan<int> ids)
    {
        using var off = no_grad();
        using var scope = NewDisposeScope();
        var cache = new KeyValueCache(model.Config, 1, 40, CPU);
        var longs = ids.ToArray().Select(id => (long)id).ToArray();
        model.Hidden(tensor(longs).unsqueeze(0), cache);
        return cache;
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void Sequences_of_different_lengths_are_continued_as_the_model_would(string name)
    {
        using var model = Load(name);
        using var step = model.CreateDecodeStep(HeldWeights.Float32);
        Assert.SkipWhen(step is null, "The native shim is not built on this machine.");
        var random = new SplitMix64(7);
        int[][] sequences = [.. Lengths.Select(length => Enumerable.Range(0, length).Select(_ => (int)(random.NextDouble() * model.Config.VocabSize)).ToArray())];
        var caches = sequences.Select(ids => Prefilled(model, ids.AsSpan(0, ids.Length - 1))).ToArray();
        for (var slot = 0; slot < caches.Length; slot++)
        {
            step.Bind(slot, caches[slot].Keys, caches[slot].Values);
        }

        var vocabulary = model.Config.VocabSize;
        long[] slots = [3, 0, 4, 1, 2];
        var together = new float[slots.Length * vocabulary];
        var totals = new double[slots.Length];
        step.Run([.. slots.Select(slot => (long)sequences[slot][^1])], slots, [.. slots.Select(slot => sequences[slot].Length - 1L)], together, totals);
        for (var i = 0; i < slots.Length; i++)
        {
            var slot = slots[i];
            var logits = together.AsSpan(i * vocabulary, vocabulary).ToArray();
            Assert.All(Expected(model, sequences[slot]).Zip(logits), pair => Assert.Equal(pair.First, pair.Second, 2e-4f));

            Assert.Equal(Math.Log(logits.Sum(logit => Math.Exp(logit))), totals[i], 1e-6);

            var (alone, total) = (new float[vocabulary], new double[1]);
            step.Run([sequences[slot][^1]], [slot], [sequences[slot].Length - 1], alone, total);
            Assert.Equal(alone, logits); // to the last bit
            Assert.Equal(totals[i], total[0]);
        }

        foreach (var cache in caches)
        {
            cache.Dispose();
        }
    }

    [Fact]
    public void Weights_that_bfloat16_holds_exactly_lose_nothing_and_others_are_rounded_only_when_asked()
    {
        float[] Logits(DecoderModel model, HeldWeights held)
        {
            using var step = model.CreateDecodeStep(held);
            Assert.SkipWhen(step is null, "The native shim is not built on this machine.");
            using var cache = Prefilled(model, [4, 8, 15]);
            step.Bind(0, cache.Keys, cache.Values);
            var logits = new float[model.Config.VocabSize];
            step.Run([16], [0], [3], logits, new double[1]);
            return logits;
        }

        using var exact = Load("tied", TensorType.BF16);
        Assert.Equal(Logits(exact, HeldWeights.Float32), Logits(exact, HeldWeights.BFloat16WhereExact)); // to the last bit
        Assert.NotEqual(Logits(exact, HeldWeights.Float32), Logits(exact, HeldWeights.BFloat16));

        using var model = Load("tied");
        Assert.Equal(Logits(model, HeldWeights.Float32), Logits(model, HeldWeights.BFloat16WhereExact));
        Assert.NotEqual(Logits(model, HeldWeights.Float32), Logits(model, HeldWeights.BFloat16));
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void In_bfloat16_both_factors_are_rounded_as_in_the_model(string name)
    {
        using var model = Load(name);
        var float32 = Expected(model, [4, 8, 15, 16, 23]);
        model.BFloat16 = true;
        using var step = model.CreateDecodeStep(HeldWeights.BFloat16);
        Assert.SkipWhen(step is null, "The native shim is not built on this machine.");
        using var cache = Prefilled(model, [4, 8, 15, 16]);
        step.Bind(0, cache.Keys, cache.Values);
        var logits = new float[model.Config.VocabSize];
        step.Run([23], [0], [4], logits, new double[1]);
        var expected = Expected(model, [4, 8, 15, 16, 23]);

        double Distance(float[] from) => from.Zip(logits, (a, b) => Math.Abs(a - b)).Max();
        Assert.InRange(Distance(expected), 0, 0.2 * Distance(float32)); // what rounding does is reproduced, but for last bits that round the other way
    }

    [Fact]
    public void What_is_outside_the_model_or_the_cache_is_refused()
    {
        using var model = Load("tied");
        using var step = model.CreateDecodeStep(HeldWeights.Float32);
        Assert.SkipWhen(step is null, "The native shim is not built on this machine.");
        using var cache = Prefilled(model, [1, 2]);
        step.Bind(0, cache.Keys, cache.Values);
        void Refused(long id, long slot, long position) => Assert.Contains(
            "outside", Assert.ThrowsAny<Exception>(() => step.Run([id], [slot], [position], new float[model.Config.VocabSize], new double[1])).Message, StringComparison.Ordinal);

        Refused(61, 0, 2);
        Refused(-1, 0, 2);
        Refused(1, 1, 2);
        Refused(1, 0, 40);
        step.Release(0);
        Refused(1, 0, 2);
        Assert.Throws<ArgumentException>(() => step.Run([1, 2], [0], [2, 3], new float[200], new double[2]));
        Assert.Throws<ArgumentException>(() => step.Run([1], [0], [2], new float[3], new double[1]));
    }
}
