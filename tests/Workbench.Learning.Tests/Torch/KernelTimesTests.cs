using System.Diagnostics;
using Workbench.Torch.Kernels;
using static TorchSharp.torch;

namespace Workbench.Learning.Tests.Torch;

[Collection(nameof(Alone))]
public sealed class KernelTimesTests
{
    private static KernelTimes Spent(Action work)
    {
        var before = KernelTimes.Read();
        work();
        return KernelTimes.Read() - before;
    }

    [Fact]
    public void A_part_within_another_counts_for_itself_alone()
    {
        using var scope = NewDisposeScope();
        var (hidden, weight) = (randn(64, 32, requires_grad: true), randn(500, 32, requires_grad: true));
        var targets = randint(0, 500, [64]);
        var clock = Stopwatch.StartNew();
        var spent = Spent(() => LinearCrossEntropy.Apply(hidden, weight, targets).Loss.backward());
        var elapsed = clock.Elapsed.TotalSeconds;
        Assert.True(spent.Products > 0 && spent.Loss > 0, $"{spent}");
        Assert.Equal(0, spent.Attention + spent.Norms + spent.Activations + spent.Rotary + spent.Rounding + spent.Optimizer);
        Assert.True(spent.Products + spent.Loss <= elapsed, $"{spent} in {elapsed} s");
        Assert.Equal(1, spent.SharesOf(elapsed).Values.Sum(), 1e-9);
    }

    [Fact]
    public void Each_kernel_counts_for_its_part()
    {
        using var scope = NewDisposeScope();
        var x = randn(8, 64, requires_grad: true);
        Assert.True(Spent(() => RmsNorm.Apply(x, ones(64), 1e-5)).Norms > 0);
        Assert.True(Spent(() => SwiGlu.Apply(x, x)).Activations > 0);
        Assert.True(Spent(() => LinearProduct.Apply(x, randn(16, 64), null, true)).Rounding > 0);
        Assert.True(Spent(() => LinearProduct.Apply(x, randn(16, 64), null, false)).Products > 0);
        var heads = randn(1, 2, 8, 32);
        Assert.True(Spent(() => GroupedQueryAttention.Apply(heads, heads, heads)).Attention > 0);
    }
}
