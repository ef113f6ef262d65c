using Workbench.Torch.Interop;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        private static int TypeOf(ScalarType? type) => type is { } given ? (int)given : -1;

        /// <summary>The sum of all elements.</summary>
        public Tensor sum(ScalarType? type = null) =>
            Take(Native.wb_sum(handle, [], -1, false, TypeOf(type), out var result), result);

        /// <summary>Sums along dimensions.</summary>
        public Tensor sum(long[] dim, bool keepdim = false, ScalarType? type = null) =>
            sum((ReadOnlySpan<long>)dim, keepdim, type);

        public Tensor sum(ReadOnlySpan<long> dim, bool keepdim = false, ScalarType? type = null) =>
            Take(Native.wb_sum(handle, dim, dim.Length, keepdim, TypeOf(type), out var result), result);

        public Tensor sum(long dim, bool keepdim = false, ScalarType? type = null) => sum([dim], keepdim, type);

        public Tensor sum(long dim0, long dim1, bool keepdim = false, ScalarType? type = null) =>
            sum([dim0, dim1], keepdim, type);

        /// <summary>The mean of all elements.</summary>
        public Tensor mean() => Take(Native.wb_mean(handle, [], -1, false, -1, out var result), result);

        /// <summary>Means along dimensions.</summary>
        public Tensor mean(long[] dimensions, bool keepdim = false, ScalarType? type = null) =>
            Take(Native.wb_mean(handle, dimensions, dimensions.Length, keepdim, TypeOf(type), out var result), result);

        /// <summary>The standard deviation of all elements; <paramref name="unbiased"/> divides by n - 1.</summary>
        public Tensor std(bool unbiased = true) => Take(Native.wb_std(handle, [], -1, unbiased, false, out var result), result);

        public Tensor std(long dim, bool unbiased = true, bool keepdim = false, ScalarType? type = null) =>
            Take(Native.wb_std(handle, [dim], 1, unbiased, keepdim, out var result), result);

        /// <summary>The variance of all elements; <paramref name="unbiased"/> divides by n - 1.</summary>
        public Tensor var(bool unbiased = true) => Take(Native.wb_var(handle, [], -1, unbiased, false, out var result), result);

        public Tensor var(long dim, bool unbiased = true, bool keepdim = false, ScalarType? type = null) =>
            Take(Native.wb_var(handle, [dim], 1, unbiased, keepdim, out var result), result);

        /// <summary>The largest of all elements.</summary>
        public Tensor max() => Take(Native.wb_max(handle, out var result), result);

        /// <summary>The largest along a dimension, and where it is.</summary>
        public (Tensor values, Tensor indexes) max(long dim, bool keepdim = false) =>
            Take(Native.wb_max_dim(handle, dim, keepdim, out var values, out var indexes), values, indexes);

        /// <summary>The smallest of all elements.</summary>
        public Tensor min() => Take(Native.wb_min(handle, out var result), result);

        /// <summary>The smallest along a dimension, and where it is.</summary>
        public (Tensor values, Tensor indexes) min(long dim, bool keepdim = false) =>
            Take(Native.wb_min_dim(handle, dim, keepdim, out var values, out var indexes), values, indexes);

        /// <summary>The largest along dimensions; equal ones share the gradient.</summary>
        public Tensor amax(params long[] dims) => Take(Native.wb_amax(handle, dims, dims.Length, false, out var result), result);

        /// <summary>The smallest along dimensions; equal ones share the gradient.</summary>
        public Tensor amin(params long[] dims) => Take(Native.wb_amin(handle, dims, dims.Length, false, out var result), result);

        /// <summary>Where the largest of all elements is, in row-major order.</summary>
        public unsafe Tensor argmax() => Take(Native.wb_argmax(handle, null, false, out var result), result);

        public unsafe Tensor argmax(long dim, bool keepdim = false) =>
            Take(Native.wb_argmax(handle, &dim, keepdim, out var result), result);

        /// <summary>Where the smallest of all elements is, in row-major order.</summary>
        public unsafe Tensor argmin() => Take(Native.wb_argmin(handle, null, false, out var result), result);

        public unsafe Tensor argmin(long dim, bool keepdim = false) =>
            Take(Native.wb_argmin(handle, &dim, keepdim, out var result), result);

        /// <summary>ln of the sum of e^x along a dimension, without overflow.</summary>
        public Tensor logsumexp(long dim, bool keepdim = false) =>
            Take(Native.wb_logsumexp(handle, dim, keepdim, out var result), result);

        /// <summary>Running sums along a dimension.</summary>
        public Tensor cumsum(long dim, ScalarType? type = null) =>
            Take(Native.wb_cumsum(handle, dim, TypeOf(type), out var result), result);

        /// <summary>The p-norm of all elements.</summary>
        public Tensor norm(float p = 2.0f) =>
            Take(Native.wb_norm(handle, [], -1, ScalarValue.Of((double)p), false, out var result), result);

        /// <summary>p-norms along a dimension.</summary>
        public Tensor norm(int dim, bool keepdim = false, float p = 2.0f) =>
            Take(Native.wb_norm(handle, [dim], 1, ScalarValue.Of((double)p), keepdim, out var result), result);

        /// <summary>Whether any element is other than 0.</summary>
        public Tensor any() => Take(Native.wb_any(handle, out var result), result);

        public Tensor any(long dim, bool keepdim = false) =>
            Take(Native.wb_any_dim(handle, dim, keepdim, out var result), result);

        /// <summary>Whether every element is other than 0.</summary>
        public Tensor all() => Take(Native.wb_all(handle, out var result), result);

        public Tensor all(long dim, bool keepdim = false) =>
            Take(Native.wb_all_dim(handle, dim, keepdim, out var result), result);

        /// <summary>The k largest (or smallest) along a dimension, and where they are.</summary>
        public (Tensor values, Tensor indexes) topk(int k, int dim = -1, bool largest = true, bool sorted = true) =>
            Take(Native.wb_topk(handle, k, dim, largest, sorted, out var values, out var indexes), values, indexes);

        /// <summary>In order along a dimension, and where each came from.</summary>
        public (Tensor Values, Tensor Indices) sort(long dim = -1, bool descending = false, bool stable = false) =>
            Take(Native.wb_sort(handle, dim, descending, stable, out var values, out var indexes), values, indexes);

        public Tensor argsort(long dim = -1, bool descending = false) =>
            Take(Native.wb_argsort(handle, dim, descending, out var result), result);

        /// <summary>e^x over its sum along a dimension; <paramref name="dtype"/> converts first.</summary>
        public Tensor softmax(long dim, ScalarType? dtype = null) =>
            Take(Native.wb_softmax(handle, dim, TypeOf(dtype), out var result), result);
    }
}
