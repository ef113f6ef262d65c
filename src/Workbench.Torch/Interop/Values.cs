using System.Runtime.InteropServices;

using TorchSharp;

namespace Workbench.Torch.Interop;

/// <summary>A number of any kind, as shim.h's ScalarValue.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct ScalarValue
{
    public long Integer;
    public double Real;
    public int Kind;

    public static ScalarValue Of(long value) => new() { Integer = value, Real = value, Kind = 0 };
    public static ScalarValue Of(double value) => new() { Real = value, Kind = 1 };
    public static ScalarValue Of(bool value) => new() { Integer = value ? 1 : 0, Real = value ? 1 : 0, Kind = 2 };
}

/// <summary>Element type and place of a new tensor, as shim.h's TensorPlace; -1 leaves either to libtorch.</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly struct TensorPlace(torch.ScalarType? dtype, torch.Device? device, bool requiresGrad = false)
{
    private readonly int _dtype = dtype is { } d ? (int)d : -1;
    private readonly int _deviceType = device is null ? -1 : (int)device.type;
    private readonly int _deviceIndex = device is null ? -1 : device.index;
    private readonly int _requiresGrad = requiresGrad ? 1 : 0;
}

/// <summary>One element of t[…], as shape.cpp's IndexValue.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct IndexValue
{
    public int Kind;
    public int Given;
    public long Start;
    public long Stop;
    public long Step;
    public nint Tensor;
}
