// float32 to bfloat16: to nearest, ties to even, as libtorch does it.
#pragma once
#include "vector.h"

namespace kernels {

inline uint16_t bfloat16_of(float x) {
    uint32_t bits;
    std::memcpy(&bits, &x, sizeof bits);
    const uint32_t nearest = (bits + 0x7fffu + (bits >> 16 & 1)) >> 16;
    return static_cast<uint16_t>(x == x ? nearest : 0x7fc0u);
}

void round_to_bfloat16(const float* from, uint16_t* to, int64_t n);

}  // namespace kernels
