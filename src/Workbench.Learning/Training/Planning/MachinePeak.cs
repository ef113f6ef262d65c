using TorchSharp;
using Workbench.Learning.Models.Decoder;
using Workbench.Learning.Training.Throughput;

namespace Workbench.Learning.Training.Planning;

/// <summary>How fast this machine could be at best for a run that is about to start.</summary>
public static class MachinePeak
{
    /// <summary>Operations a second of large matrix products, as <see cref="MatrixPeak"/> measures them; of one core for models that train on one.</summary>
    public static double Of(RunConfig config, DecoderConfig model)
    {
        var device = TrainingDevice.Resolve(config.Device);
        var peak = MatrixPeak.Of(device, config.Bf16);
        return device.type == DeviceType.CPU && model.ParameterCount < TrainingRun.OneThreadBelow ? peak / Math.Max(1, torch.get_num_threads()) : peak;
    }
}
