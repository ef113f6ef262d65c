using TorchSharp.Modules;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public partial class Module
        {
            /// <summary>Converts and moves parameters and buffers; those that change are other tensors afterwards.</summary>
            protected internal virtual Module _to(Device device, ScalarType dtype, bool non_blocking)
            {
                _toEpilog(dtype, device, non_blocking);
                return this;
            }

            protected internal virtual Module _to(DeviceType deviceType, int deviceIndex, bool non_blocking)
            {
                _toEpilog(null, new Device(deviceType, deviceIndex), non_blocking);
                return this;
            }

            protected internal virtual Module _to(ScalarType dtype, bool non_blocking)
            {
                _toEpilog(dtype, null, non_blocking);
                return this;
            }

            protected virtual void _toEpilog(ScalarType? dtype, Device? device, bool non_blocking)
            {
                if (dtype is { } type && !is_floating_point(type) && !is_complex(type))
                {
                    throw new ArgumentException(
                        $"nn.Module.to only accepts floating point or complex types, but got desired dtype={type}", nameof(dtype));
                }

                foreach (var child in children())
                {
                    child._toEpilog(dtype, device, non_blocking);
                }

                var fields = Fields().ToLookup(ComponentNameOf);
                foreach (var (key, parameter) in _parameters.ToList())
                {
                    if (ReplaceParameter(dtype, device, parameter, out var replacement))
                    {
                        _parameters[key] = replacement!;
                        SetFields(fields, key, parameter, replacement!);
                        parameter.Dispose();
                    }
                }

                foreach (var (key, (buffer, persistent)) in _buffers.ToList())
                {
                    if (ReplaceBuffer(dtype, device, buffer, out var replacement))
                    {
                        _buffers[key] = (replacement!, persistent);
                        SetFields(fields, key, buffer, replacement!);
                        buffer.Dispose();
                    }
                }
            }

            /// <summary>The parameter under another type or on another device, its gradient with it; false where nothing
            /// changes.</summary>
            protected static bool ReplaceParameter(ScalarType? dtype, Device? device, Parameter param, out Parameter? p)
            {
                p = null;
                var type = dtype is { } wanted && (param.is_floating_point() || param.is_complex()) ? wanted : param.dtype;
                var place = device ?? param.device;
                if (!param.toWillCopy(type, place))
                {
                    return false;
                }

                // The move is no step of the computation: the new parameter is a leaf.
                using var withoutGradients = no_grad();
                p = new Parameter(param.to(type, place), param.requires_grad);
                p.DetachFromDisposeScope();
                using var grad = param.grad;
                if (grad is not null)
                {
                    using var moved = grad.to(type, place);
                    p.grad = moved;
                }

                return true;
            }

            protected static bool ReplaceBuffer(ScalarType? dtype, Device? device, Tensor buffer, out Tensor? result)
            {
                var type = dtype is { } wanted && (buffer.is_floating_point() || buffer.is_complex()) ? wanted : buffer.dtype;
                var place = device ?? buffer.device;
                result = buffer.toWillCopy(type, place) ? buffer.to(type, place).DetachFromDisposeScope() : null;
                return result is not null;
            }

            private void SetFields(ILookup<string, System.Reflection.FieldInfo> fields, string key, Tensor before, Tensor after)
            {
                foreach (var field in fields[key].Where(field => ReferenceEquals(field.GetValue(this), before)))
                {
                    field.SetValue(this, after);
                }
            }
        }
    }
}

/// <summary>Moving and converting a module, with its own type as the result.</summary>
public static class ModuleExtensionMethods
{
    public static T to<T>(this T module, torch.Device device, torch.ScalarType type, bool non_blocking = false) where T
        : torch.nn.Module =>
        (T)module._to(device, type, non_blocking);

    public static T to<T>(this T module, DeviceType deviceType, int deviceIndex = -1, bool non_blocking = false) where T
        : torch.nn.Module =>
        (T)module._to(deviceType, deviceIndex, non_blocking);

    public static T to<T>(this T module, torch.Device device, bool non_blocking = false) where T : torch.nn.Module =>
        (T)module._to(device.type, device.index, non_blocking);

    public static T to<T>(this T module, torch.ScalarType type, bool non_blocking = false) where T : torch.nn.Module =>
        (T)module._to(type, non_blocking);

    public static T to<T>(this T module, string device, bool non_blocking = false) where T : torch.nn.Module =>
        module.to(new torch.Device(device), non_blocking);

    /// <summary>As the element type and on the device of a tensor.</summary>
    public static T to<T>(this T module, torch.Tensor other, bool non_blocking = false) where T : torch.nn.Module =>
        (T)module._to(other.device, other.dtype, non_blocking);

    public static T half<T>(this T module, bool non_blocking = false) where T : torch.nn.Module =>
        module.to(torch.ScalarType.Float16, non_blocking);

    public static T bfloat16<T>(this T module, bool non_blocking = false) where T : torch.nn.Module =>
        module.to(torch.ScalarType.BFloat16, non_blocking);

    public static T @float<T>(this T module, bool non_blocking = false) where T : torch.nn.Module =>
        module.to(torch.ScalarType.Float32, non_blocking);

    public static T @double<T>(this T module, bool non_blocking = false) where T : torch.nn.Module =>
        module.to(torch.ScalarType.Float64, non_blocking);

    public static T cpu<T>(this T module, bool non_blocking = false) where T : torch.nn.Module =>
        (T)module._to(DeviceType.CPU, -1, non_blocking);

    public static T cuda<T>(this T module, int deviceIndex = -1, bool non_blocking = false) where T : torch.nn.Module =>
        (T)module._to(DeviceType.CUDA, deviceIndex, non_blocking);
}
