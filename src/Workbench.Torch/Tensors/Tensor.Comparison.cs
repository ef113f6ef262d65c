using Workbench.Torch.Interop;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        /// <summary>Where self is equal, broadcast.</summary>
        public Tensor eq(Tensor target) => Take(Native.wb_eq(handle, target.handle, out var result), result);

        public Tensor eq(Scalar target) => Take(Native.wb_eq_scalar(handle, target.value, out var result), result);

        public Tensor equal(Tensor target) => eq(target);

        /// <summary>Where self is unequal, broadcast.</summary>
        public Tensor ne(Tensor target) => Take(Native.wb_ne(handle, target.handle, out var result), result);

        public Tensor ne(Scalar target) => Take(Native.wb_ne_scalar(handle, target.value, out var result), result);

        public Tensor not_equal(Tensor target) => ne(target);

        /// <summary>Where self is smaller, broadcast.</summary>
        public Tensor lt(Tensor target) => Take(Native.wb_lt(handle, target.handle, out var result), result);

        public Tensor lt(Scalar target) => Take(Native.wb_lt_scalar(handle, target.value, out var result), result);

        public Tensor less(Tensor target) => lt(target);

        /// <summary>Where self is smaller or equal, broadcast.</summary>
        public Tensor le(Tensor target) => Take(Native.wb_le(handle, target.handle, out var result), result);

        public Tensor le(Scalar target) => Take(Native.wb_le_scalar(handle, target.value, out var result), result);

        public Tensor less_equal(Tensor target) => le(target);

        /// <summary>Where self is larger, broadcast.</summary>
        public Tensor gt(Tensor target) => Take(Native.wb_gt(handle, target.handle, out var result), result);

        public Tensor gt(Scalar target) => Take(Native.wb_gt_scalar(handle, target.value, out var result), result);

        public Tensor greater(Tensor target) => gt(target);

        /// <summary>Where self is larger or equal, broadcast.</summary>
        public Tensor ge(Tensor target) => Take(Native.wb_ge(handle, target.handle, out var result), result);

        public Tensor ge(Scalar target) => Take(Native.wb_ge_scalar(handle, target.value, out var result), result);

        public Tensor greater_equal(Tensor target) => ge(target);

        public Tensor logical_and(Tensor other) => Take(Native.wb_logical_and(handle, other.handle, out var result), result);

        public Tensor logical_or(Tensor other) => Take(Native.wb_logical_or(handle, other.handle, out var result), result);

        public Tensor bitwise_and(Tensor other) => Take(Native.wb_bitwise_and(handle, other.handle, out var result), result);

        public Tensor bitwise_or(Tensor other) => Take(Native.wb_bitwise_or(handle, other.handle, out var result), result);

        public Tensor bitwise_xor(Tensor other) => Take(Native.wb_bitwise_xor(handle, other.handle, out var result), result);

        /// <summary>Whether both have the same shape and the same elements.</summary>
        public bool Equals(Tensor target)
        {
            if (target is null)
            {
                return false;
            }

            Native.Check(Native.wb_equal(handle, target.handle, out var equal));
            return equal;
        }

        public override bool Equals(object? obj) => obj is Tensor other && Equals(other);

        /// <summary>Of the object, not of its elements, which change.</summary>
        public override int GetHashCode() => System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(this);

        /// <summary>Whether |self - target| &lt;= atol + rtol * |target| everywhere.</summary>
        public bool allclose(Tensor target, double rtol = 1e-05, double atol = 1e-08, bool equal_nan = false)
        {
            if (target is null)
            {
                return false;
            }

            Native.Check(Native.wb_allclose(handle, target.handle, rtol, atol, equal_nan, out var close));
            return close;
        }
    }
}
