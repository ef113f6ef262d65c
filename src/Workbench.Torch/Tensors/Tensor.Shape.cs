using Workbench.Torch.Interop;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        /// <summary>The same memory under another shape; one size may be -1.</summary>
        public Tensor view(params long[] shape) => Take(Native.wb_view(handle, shape, shape.Length, out var result), result);

        public Tensor view_as(Tensor other) => view(other.shape);

        /// <summary>Under another shape, copied only where it must be.</summary>
        public Tensor reshape(params long[] shape) =>
            Take(Native.wb_reshape(handle, shape, shape.Length, out var result), result);

        /// <summary>Dimensions <paramref name="start_dim"/> to <paramref name="end_dim"/> made one.</summary>
        public Tensor flatten(long start_dim = 0, long end_dim = -1) =>
            Take(Native.wb_flatten(handle, start_dim, end_dim, out var result), result);

        /// <summary>Without the dimensions of size 1, or without the one named.</summary>
        public Tensor squeeze(long? dim = null) => dim is { } chosen
            ? Take(Native.wb_squeeze_dim(handle, chosen, out var without), without)
            : Take(Native.wb_squeeze(handle, out var result), result);

        /// <summary>With a new dimension of size 1.</summary>
        public Tensor unsqueeze(long dim) => Take(Native.wb_unsqueeze(handle, dim, out var result), result);

        /// <summary>The transpose of a matrix.</summary>
        public Tensor t() => Take(Native.wb_t(handle, out var result), result);

        /// <summary>With two dimensions exchanged.</summary>
        public Tensor transpose(long dim0, long dim1) => Take(Native.wb_transpose(handle, dim0, dim1, out var result), result);

        /// <summary>The last two dimensions exchanged.</summary>
        public Tensor mT => transpose(-2, -1);

        /// <summary>The dimensions in another order.</summary>
        public Tensor permute(params long[] permutation) =>
            Take(Native.wb_permute(handle, permutation, permutation.Length, out var result), result);

        /// <summary>Dimensions of size 1 repeated to the given size without copying; -1 leaves one as it is.</summary>
        public Tensor expand(ReadOnlySpan<long> sizes, bool isImplicit = false) =>
            Take(Native.wb_expand(handle, sizes, sizes.Length, isImplicit, out var result), result);

        public Tensor expand(params long[] sizes) => expand((ReadOnlySpan<long>)sizes);

        public Tensor expand_as(Tensor other) => expand(other.shape);

        /// <summary>Copied side by side along each dimension.</summary>
        public Tensor repeat(params long[] sizes) => Take(Native.wb_repeat(handle, sizes, sizes.Length, out var result), result);

        /// <summary>Each element (or slice along <paramref name="dim"/>) repeated in place of itself.</summary>
        public unsafe Tensor repeat_interleave(long repeats, long? dim = null, long? output_size = null)
        {
            if (output_size is { } size && size != repeats * (dim is { } d ? this.size((int)d) : NumberOfElements))
            {
                throw new ArgumentException($"{repeats} repeats do not make an output of {size}", nameof(output_size));
            }

            var along = dim.GetValueOrDefault();
            return Take(Native.wb_repeat_interleave(handle, repeats, dim is null ? null : &along, out var result), result);
        }

        /// <summary>In reverse along dimensions.</summary>
        public Tensor flip(params long[] dims) => Take(Native.wb_flip(handle, dims, dims.Length, out var result), result);

        /// <summary>Shifted along a dimension, what falls off coming back at the other end.</summary>
        public Tensor roll(long shifts, long? dims = null) => dims is { } dim
            ? Take(Native.wb_roll(handle, [shifts], 1, [dim], 1, out var along), along)
            : Take(Native.wb_roll(handle, [shifts], 1, [], 0, out var result), result);

        /// <summary>The lower triangle, 0 above.</summary>
        public Tensor tril(long diagonal = 0) => Take(Native.wb_tril(handle, diagonal, out var result), result);

        /// <summary>The upper triangle, 0 below.</summary>
        public Tensor triu(long diagonal = 0) => Take(Native.wb_triu(handle, diagonal, out var result), result);

        /// <summary>A view of <paramref name="length"/> indices of a dimension from <paramref name="start"/> on.</summary>
        public Tensor narrow(long dim, long start, long length) =>
            Take(Native.wb_narrow(handle, dim, start, length, out var result), result);

        /// <summary>A view of one index of a dimension, which goes.</summary>
        public Tensor select(long dim, long index) => Take(Native.wb_select(handle, dim, index, out var result), result);

        /// <summary>A view of start to finish - 1 of a dimension.</summary>
        public Tensor slice(long dim, long start, long finish, long step) =>
            Take(Native.wb_slice(handle, dim, start, finish, step, out var result), result);

        /// <summary>Views of at most <paramref name="size"/> indices each.</summary>
        public unsafe Tensor[] split(long size, long dim = 0) =>
            HandleSink.Collect(state => Native.wb_split(handle, size, dim, HandleSink.Callback, state))!;

        /// <summary>Views of the given sizes.</summary>
        public unsafe Tensor[] split(long[] sizes, long dim = 0) =>
            HandleSink.Collect(state => Native.wb_split_sizes(handle, sizes, sizes.Length, dim, HandleSink.Callback, state))!;

        /// <summary>As many views of equal size, the last perhaps smaller.</summary>
        public unsafe Tensor[] chunk(long chunks, long dim = 0L) =>
            HandleSink.Collect(state => Native.wb_chunk(handle, chunks, dim, HandleSink.Callback, state))!;

        /// <summary>A view for each index of a dimension.</summary>
        public unsafe Tensor[] unbind(long dimension = 0L) =>
            HandleSink.Collect(state => Native.wb_unbind(handle, dimension, HandleSink.Callback, state))!;
    }
}
