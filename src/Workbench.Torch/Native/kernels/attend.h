// Attention of one query, and the softmax's total, for decoding.
#pragma once
#include "vector.h"

namespace kernels {

// softmax(scale q . keys) values over `count` keys and values of `width` numbers that lie one after the other; scores is scratch of
// `count`. out: (width).
void attend(const float* q, const float* keys, const float* values, int64_t count, int64_t width, float scale, float* scores, float* out);

// log(sum(e^x)) over n numbers; not a number if one is none, or if the largest is infinite.
double log_sum_exp(const float* x, int64_t n);

}  // namespace kernels
