using Workbench.Torch.Interop;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        /// <summary>The number of dimensions.</summary>
        public long Dimensions
        {
            get
            {
                Native.Check(Native.wb_ndim(handle, out var count));
                return count;
            }
        }

        public long dim() => Dimensions;

        public long ndim => Dimensions;

        /// <summary>The number of elements.</summary>
        public long NumberOfElements
        {
            get
            {
                Native.Check(Native.wb_numel(handle, out var count));
                return count;
            }
        }

        public long numel() => NumberOfElements;

        /// <summary>Bytes an element takes.</summary>
        public long ElementSize
        {
            get
            {
                Native.Check(Native.wb_element_size(handle, out var bytes));
                return bytes;
            }
        }

        public long element_size() => ElementSize;

        /// <summary>The size of each dimension.</summary>
        public long[] shape => size();

        public long[] size()
        {
            var sizes = new long[Dimensions];
            Native.Check(Native.wb_sizes(handle, sizes, sizes.Length));
            return sizes;
        }

        /// <summary>The size of one dimension; negative counts from the last.</summary>
        public long size(int dim)
        {
            var sizes = size();
            return sizes[Wrapped(dim, sizes.Length)];
        }

        /// <summary>Elements between neighbours along each dimension.</summary>
        public long[] stride()
        {
            var strides = new long[Dimensions];
            Native.Check(Native.wb_strides(handle, strides, strides.Length));
            return strides;
        }

        public long stride(int dim)
        {
            var strides = stride();
            return strides[Wrapped(dim, strides.Length)];
        }

        /// <summary>The first element's place in the underlying storage, in elements.</summary>
        public long storage_offset()
        {
            Native.Check(Native.wb_storage_offset(handle, out var offset));
            return offset;
        }

        public bool is_contiguous()
        {
            Native.Check(Native.wb_is_contiguous(handle, out var contiguous));
            return contiguous;
        }

        public ScalarType dtype
        {
            get
            {
                Native.Check(Native.wb_dtype(handle, out var dtype));
                return (ScalarType)dtype;
            }
        }

        public bool is_integral() => torch.is_integral(dtype);

        public bool is_floating_point() => torch.is_floating_point(dtype);

        public bool is_complex() => torch.is_complex(dtype);

        public Device device
        {
            get
            {
                Native.Check(Native.wb_device(handle, out var type, out var index));
                return type == (int)DeviceType.CPU ? new Device(DeviceType.CPU) : new Device((DeviceType)type, index);
            }
        }

        public DeviceType device_type => device.type;

        public int device_index => device.index;

        public bool is_cuda => device_type == DeviceType.CUDA;

        public bool is_cpu() => device_type == DeviceType.CPU;

        private static int Wrapped(int dim, int count)
        {
            var wrapped = dim < 0 ? dim + count : dim;
            return wrapped >= 0 && wrapped < count
                ? wrapped
                : throw new ArgumentOutOfRangeException(nameof(dim), dim, $"the tensor has {count} dimensions");
        }
    }
}
