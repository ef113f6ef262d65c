#include "rounding.h"

namespace kernels {

WB_CLONES void round_to_bfloat16(const float* from, uint16_t* to, int64_t n) {
    for (int64_t i = 0; i < n; ++i) to[i] = bfloat16_of(from[i]);
}

}  // namespace kernels
