using System.Globalization;
using TorchSharp;
using static TorchSharp.torch;

namespace Workbench.Learning.Training;

/// <summary>The device that a name means on this machine.</summary>
public static class TrainingDevice
{
    /// <param name="name"><c>auto</c>, <c>cpu</c>, <c>cuda</c> or <c>cuda:N</c>.</param>
    /// <exception cref="TrainingException">CUDA is asked for and not there.</exception>
    public static Device Resolve(string name)
    {
        if (name == "cpu" || (name == "auto" && !cuda.is_available()))
        {
            return CPU;
        }

        if (!cuda.is_available())
        {
            throw new TrainingException($"device is \"{name}\", but libtorch finds no CUDA device here: set device to \"cpu\" or \"auto\".");
        }

        var index = name.StartsWith("cuda:", StringComparison.Ordinal) ? int.Parse(name.AsSpan(5), CultureInfo.InvariantCulture) : 0;
        return index < cuda.device_count()
            ? device($"cuda:{index}")
            : throw new TrainingException($"device is \"{name}\", but there are only {cuda.device_count()} CUDA devices, counted from 0.");
    }
}
