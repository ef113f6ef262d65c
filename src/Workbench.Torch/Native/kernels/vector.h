// What the hand-written loops share: code for the processor at hand, lanes to sum in, and an exponential that vectorizes.
#pragma once
#include "shim.h"

#include <cmath>
#include <cstring>
#include <limits>

// One binary, loops for each generation of x86; elsewhere the compiler's default.
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__)
#define WB_CLONES __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define WB_CLONES
#endif

namespace kernels {

// Sums in this many lanes, so that the compiler may use vectors without being allowed to reorder anything.
constexpr int64_t lanes = 16;

template <class T>
inline T sum_lanes(const T* lane) {
    // In pairs, halves upon halves: four steps that depend on each other instead of sixteen.
    T half[lanes / 2];
    for (int64_t i = 0; i < lanes / 2; ++i) half[i] = lane[i] + lane[i + lanes / 2];
    for (int64_t n = lanes / 4; n > 0; n /= 2)
        for (int64_t i = 0; i < n; ++i) half[i] += half[i + n];
    return half[0];
}

// e^x for x <= 88, within 2 units in the last place: 2^n * e^r with |r| <= ln(2)/2, ln(2) in two parts (Cody and Waite), and
// the polynomial of Cephes' expf. Below -87 it is 0.
inline float exponential(float x) {
    const float clamped = x < -87.0f ? -87.0f : x;
    const float n = std::nearbyint(clamped * 1.44269504088896341f);
    const float r = (clamped - n * 0.693359375f) + n * 2.12194440e-4f;
    float p = 1.9875691500e-4f;
    p = p * r + 1.3981999507e-3f;
    p = p * r + 8.3334519073e-3f;
    p = p * r + 4.1665795894e-2f;
    p = p * r + 1.6666665459e-1f;
    p = p * r + 5.0000001201e-1f;
    p = p * r * r + r + 1.0f;
    const int32_t bits = (static_cast<int32_t>(n) + 127) << 23;
    float scale;
    std::memcpy(&scale, &bits, sizeof scale);
    return x < -87.0f ? 0.0f : p * scale;
}

inline double exponential(double x) { return std::exp(x); }

// The kernels know float32 and float64 on the CPU; everything else goes through the compositions in C#.
inline bool supported(const at::Tensor& tensor) {
    return tensor.device().is_cpu() && tensor.layout() == at::kStrided &&
           (tensor.scalar_type() == at::kFloat || tensor.scalar_type() == at::kDouble);
}

inline bool supported_like(const at::Tensor& tensor, const at::Tensor& other) {
    return supported(tensor) && tensor.scalar_type() == other.scalar_type();
}

// A backward of raw loops has no graph of its own: asked for one, it must say so instead of giving a wrong second derivative.
inline void require_first_order(const char* name) {
    TORCH_CHECK(!at::GradMode::is_enabled(), name,
                " is differentiable once only; use the composition where create_graph is needed");
}

inline int64_t grain(int64_t elements_per_item) { return std::max<int64_t>(1, 32768 / std::max<int64_t>(1, elements_per_item)); }

}  // namespace kernels
