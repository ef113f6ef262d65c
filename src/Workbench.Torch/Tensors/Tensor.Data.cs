using System.Runtime.InteropServices;

using TorchSharp.Utils;

using Workbench.Torch.Interop;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        /// <summary>
        /// The elements, read where they lie; of a tensor on another device, a copy of them.
        /// <typeparamref name="T"/> must be the element type (float16 reads as <see cref="Half"/>).
        /// </summary>
        public TensorAccessor<T> data<T>() where T : unmanaged
        {
            ValidateType(typeof(T));
            return new TensorAccessor<T>(is_cpu() ? this : cpu());
        }

        /// <summary>The value of a tensor of one element.</summary>
        public T item<T>() where T : unmanaged =>
            NumberOfElements == 1
                ? data<T>()[0]
                : throw new ArgumentException(
                    $"only a tensor of one element is a number; this one has the shape [{string.Join(", ", shape)}]");

        /// <summary>The value of a tensor of one element, whatever its type.</summary>
        public Scalar ToScalar()
        {
            Native.Check(Native.wb_item(handle, out var value));
            return new Scalar(value, value.Kind == 1 ? ScalarType.Float64 : value.Kind == 2 ? ScalarType.Bool : ScalarType.Int64);
        }

        /// <summary>The elements' memory; only of a contiguous tensor on the CPU, and only while it lives.</summary>
        public unsafe Span<byte> bytes
        {
            get
            {
                if (!is_contiguous())
                {
                    throw new InvalidOperationException(
                        "the bytes of a tensor that is not contiguous are scattered; call contiguous() first");
                }

                return new Span<byte>((void*)DataPointer(), checked((int)(NumberOfElements * ElementSize)));
            }

            set
            {
                var own = bytes;
                if (own.Length != value.Length)
                {
                    throw new ArgumentException($"the tensor holds {own.Length} bytes, but {value.Length} were given",
                        nameof(value));
                }

                value.CopyTo(own);
            }
        }

        internal nint DataPointer()
        {
            Native.Check(Native.wb_data_ptr(handle, out var pointer));
            return pointer;
        }

        internal void ValidateType(Type dotnetType)
        {
            var expected = dtype switch
            {
                ScalarType.Byte => typeof(byte),
                ScalarType.Int8 => typeof(sbyte),
                ScalarType.Int16 => typeof(short),
                ScalarType.Int32 => typeof(int),
                ScalarType.Int64 => typeof(long),
                ScalarType.Bool => typeof(bool),
                ScalarType.Float16 => typeof(Half),
                ScalarType.Float32 => typeof(float),
                ScalarType.Float64 => typeof(double),
                _ => null,
            };
            if (dotnetType != expected)
            {
                throw new ArgumentException($"{dotnetType.Name} is not compatible with {dtype}");
            }
        }

        /// <summary>Copies the elements, row by row, into memory of the caller's.</summary>
        internal unsafe void CopyElementsTo<T>(Span<T> target) where T : unmanaged
        {
            using var contiguous = is_contiguous() ? alias().DetachFromDisposeScope()
                : this.contiguous().DetachFromDisposeScope();
            var source = new ReadOnlySpan<byte>((void*)contiguous.DataPointer(),
                checked((int)(contiguous.NumberOfElements * sizeof(T))));
            source.CopyTo(MemoryMarshal.AsBytes(target));
        }
    }
}
