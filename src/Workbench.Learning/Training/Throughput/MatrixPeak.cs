using System.Collections.Concurrent;
using System.Diagnostics;
using Workbench.Torch.Kernels;
using static TorchSharp.torch;

namespace Workbench.Learning.Training.Throughput;

/// <summary>How fast this machine multiplies matrices: what a model's use of it (MFU) is measured against.</summary>
internal static class MatrixPeak
{
    private const int Size = 1024;
    private static readonly TimeSpan Budget = TimeSpan.FromSeconds(0.4);

    private static readonly ConcurrentDictionary<(string Device, int Threads, bool BFloat16), double> Measured = new();

    /// <summary>Operations a second, the best of many products, since others may want the cores too; measured once in a process for each device, number of threads and precision.</summary>
    public static double Of(Device device, bool bfloat16 = false) =>
        Measured.GetOrAdd((device.ToString(), get_num_threads(), bfloat16), key => Measure(device, key.BFloat16));

    private static double Measure(Device device, bool bfloat16)
    {
        using var off = no_grad();
        using var scope = NewDisposeScope();
        var (a, b) = (ones([Size, Size], device: device), ones([Size, Size], device: device));
        var best = double.PositiveInfinity;
        var all = Stopwatch.StartNew();
        while (double.IsPositiveInfinity(best) || all.Elapsed < Budget)
        {
            var clock = Stopwatch.StartNew();
            using var product = LinearProduct.Apply(a, b, bfloat16: bfloat16);
            _ = product[0, 0].item<float>(); // waits for a device that works on its own
            best = Math.Min(best, clock.Elapsed.TotalSeconds);
        }

        return 2.0 * Size * Size * Size / best;
    }
}
