using Workbench.Torch.Interop;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        /// <summary>Reads or writes by Python-like indices.</summary>
        [System.Runtime.CompilerServices.IndexerName("TensorItems")]
        public Tensor this[params TensorIndex[] indices]
        {
            get => index(indices);
            set => index_put_(value, indices);
        }

        [System.Runtime.CompilerServices.IndexerName("TensorItems")]
        public Tensor this[params Tensor[] indices]
        {
            get => index(indices);
            set => index_put_(value, indices);
        }

        [System.Runtime.CompilerServices.IndexerName("TensorItems")]
        public Tensor this[long i1]
        {
            get => index(i1);
            set => index_put_(value, (TensorIndex)i1);
        }

        [System.Runtime.CompilerServices.IndexerName("TensorItems")]
        public Tensor this[long i1, long i2]
        {
            get => index(i1, i2);
            set => index_put_(value, (TensorIndex)i1, (TensorIndex)i2);
        }

        [System.Runtime.CompilerServices.IndexerName("TensorItems")]
        public Tensor this[long i1, long i2, long i3]
        {
            get => index(i1, i2, i3);
            set => index_put_(value, (TensorIndex)i1, (TensorIndex)i2, (TensorIndex)i3);
        }

        public Tensor index(params TensorIndex[] indices)
        {
            using var tensors = new HandleList(indices.Select(i => i.tensor));
            return Take(Native.wb_index(handle, Encode(indices, tensors), indices.Length, out var result), result);
        }

        public Tensor index(params Tensor[] indices) => index([.. indices.Select(TensorIndex.Tensor)]);

        public Tensor index_put_(Tensor value, params TensorIndex[] indices)
        {
            using var tensors = new HandleList(indices.Select(i => i.tensor));
            return Same(Native.wb_index_put_(handle, Encode(indices, tensors), indices.Length, value.handle));
        }

        public Tensor index_put_(Tensor value, params Tensor[] indices) =>
            index_put_(value, [.. indices.Select(TensorIndex.Tensor)]);

        public Tensor index_put_(Scalar value, params TensorIndex[] indices)
        {
            using var tensors = new HandleList(indices.Select(i => i.tensor));
            return Same(Native.wb_index_put_scalar_(handle, Encode(indices, tensors), indices.Length, value.value));
        }

        public Tensor index_put_(Scalar value, params Tensor[] indices) =>
            index_put_(value, [.. indices.Select(TensorIndex.Tensor)]);

        /// <summary>The slices of a dimension that an int64 tensor of one dimension names.</summary>
        public Tensor index_select(long dim, Tensor index) =>
            Take(Native.wb_index_select(handle, dim, index.handle, out var result), result);

        /// <summary>out[i][j] = self[index[i][j]][j] for dim 0, and so on.</summary>
        public Tensor gather(long dim, Tensor index) => Take(Native.wb_gather(handle, dim, index.handle, out var result), result);

        /// <summary>A copy with <paramref name="src"/> written where <paramref name="index"/> says.</summary>
        public Tensor scatter(long dim, Tensor index, Tensor src) =>
            Take(Native.wb_scatter(handle, dim, index.handle, src.handle, out var result), result);

        public Tensor scatter_(long dim, Tensor index, Tensor src) =>
            Same(Native.wb_scatter_(handle, dim, index.handle, src.handle));

        /// <summary>A copy with <paramref name="src"/> added where <paramref name="index"/> says.</summary>
        public Tensor scatter_add(long dim, Tensor index, Tensor src) =>
            Take(Native.wb_scatter_add(handle, dim, index.handle, src.handle, out var result), result);

        /// <summary>Adds alpha * source to the slices that <paramref name="index"/> names.</summary>
        public Tensor index_add_(long dim, Tensor index, Tensor source, Scalar alpha) =>
            Same(Native.wb_index_add_(handle, dim, index.handle, source.handle, alpha.value));

        /// <summary>The elements where <paramref name="mask"/> is true, in a row.</summary>
        public Tensor masked_select(Tensor mask) => Take(Native.wb_masked_select(handle, mask.handle, out var result), result);

        /// <summary>The indices of every element other than 0, one a row.</summary>
        public Tensor nonzero() => Take(Native.wb_nonzero(handle, out var result), result);

        private static IndexValue[] Encode(TensorIndex[] indices, HandleList tensors)
        {
            var encoded = new IndexValue[indices.Length];
            for (var i = 0; i < indices.Length; i++)
            {
                var index = indices[i];
                encoded[i] = new IndexValue
                {
                    Kind = (int)index.kind,
                    Given = (index.start is null ? 0 : 1) | (index.stop is null ? 0 : 2) | (index.step is null ? 0 : 4),
                    Start = index.start ?? 0,
                    Stop = index.stop ?? 0,
                    Step = index.step ?? 0,
                    Tensor = tensors[i],
                };
            }

            return encoded;
        }
    }
}
