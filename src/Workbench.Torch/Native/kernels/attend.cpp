#include "attend.h"

namespace kernels {

namespace {

typedef float Floats __attribute__((vector_size(64)));

__attribute__((always_inline)) inline Floats load(const float* p) {
    Floats v;
    std::memcpy(&v, p, sizeof v);
    return v;
}

__attribute__((always_inline)) inline float total_of(const Floats& sum) {
    float lane[lanes];
    std::memcpy(lane, &sum, sizeof sum);
    return sum_lanes(lane);
}

// e^(scale (x - top)) in place, and the sum of them.
__attribute__((always_inline)) inline float weights(float* x, int64_t n, float scale, float top) {
    float lane[lanes] = {};
    int64_t i = 0;
    for (; i + lanes <= n; i += lanes)
        for (int64_t j = 0; j < lanes; ++j) lane[j] += x[i + j] = exponential(scale * (x[i + j] - top));
    float total = sum_lanes(lane);
    for (; i < n; ++i) total += x[i] = exponential(scale * (x[i] - top));
    return total;
}

__attribute__((always_inline)) inline float largest(const float* x, int64_t n) {
    float lane[lanes], top = -std::numeric_limits<float>::infinity();
    for (auto& value : lane) value = top;
    int64_t i = 0;
    for (; i + lanes <= n; i += lanes)
        for (int64_t j = 0; j < lanes; ++j) lane[j] = x[i + j] > lane[j] ? x[i + j] : lane[j];
    for (const float value : lane) top = value > top ? value : top;
    for (; i < n; ++i) top = x[i] > top ? x[i] : top;
    return top;
}

// A head of N times 16 numbers: the query and what is summed stay in registers.
template <int N>
__attribute__((always_inline)) inline void whole(const float* q, const float* keys, const float* values, int64_t count, float scale, float* scores, float* out) {
    Floats query[N], sum[N] = {};
#pragma GCC unroll 8
    for (int i = 0; i < N; ++i) query[i] = load(q + i * lanes);
    for (int64_t s = 0; s < count; ++s) {
        Floats dot = query[0] * load(keys + s * N * lanes);
#pragma GCC unroll 8
        for (int i = 1; i < N; ++i) dot += query[i] * load(keys + (s * N + i) * lanes);
        scores[s] = total_of(dot);
    }
    const float total = weights(scores, count, scale, largest(scores, count));
    for (int64_t s = 0; s < count; ++s)
#pragma GCC unroll 8
        for (int i = 0; i < N; ++i) sum[i] += scores[s] * load(values + (s * N + i) * lanes);
    for (int i = 0; i < N; ++i) {
        sum[i] /= total;
        std::memcpy(out + i * lanes, &sum[i], sizeof sum[i]);
    }
}

__attribute__((always_inline)) inline void any(const float* q, const float* keys, const float* values, int64_t count, int64_t width, float scale, float* scores,
                                               float* out) {
    for (int64_t s = 0; s < count; ++s) {
        scores[s] = 0;
        for (int64_t i = 0; i < width; ++i) scores[s] += q[i] * keys[s * width + i];
    }
    const float total = weights(scores, count, scale, largest(scores, count));
    for (int64_t i = 0; i < width; ++i) out[i] = 0;
    for (int64_t s = 0; s < count; ++s)
        for (int64_t i = 0; i < width; ++i) out[i] += scores[s] / total * values[s * width + i];
}

}  // namespace

WB_CLONES void attend(const float* q, const float* keys, const float* values, int64_t count, int64_t width, float scale, float* scores, float* out) {
    switch (width) {
        case 32: return whole<2>(q, keys, values, count, scale, scores, out);
        case 48: return whole<3>(q, keys, values, count, scale, scores, out);
        case 64: return whole<4>(q, keys, values, count, scale, scores, out);
        case 80: return whole<5>(q, keys, values, count, scale, scores, out);
        case 96: return whole<6>(q, keys, values, count, scale, scores, out);
        case 128: return whole<8>(q, keys, values, count, scale, scores, out);
        default: return any(q, keys, values, count, width, scale, scores, out);
    }
}

WB_CLONES double log_sum_exp(const float* x, int64_t n) {
    // In parts, so that float32 sums only a few numbers of each lane.
    constexpr int64_t part = 4096;
    const float top = largest(x, n);
    double total = 0;
    for (int64_t from = 0; from < n; from += part) {
        const int64_t to = std::min(n, from + part);
        float lane[lanes] = {};
        int64_t i = from;
        for (; i + lanes <= to; i += lanes)
            for (int64_t j = 0; j < lanes; ++j) lane[j] += exponential(x[i + j] - top);
        total += sum_lanes(lane);
        for (; i < to; ++i) total += exponential(x[i] - top);
    }
    return top + std::log(total);
}

}  // namespace kernels
