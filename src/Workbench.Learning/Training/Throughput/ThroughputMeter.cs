using Workbench.Learning.Models.Decoder;
using Workbench.Torch.Kernels;
using static TorchSharp.torch;

namespace Workbench.Learning.Training.Throughput;

/// <summary>How fast the steps since the last logged point were. Evaluation and saving are left out.</summary>
internal sealed class ThroughputMeter(DecoderModel model)
{
    private readonly ModelFlops _flops = ModelFlops.Of(model.Config, model.Adapters.Active?.ParameterCount ?? 0);
    private double _peak = MatrixPeak.Of(model.Device, model.BFloat16);
    private long _tokens;
    private double _squaredLengths;
    private double _seconds;

    public void AddBatch(IReadOnlyList<int> lengths)
    {
        _tokens += lengths.Sum(length => (long)length);
        _squaredLengths += lengths.Sum(length => (double)length * length);
    }

    public void AddSeconds(double seconds) => _seconds += seconds;

    /// <summary>Adds <c>tokens_per_second</c>, <c>mfu</c> (share of the matrix peak in the model's precision) and <c>peak_memory_bytes</c>, and begins anew.</summary>
    public void Report(Dictionary<string, double> metrics)
    {
        metrics["tokens_per_second"] = _tokens / _seconds;
        var rate = _flops.Training(_tokens, _squaredLengths) / _seconds;
        _peak = Math.Max(_peak, rate); // what was measured while others had the cores was no peak
        metrics["mfu"] = rate / _peak;
        var memory = MemoryFigures.Read(Math.Max(0, model.Device.index));
        metrics["peak_memory_bytes"] = model.Device.type == TorchSharp.DeviceType.CUDA && memory.Cuda is { } cuda ? cuda.PeakAllocated : memory.PeakResident;
        (_tokens, _squaredLengths, _seconds) = (0, 0, 0);
    }
}
