#include "few_rows.h"

#include "vector.h"

namespace kernels {

namespace {

typedef float Floats __attribute__((vector_size(64)));
typedef uint16_t Halves __attribute__((vector_size(32)));
typedef uint32_t Words __attribute__((vector_size(64)));
typedef float Eight __attribute__((vector_size(32)));
typedef float Four __attribute__((vector_size(16)));
constexpr int64_t step = 16;

// Rows are asked for this many tiles before they are needed: the processor alone foresees too little of several rows read at once.
constexpr int64_t tiles_ahead = 2;

// In pairs, halves upon halves: four steps that depend on each other instead of sixteen, which for a short row are half the time.
__attribute__((always_inline)) inline float total_of(const Floats& sum) {
    Eight eight[2];
    std::memcpy(eight, &sum, sizeof sum);
    eight[0] += eight[1];
    Four four[2];
    std::memcpy(four, &eight[0], sizeof eight[0]);
    four[0] += four[1];
    return (four[0][0] + four[0][2]) + (four[0][1] + four[0][3]);
}

__attribute__((always_inline)) inline Floats load(const float* p) {
    Floats v;
    std::memcpy(&v, p, sizeof v);
    return v;
}

// A bfloat16 is the upper half of a float32.
__attribute__((always_inline)) inline Floats load(const uint16_t* p) {
    Halves h;
    std::memcpy(&h, p, sizeof h);
    const Words w = __builtin_convertvector(h, Words) << 16;
    Floats v;
    std::memcpy(&v, &w, sizeof v);
    return v;
}

__attribute__((always_inline)) inline float value(float x) { return x; }

__attribute__((always_inline)) inline float value(uint16_t x) {
    const uint32_t bits = static_cast<uint32_t>(x) << 16;
    float v;
    std::memcpy(&v, &bits, sizeof v);
    return v;
}

// R rows of the matrix by T vectors: every loaded vector is used R or T times before the next load. Ahead: no tile before it has read
// these rows.
template <class W, int R, int T, bool Ahead>
__attribute__((always_inline)) inline void tile(const W* w, int64_t width, const float* x, int64_t x_stride, float (&out)[R][T]) {
    Floats sum[R][T] = {};
    int64_t k = 0;
    for (; k + step <= width; k += step) {
        Floats v[T];
#pragma GCC unroll 8
        for (int t = 0; t < T; ++t) v[t] = load(x + t * x_stride + k);
#pragma GCC unroll 8
        for (int r = 0; r < R; ++r) {
            const Floats m = load(w + r * width + k);
            if (Ahead) __builtin_prefetch(w + (R * tiles_ahead + r) * width + k);
#pragma GCC unroll 8
            for (int t = 0; t < T; ++t) sum[r][t] += m * v[t];
        }
    }
    for (int r = 0; r < R; ++r)
        for (int t = 0; t < T; ++t) {
            float total = total_of(sum[r][t]);
            for (int64_t i = k; i < width; ++i) total += value(w[r * width + i]) * x[t * x_stride + i];
            out[r][t] = total;
        }
}

template <class W, int R, int T, bool Ahead>
__attribute__((always_inline)) inline void store(const W* w, const float* bias, int64_t width, int64_t r, const float* x, int64_t x_stride, int64_t t,
                                                 float* y, int64_t y_stride, bool add) {
    float out[R][T];
    tile<W, R, T, Ahead>(w + r * width, width, x + t * x_stride, x_stride, out);
    for (int i = 0; i < R; ++i)
        for (int j = 0; j < T; ++j) {
            float& place = y[(t + j) * y_stride + r + i];
            place = out[i][j] + (bias ? bias[r + i] : 0.0f) + (add ? place : 0.0f);
        }
}

template <class W, int R>
__attribute__((always_inline)) inline void rows(const W* w, const float* bias, int64_t width, int64_t r, const float* x, int64_t x_stride, int64_t count,
                                                float* y, int64_t y_stride, bool add) {
    int64_t t = 0;
    if (count >= 4) {
        store<W, R, 4, true>(w, bias, width, r, x, x_stride, t, y, y_stride, add);
        for (t = 4; t + 4 <= count; t += 4) store<W, R, 4, false>(w, bias, width, r, x, x_stride, t, y, y_stride, add);
    }
    for (; t < count; ++t) store<W, R, 1, true>(w, bias, width, r, x, x_stride, t, y, y_stride, add);
}

template <class W>
__attribute__((always_inline)) inline void all(const W* w, const float* bias, int64_t width, int64_t from, int64_t to, const float* x, int64_t x_stride,
                                               int64_t count, float* y, int64_t y_stride, bool add) {
    int64_t r = from;
    if (count == 1)
        for (; r + 8 <= to; r += 8) store<W, 8, 1, true>(w, bias, width, r, x, x_stride, 0, y, y_stride, add);
    for (; r + 4 <= to; r += 4) rows<W, 4>(w, bias, width, r, x, x_stride, count, y, y_stride, add);
    for (; r < to; ++r) rows<W, 1>(w, bias, width, r, x, x_stride, count, y, y_stride, add);
}

WB_CLONES void all_f32(const float* w, const float* bias, int64_t width, int64_t from, int64_t to, const float* x, int64_t x_stride, int64_t count,
                       float* y, int64_t y_stride, bool add) {
    all(w, bias, width, from, to, x, x_stride, count, y, y_stride, add);
}

WB_CLONES void all_bf16(const uint16_t* w, const float* bias, int64_t width, int64_t from, int64_t to, const float* x, int64_t x_stride, int64_t count,
                        float* y, int64_t y_stride, bool add) {
    all(w, bias, width, from, to, x, x_stride, count, y, y_stride, add);
}

}  // namespace

void few_rows(const void* w, bool bfloat16, const float* bias, int64_t width, int64_t from, int64_t to, const float* x, int64_t x_stride,
              int64_t count, float* y, int64_t y_stride, bool add) {
    if (bfloat16)
        all_bf16(static_cast<const uint16_t*>(w), bias, width, from, to, x, x_stride, count, y, y_stride, add);
    else
        all_f32(static_cast<const float*>(w), bias, width, from, to, x, x_stride, count, y, y_stride, add);
}

}  // namespace kernels
