using Workbench.Torch.Interop;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        /// <summary>The same values as another element type; without <paramref name="copy"/> the very same tensor where nothing
        /// changes.</summary>
        public Tensor to_type(ScalarType type, bool copy = false, bool disposeAfter = false, bool non_blocking = false) =>
            To(new TensorPlace(type, null), copy, disposeAfter, non_blocking);

        public Tensor to(DeviceType deviceType, int deviceIndex = -1, bool copy = false, bool disposeAfter = false,
            bool non_blocking = false) =>
            To(new TensorPlace(null, new Device(deviceType, deviceIndex)), copy, disposeAfter, non_blocking);

        public Tensor to(ScalarType type, Device device, bool copy = false, bool disposeAfter = false,
            bool non_blocking = false) =>
            To(new TensorPlace(type, device), copy, disposeAfter, non_blocking);

        public Tensor to(ScalarType type, bool copy = false, bool disposeAfter = false, bool non_blocking = false) =>
            To(new TensorPlace(type, null), copy, disposeAfter, non_blocking);

        public Tensor to(string device, bool copy = false, bool disposeAfter = false, bool non_blocking = false) =>
            to(new Device(device), copy, disposeAfter, non_blocking);

        public Tensor to(Device device, bool copy = false, bool disposeAfter = false, bool non_blocking = false) =>
            To(new TensorPlace(null, device), copy, disposeAfter, non_blocking);

        /// <summary>As the element type and on the device of another tensor.</summary>
        public Tensor to(Tensor other, bool copy = false, bool disposeAfter = false, bool non_blocking = false) =>
            To(new TensorPlace(other.dtype, other.device), copy, disposeAfter, non_blocking);

        public Tensor type(ScalarType dtype) => to(dtype);

        public Tensor type_as(Tensor tensor) => to_type(tensor.dtype);

        public Tensor cpu(bool disposeAfter = false, bool non_blocking = false) =>
            to(DeviceType.CPU, -1, false, disposeAfter, non_blocking);

        public Tensor cuda(Device? device = null, bool disposeAfter = false, bool non_blocking = false) =>
            to(device ?? CUDA, false, disposeAfter, non_blocking);

        public Tensor @float() => to_type(ScalarType.Float32);

        public Tensor @double() => to_type(ScalarType.Float64);

        public Tensor @long() => to_type(ScalarType.Int64);

        public Tensor @int() => to_type(ScalarType.Int32);

        public Tensor @bool() => to_type(ScalarType.Bool);

        public Tensor half() => to_type(ScalarType.Float16);

        public Tensor bfloat16() => to_type(ScalarType.BFloat16);

        public Tensor contiguous() => Take(Native.wb_contiguous(handle, out var result), result);

        /// <summary>A copy of its own memory, through which gradients flow.</summary>
        public Tensor clone() => Take(Native.wb_clone(handle, out var result), result);

        /// <summary>The same elements, cut off from the graph of gradients.</summary>
        public Tensor detach() => Take(Native.wb_detach(handle, out var result), result);

        public Tensor detach_() => Same(Native.wb_detach_(handle));

        /// <summary>Takes over the values of <paramref name="source"/>, broadcast and converted as needed.</summary>
        public Tensor copy_(Tensor source, bool nonBlocking = false) => Same(Native.wb_copy_(handle, source.handle, nonBlocking));

        internal bool toWillCopy(ScalarType dtype, Device device) =>
            this.dtype != dtype || device_type != device.type || (device.index >= 0 && device_index != device.index);

        private Tensor To(in TensorPlace place, bool copy, bool disposeAfter, bool nonBlocking)
        {
            var result = Take(Native.wb_to(handle, place, copy, nonBlocking, out var converted), converted);
            if (disposeAfter)
            {
                Dispose();
            }

            return result;
        }
    }
}
