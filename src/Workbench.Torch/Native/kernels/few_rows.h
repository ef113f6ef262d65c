// Products of a weight matrix with a few vectors, for decoding: the weights are read once, in the order in which they lie in
// memory, and that is what takes the time. Matrices may be held in bfloat16; the arithmetic is float32 either way.
#pragma once
#include <cstdint>

namespace kernels {

// y[t * y_stride + r] = (add ? itself : 0) + (bias ? bias[r] : 0) + w[r] . x[t], for rows r in [from, to) and vectors t below count.
// w: rows of `width` elements, float32, or bfloat16 where so said.
void few_rows(const void* w, bool bfloat16, const float* bias, int64_t width, int64_t from, int64_t to, const float* x, int64_t x_stride,
              int64_t count, float* y, int64_t y_stride, bool add);

}  // namespace kernels
