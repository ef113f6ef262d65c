// Matrix products of the kernels: oneDNN's where the build found it, libtorch's otherwise. oneDNN runs on the OpenMP threads that
// at::parallel_for uses; OpenBLAS has a pool of its own, and the two pools, each waiting in a loop for more work, take the cores
// from each other (measured: half of a training step on two cores). Called within at::parallel_for, a product stays on its thread.
#pragma once
#include "shim.h"

namespace kernels {

// A row-major matrix in memory, or the transpose of one.
template <class T>
struct Matrix {
    T* data;
    int64_t stride;  // elements from one stored row to the next
    bool transposed = false;
};

// c (m, n) = a (m, k) b (k, n), or c += a b. c is not transposed.
void multiply(int64_t m, int64_t n, int64_t k, Matrix<const float> a, Matrix<const float> b, Matrix<float> c, bool accumulate);
void multiply(int64_t m, int64_t n, int64_t k, Matrix<const double> a, Matrix<const double> b, Matrix<double> c, bool accumulate);
// Factors in bfloat16, sums in float32.
void multiply(int64_t m, int64_t n, int64_t k, Matrix<const at::BFloat16> a, Matrix<const at::BFloat16> b, Matrix<float> c,
              bool accumulate);

// The same over 2-D tensors on the CPU whose rows or columns lie together in memory: float32, float64, or bfloat16 factors with a
// float32 result.
void product(const at::Tensor& out, const at::Tensor& a, const at::Tensor& b, bool accumulate = false);

// What goes into a product: the tensor itself, or rounded to bfloat16.
at::Tensor factor(const at::Tensor& tensor, bool bfloat16);

// Whether products of bfloat16 factors run at the speed of the processor's own instructions for them.
bool fast_bfloat16();

}  // namespace kernels
