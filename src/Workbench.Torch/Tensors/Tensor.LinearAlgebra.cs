using Workbench.Torch.Interop;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        /// <summary>The matrix product over the last two dimensions, the others broadcast.</summary>
        public Tensor matmul(Tensor target) => Take(Native.wb_matmul(handle, target.handle, out var result), result);

        /// <summary>The product of two matrices.</summary>
        public Tensor mm(Tensor target) => Take(Native.wb_mm(handle, target.handle, out var result), result);

        /// <summary>The products of two batches of matrices.</summary>
        public Tensor bmm(Tensor batch2) => Take(Native.wb_bmm(handle, batch2.handle, out var result), result);

        /// <summary>The product of a matrix and a vector.</summary>
        public Tensor mv(Tensor target) => Take(Native.wb_mv(handle, target.handle, out var result), result);

        /// <summary>The scalar product of two vectors.</summary>
        public Tensor dot(Tensor target) => Take(Native.wb_dot(handle, target.handle, out var result), result);

        /// <summary>The outer product of two vectors.</summary>
        public Tensor outer(Tensor vec2) => Take(Native.wb_outer(handle, vec2.handle, out var result), result);

        /// <summary>beta * self + alpha * mat1 @ mat2.</summary>
        public Tensor addmm(Tensor mat1, Tensor mat2, float beta = 1, float alpha = 1) =>
            Take(Native.wb_addmm(handle, mat1.handle, mat2.handle, beta, alpha, out var result), result);
    }
}
