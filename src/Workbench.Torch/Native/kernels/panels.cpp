#include "panels.h"
#include "rounding.h"

#if defined(__x86_64__) && defined(__GNUC__)
#include <immintrin.h>
#define WB_BFLOAT16_PRODUCTS
#endif

namespace kernels {

namespace {

typedef float Floats __attribute__((vector_size(64)));
typedef uint32_t Words __attribute__((vector_size(64)));

// Bytes of a panel asked for before they are needed: a page, which the processor alone does not foresee.
constexpr int64_t ahead = 4096;

template <class V>
__attribute__((always_inline)) inline V load(const void* p) {
    V v;
    std::memcpy(&v, p, sizeof v);
    return v;
}

__attribute__((always_inline)) inline Floats floats(const Words& bits) {
    Floats v;
    std::memcpy(&v, &bits, sizeof v);
    return v;
}

float rounded(float x) {
    const uint32_t bits = static_cast<uint32_t>(bfloat16_of(x)) << 16;
    float v;
    std::memcpy(&v, &bits, sizeof v);
    return v;
}

// Sums of a panel with T vectors, over float32.
template <int T>
__attribute__((always_inline)) inline void sums_of(const float* w, int64_t width, const float* x, int64_t room, Floats (&sum)[T]) {
    for (int64_t k = 0; k < width; ++k) {
        const Floats column = load<Floats>(w + k * panel_rows);
        __builtin_prefetch(reinterpret_cast<const char*>(w + k * panel_rows) + ahead);
#pragma GCC unroll 16
        for (int t = 0; t < T; ++t) sum[t] += column * x[k * room + t];
    }
}

// The same over pairs of bfloat16: the even columns are the lower halves of words, and a bfloat16 is the upper half of a float32.
template <int T>
__attribute__((always_inline)) inline void sums_of(const uint16_t* w, int64_t width, const float* x, int64_t room, Floats (&sum)[T]) {
    for (int64_t k = 0; k < width; k += 2) {
        const Words pair = load<Words>(w + k * panel_rows);
        __builtin_prefetch(reinterpret_cast<const char*>(w + k * panel_rows) + ahead);
        const Floats even = floats(pair << 16), odd = floats(pair & 0xffff0000u);
#pragma GCC unroll 16
        for (int t = 0; t < T; ++t) {
            sum[t] += even * x[k * room + t];
            sum[t] += odd * x[(k + 1) * room + t];
        }
    }
}

// To its place, of which the last panel may have less than 16 rows.
template <int T>
__attribute__((always_inline)) inline void store(const Floats (&sum)[T], int64_t count, int64_t rows, const float* bias, float* y, int64_t y_stride, bool add) {
    for (int64_t t = 0; t < std::min<int64_t>(T, count); ++t) {
        float* place = y + t * y_stride;
        const size_t size = std::min(rows, panel_rows) * sizeof(float);
        Floats there = {}, bias_there = {};
        if (add) std::memcpy(&there, place, size);
        if (bias) std::memcpy(&bias_there, bias, size);
        there = sum[t] + bias_there + there;
        std::memcpy(place, &there, size);
    }
}

template <class W, int T>
__attribute__((always_inline)) inline void some(const Panels& w, int64_t from, int64_t to, const Columns& x, int64_t t, float* y, int64_t y_stride, bool add) {
    for (int64_t p = from; p < to; ++p) {
        Floats sum[T] = {};
        sums_of<T>(static_cast<const W*>(w.panel(p)), w.width, x.floats() + t, x.room(), sum);
        store<T>(sum, x.count() - t, w.rows - p * panel_rows, w.bias ? w.bias + p * panel_rows : nullptr, y + t * y_stride + p * panel_rows, y_stride, add);
    }
}

// Whether 16 sums stay in registers.
bool wide() {
#ifdef WB_BFLOAT16_PRODUCTS
    static const bool wide = __builtin_cpu_supports("avx512f");
    return wide;
#else
    return false;
#endif
}

template <class W>
__attribute__((always_inline)) inline void all(const Panels& w, int64_t from, int64_t to, const Columns& x, float* y, int64_t y_stride, bool add) {
    switch (wide() ? x.room() : std::min<int64_t>(x.room(), 4)) {
        case 1: return some<W, 1>(w, from, to, x, 0, y, y_stride, add);
        case 2: return some<W, 2>(w, from, to, x, 0, y, y_stride, add);
        case 4:
            for (int64_t t = 0; t < x.count(); t += 4) some<W, 4>(w, from, to, x, t, y, y_stride, add);
            return;
        case 8: return some<W, 8>(w, from, to, x, 0, y, y_stride, add);
        default:
            for (int64_t t = 0; t < x.count(); t += 16) some<W, 16>(w, from, to, x, t, y, y_stride, add);
    }
}

WB_CLONES void by_float32(const Panels& w, int64_t from, int64_t to, const Columns& x, float* y, int64_t y_stride, bool add) {
    all<float>(w, from, to, x, y, y_stride, add);
}

WB_CLONES void by_bfloat16_weights(const Panels& w, int64_t from, int64_t to, const Columns& x, float* y, int64_t y_stride, bool add) {
    all<uint16_t>(w, from, to, x, y, y_stride, add);
}

#ifdef WB_BFLOAT16_PRODUCTS

#define WB_WITH_BFLOAT16 __attribute__((target("avx512f,avx512bw,avx512vl,avx512bf16")))

// Two columns a step by the processor's own products of pairs.
template <int T>
WB_WITH_BFLOAT16 void some_pairs(const Panels& w, int64_t from, int64_t to, const Columns& x, int64_t t, float* y, int64_t y_stride, bool add) {
    for (int64_t p = from; p < to; ++p) {
        __m512 sum[T];
#pragma GCC unroll 16
        for (int i = 0; i < T; ++i) sum[i] = _mm512_setzero_ps();
        const auto* columns = static_cast<const uint16_t*>(w.panel(p));
        for (int64_t k = 0; k < w.width; k += 2) {
            const auto pair = reinterpret_cast<__m512bh>(_mm512_loadu_si512(columns + k * panel_rows));
            _mm_prefetch(reinterpret_cast<const char*>(columns + k * panel_rows) + ahead, _MM_HINT_T0);
#pragma GCC unroll 16
            for (int i = 0; i < T; ++i) {
                const int both = load<int>(x.halves() + k * x.room() + 2 * (t + i));
                sum[i] = _mm512_dpbf16_ps(sum[i], pair, reinterpret_cast<__m512bh>(_mm512_set1_epi32(both)));
            }
        }
        Floats sums[T];
        std::memcpy(sums, sum, sizeof sums);
        store<T>(sums, x.count() - t, w.rows - p * panel_rows, w.bias ? w.bias + p * panel_rows : nullptr, y + t * y_stride + p * panel_rows, y_stride, add);
    }
}

void by_bfloat16(const Panels& w, int64_t from, int64_t to, const Columns& x, float* y, int64_t y_stride, bool add) {
    switch (x.room()) {
        case 1: return some_pairs<1>(w, from, to, x, 0, y, y_stride, add);
        case 2: return some_pairs<2>(w, from, to, x, 0, y, y_stride, add);
        case 4: return some_pairs<4>(w, from, to, x, 0, y, y_stride, add);
        case 8: return some_pairs<8>(w, from, to, x, 0, y, y_stride, add);
        default:
            for (int64_t t = 0; t < x.count(); t += 16) some_pairs<16>(w, from, to, x, t, y, y_stride, add);
    }
}

bool has_bfloat16_products() {
    static const bool has = __builtin_cpu_supports("avx512bf16");
    return has;
}

#else

void by_bfloat16(const Panels& w, int64_t from, int64_t to, const Columns& x, float* y, int64_t y_stride, bool add) {
    by_bfloat16_weights(w, from, to, x, y, y_stride, add);
}

bool has_bfloat16_products() { return false; }

#endif

}  // namespace

Panels::Panels(const at::Tensor& matrix, const float* bias, Factors factors)
    : rows(matrix.size(0)), width(matrix.size(1)), factors(factors), bias(bias) {
    const bool pairs = factors != Factors::float32;
    held_ = at::zeros({panels(), panel_rows * columns()}, pairs ? at::kBFloat16 : at::kFloat);
    const float* numbers = matrix.data_ptr<float>();
    at::parallel_for(0, panels(), 4, [&](int64_t begin, int64_t end) {
        for (int64_t p = begin; p < end; ++p) {
            auto* place = const_cast<void*>(panel(p));
            for (int64_t r = 0; r < std::min(panel_rows, rows - p * panel_rows); ++r) {
                const float* row = numbers + (p * panel_rows + r) * width;
                if (pairs)
                    for (int64_t k = 0; k < width; ++k) static_cast<uint16_t*>(place)[k / 2 * 2 * panel_rows + 2 * r + k % 2] = bfloat16_of(row[k]);
                else
                    for (int64_t k = 0; k < width; ++k) static_cast<float*>(place)[k * panel_rows + r] = row[k];
            }
        }
    });
}

void Columns::resize(int64_t width, int64_t count, Factors factors) {
    count_ = count, room_ = count > 8 ? (count + 15) / 16 * 16 : 1;
    while (room_ < count) room_ *= 2;
    factors_ = factors;
    // An odd width has a last pair of which the second is 0, as are vectors that are not there.
    const size_t size = (width + 1) / 2 * 2 * room_;
    if (factors == Factors::bfloat16 && has_bfloat16_products())
        halves_.assign(size, 0);
    else
        floats_.assign(size, 0.0f);
}

void Columns::put(int64_t t, int64_t from, int64_t to, const float* values) {
    if (factors_ != Factors::bfloat16)
        for (int64_t k = from; k < to; ++k) floats_[k * room_ + t] = values[k - from];
    else if (!has_bfloat16_products())
        for (int64_t k = from; k < to; ++k) floats_[k * room_ + t] = rounded(values[k - from]);
    else
        for (int64_t k = from; k < to; ++k) halves_[k / 2 * 2 * room_ + 2 * t + k % 2] = bfloat16_of(values[k - from]);
}

void multiply(const Panels& w, int64_t from, int64_t to, const Columns& x, float* y, int64_t y_stride, bool add) {
    switch (w.factors) {
        case Factors::float32: return by_float32(w, from, to, x, y, y_stride, add);
        case Factors::bfloat16_weights: return by_bfloat16_weights(w, from, to, x, y, y_stride, add);
        case Factors::bfloat16: return has_bfloat16_products() ? by_bfloat16(w, from, to, x, y, y_stride, add) : by_bfloat16_weights(w, from, to, x, y, y_stride, add);
    }
}

}  // namespace kernels
