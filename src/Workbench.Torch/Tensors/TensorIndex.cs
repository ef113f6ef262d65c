using System.Diagnostics.CodeAnalysis;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>One element of <c>t[…]</c>: an integer, a slice, a tensor of indices or truth values, a new axis, the
    /// ellipsis.</summary>
    [SuppressMessage("Performance", "CA1815", Justification = "an index is written, not compared")]
    public struct TensorIndex
    {
        internal enum Kind
        {
            Single,
            Slice,
            Tensor,
            None,
            Ellipsis,
            Bool,
        }

        internal Kind kind;
        internal long? start;
        internal long? stop;
        internal long? step;
        internal torch.Tensor? tensor;

        /// <summary>start:stop:step, any of which may be left out.</summary>
        public static TensorIndex Slice(long? start = null, long? stop = null, long? step = null) =>
            new() { kind = Kind.Slice, start = start, stop = stop, step = step };

        /// <summary>A range; <c>^n</c> counts from the end.</summary>
        public static TensorIndex Slice(Range range) => Slice(Edge(range.Start, atStart: true), Edge(range.End, atStart: false));

        public static TensorIndex Bool(bool value) => new() { kind = Kind.Bool, start = value ? 1 : 0 };

        public static TensorIndex Single(long? index) => new() { kind = Kind.Single, start = index };

        public static TensorIndex Tensor(torch.Tensor tensor) => new() { kind = Kind.Tensor, tensor = tensor };

        public static TensorIndex Ellipsis => new() { kind = Kind.Ellipsis };

        public static TensorIndex None => new() { kind = Kind.None };

        public static TensorIndex Null => new() { kind = Kind.None };

        public static TensorIndex Colon => Slice();

        public static implicit operator TensorIndex(long value) => Single(value);

        public static implicit operator TensorIndex(torch.Tensor tensor) => Tensor(tensor);

        public static implicit operator TensorIndex(Range range) => Slice(range);

        public static implicit operator TensorIndex(Index index) => Single(index.IsFromEnd ? -index.Value : index.Value);

        private static long? Edge(Index index, bool atStart) =>
            index.IsFromEnd ? index.Value == 0 && !atStart ? null : -index.Value : index.Value;
    }
}
