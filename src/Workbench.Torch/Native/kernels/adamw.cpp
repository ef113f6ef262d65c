// One step of AdamW (Loshchilov and Hutter 2017) over many parameters, each read and written once.
#include "times.h"
#include "vector.h"

namespace {

using namespace kernels;

// The order of the operations is that of PyTorch's single-tensor AdamW, so that the two stay together.
#define LOOPS(T, suffix)                                                                                                      \
    WB_CLONES void step_##suffix(T* p, const T* g, T* m, T* v, T decay, T beta1, T rest1, T beta2, T rest2, T root2, T eps,   \
                                 T rate, int64_t n) {                                                                         \
        for (int64_t i = 0; i < n; ++i) {                                                                                     \
            m[i] = m[i] * beta1 + g[i] * rest1;                                                                               \
            v[i] = v[i] * beta2 + g[i] * g[i] * rest2;                                                                        \
            p[i] = p[i] * decay - rate * (m[i] / (std::sqrt(v[i]) / root2 + eps));                                            \
        }                                                                                                                     \
    }                                                                                                                         \
    void step(T* p, const T* g, T* m, T* v, T decay, T beta1, T rest1, T beta2, T rest2, T root2, T eps, T rate, int64_t n) { \
        step_##suffix(p, g, m, v, decay, beta1, rest1, beta2, rest2, root2, eps, rate, n);                                    \
    }

LOOPS(float, f32)
LOOPS(double, f64)

bool plain(const at::Tensor& tensor) { return supported(tensor) && tensor.is_contiguous(); }

}  // namespace

// done tells whether this parameter was one that the kernel knows: dense float32 or float64 on the CPU.
WB_API int32_t wb_adamw_step(Handle parameter, Handle gradient, Handle exp_avg, Handle exp_avg_sq, int64_t steps, double lr,
                             double beta1, double beta2, double eps, double weight_decay, bool* done) {
    *done = false;
    return guarded([&] {
        const kernels::Timed timed(kernels::Part::optimizer);
        at::NoGradGuard no_grad;
        auto &p = *parameter, &g = *gradient, &m = *exp_avg, &v = *exp_avg_sq;
        for (auto* t : {&p, &g, &m, &v})
            if (!plain(*t) || t->scalar_type() != p.scalar_type() || t->sizes() != p.sizes()) return;
        const double correction1 = 1 - std::pow(beta1, steps), correction2 = 1 - std::pow(beta2, steps);
        AT_DISPATCH_FLOATING_TYPES(p.scalar_type(), "adamw", [&] {
            auto *pp = p.data_ptr<scalar_t>(), *pg = g.data_ptr<scalar_t>(), *pm = m.data_ptr<scalar_t>(),
                 *pv = v.data_ptr<scalar_t>();
            at::parallel_for(0, p.numel(), 16384, [&](int64_t from, int64_t to) {
                ::step(pp + from, pg + from, pm + from, pv + from, scalar_t(1 - lr * weight_decay), scalar_t(beta1),
                       scalar_t(1 - beta1), scalar_t(beta2), scalar_t(1 - beta2), scalar_t(std::sqrt(correction2)), scalar_t(eps),
                       scalar_t(lr / correction1), to - from);
            });
        });
        p.unsafeGetTensorImpl()->bump_version();
        *done = true;
    });
}
