// AdamW whose averages are kept in 8 bits (Dettmers et al. 2022): each block of 256 values by its largest magnitude and, for each
// value, the nearest of 256 steps of a table. A block is decoded, updated and encoded while it is in the cache.
#include "times.h"
#include "vector.h"

namespace {

using namespace kernels;

constexpr int64_t block_size = 256;

uint8_t nearest(const float* table, float x) {
    const float* above = std::lower_bound(table, table + 256, x);
    if (above == table) return 0;
    if (above == table + 256) return 255;
    return static_cast<uint8_t>(above - table - (x - above[-1] <= *above - x ? 1 : 0));
}

void encode(const float* values, int64_t n, const float* table, uint8_t* codes, float* largest) {
    float top = 0;
    for (int64_t i = 0; i < n; ++i) top = std::max(top, std::abs(values[i]));
    *largest = top;
    for (int64_t i = 0; i < n; ++i) codes[i] = nearest(table, top > 0 ? values[i] / top : 0.0f);
}

}  // namespace

WB_API int32_t wb_adamw_8bit_step(Handle parameter, Handle gradient, Handle codes_m, Handle largest_m, Handle codes_v,
                                  Handle largest_v, Handle table_m, Handle table_v, int64_t steps, double lr, double beta1,
                                  double beta2, double eps, double weight_decay, bool* done) {
    *done = false;
    return guarded([&] {
        const kernels::Timed timed(kernels::Part::optimizer);
        if (!supported(*parameter) || parameter->scalar_type() != at::kFloat || !parameter->is_contiguous()) return;
        TORCH_CHECK(gradient->sizes() == parameter->sizes(), "adamw_8bit: parameter and gradient differ in shape");
        auto g = gradient->contiguous();
        auto* p = parameter->data_ptr<float>();
        const auto* pg = g.data_ptr<float>();
        auto *cm = codes_m->data_ptr<uint8_t>(), *cv = codes_v->data_ptr<uint8_t>();
        auto *lm = largest_m->data_ptr<float>(), *lv = largest_v->data_ptr<float>();
        const auto *tm = table_m->data_ptr<float>(), *tv = table_v->data_ptr<float>();
        const int64_t n = parameter->numel(), blocks = (n + block_size - 1) / block_size;
        const double correction1 = 1 - std::pow(beta1, steps), correction2 = std::sqrt(1 - std::pow(beta2, steps));
        const float b1 = static_cast<float>(beta1), b2 = static_cast<float>(beta2), keep = static_cast<float>(1 - lr * weight_decay);
        at::parallel_for(0, blocks, 64, [&](int64_t from, int64_t to) {
            float m[block_size], v[block_size];
            for (int64_t b = from; b < to; ++b) {
                const int64_t start = b * block_size, count = std::min(block_size, n - start);
                for (int64_t i = 0; i < count; ++i) {
                    const float d = pg[start + i];
                    m[i] = b1 * tm[cm[start + i]] * lm[b] + (1 - b1) * d;
                    v[i] = b2 * tv[cv[start + i]] * lv[b] + (1 - b2) * d * d;
                    const double denominator = std::sqrt(v[i]) / correction2 + eps;
                    p[start + i] = p[start + i] * keep - static_cast<float>(lr / correction1 * m[i] / denominator);
                }
                encode(m, count, tm, cm + start, lm + b);
                encode(v, count, tv, cv + start, lv + b);
            }
        });
        *done = true;
    });
}
