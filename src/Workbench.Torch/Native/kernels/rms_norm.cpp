// Root mean square layer normalization (Zhang and Sennrich 2019, equation 4): y = x / sqrt(mean(x^2) + eps) * w.
#include "times.h"
#include "vector.h"

namespace {

using namespace kernels;
using torch::autograd::AutogradContext;
using torch::autograd::Variable;
using torch::autograd::variable_list;

template <class T>
inline __attribute__((always_inline)) void forward_row(const T* x, const T* w, T eps, int64_t n, T* y, T* inverse) {
    T lane[lanes] = {};
    int64_t i = 0;
    for (; i + lanes <= n; i += lanes)
        for (int64_t j = 0; j < lanes; ++j) lane[j] += x[i + j] * x[i + j];
    T total = sum_lanes(lane);
    for (; i < n; ++i) total += x[i] * x[i];
    const T r = T(1) / std::sqrt(total / T(n) + eps);
    for (i = 0; i < n; ++i) y[i] = w[i] * (x[i] * r);
    *inverse = r;
}

// With g = dy * w and r the saved 1/sqrt(…): dx = r g - x r^3 mean(g x), dw += dy x r.
template <class T>
inline __attribute__((always_inline)) void backward_row(const T* x, const T* w, const T* dy, T r, int64_t n, T* dx, T* dw) {
    T lane[lanes] = {};
    int64_t i = 0;
    for (; i + lanes <= n; i += lanes)
        for (int64_t j = 0; j < lanes; ++j) lane[j] += dy[i + j] * w[i + j] * x[i + j];
    T total = sum_lanes(lane);
    for (; i < n; ++i) total += dy[i] * w[i] * x[i];
    const T c = r * r * r * (total / T(n));
    for (i = 0; i < n; ++i) {
        dx[i] = r * (dy[i] * w[i]) - x[i] * c;
        dw[i] += dy[i] * (x[i] * r);
    }
}

#define ROWS(T, suffix)                                                                                                      \
    WB_CLONES void forward_##suffix(const T* x, const T* w, T eps, int64_t n, T* y, T* r, int64_t from, int64_t to) {        \
        for (int64_t i = from; i < to; ++i) forward_row(x + i * n, w, eps, n, y + i * n, r + i);                             \
    }                                                                                                                        \
    WB_CLONES void backward_##suffix(const T* x, const T* w, const T* dy, const T* r, int64_t n, T* dx, T* dw, int64_t from, \
                                     int64_t to) {                                                                           \
        for (int64_t i = from; i < to; ++i) backward_row(x + i * n, w, dy + i * n, r[i], n, dx + i * n, dw);                 \
    }                                                                                                                        \
    void forward(const T* x, const T* w, T eps, int64_t n, T* y, T* r, int64_t from, int64_t to) {                           \
        forward_##suffix(x, w, eps, n, y, r, from, to);                                                                      \
    }                                                                                                                        \
    void backward(const T* x, const T* w, const T* dy, const T* r, int64_t n, T* dx, T* dw, int64_t from, int64_t to) {      \
        backward_##suffix(x, w, dy, r, n, dx, dw, from, to);                                                                 \
    }

ROWS(float, f32)
ROWS(double, f64)

struct RmsNorm : torch::autograd::Function<RmsNorm> {
    static Variable forward(AutogradContext* ctx, const Variable& input, const Variable& weight, double eps) {
        const Timed timed(Part::norms);
        auto x = input.contiguous(), w = weight.contiguous();
        const int64_t n = x.size(-1), rows = n == 0 ? 0 : x.numel() / n;
        auto y = at::empty_like(x);
        auto inverse = at::empty({rows}, x.options());
        AT_DISPATCH_FLOATING_TYPES(x.scalar_type(), "rms_norm", [&] {
            auto *px = x.data_ptr<scalar_t>(), *pw = w.data_ptr<scalar_t>(), *py = y.data_ptr<scalar_t>(),
                 *pr = inverse.data_ptr<scalar_t>();
            at::parallel_for(0, rows, grain(n), [&](int64_t from, int64_t to) {
                ::forward(px, pw, static_cast<scalar_t>(eps), n, py, pr, from, to);
            });
        });
        ctx->save_for_backward({x, w, inverse});
        return y;
    }

    static variable_list backward(AutogradContext* ctx, variable_list grads) {
        const Timed timed(Part::norms);
        require_first_order("rms_norm");
        auto saved = ctx->get_saved_variables();
        auto x = saved[0], w = saved[1], inverse = saved[2], dy = grads[0].contiguous();
        const int64_t n = x.size(-1), rows = inverse.numel();
        auto dx = at::empty_like(x);
        // A partial sum of dw for each run of rows, added in the order of the runs: the same result on every call.
        const int64_t run = std::max(grain(n), (rows + at::get_num_threads() - 1) / std::max(1, at::get_num_threads()));
        const int64_t runs = rows == 0 ? 0 : (rows + run - 1) / run;
        auto partial = at::zeros({std::max<int64_t>(runs, 1), n}, x.options());
        AT_DISPATCH_FLOATING_TYPES(x.scalar_type(), "rms_norm_backward", [&] {
            auto *px = x.data_ptr<scalar_t>(), *pw = w.data_ptr<scalar_t>(), *pdy = dy.data_ptr<scalar_t>(),
                 *pr = inverse.data_ptr<scalar_t>();
            auto *pdx = dx.data_ptr<scalar_t>(), *pp = partial.data_ptr<scalar_t>();
            at::parallel_for(0, runs, 1, [&](int64_t from, int64_t to) {
                for (int64_t i = from; i < to; ++i)
                    ::backward(px, pw, pdy, pr, n, pdx, pp + i * n, i * run, std::min(rows, (i + 1) * run));
            });
        });
        return {dx, partial.sum(0), Variable()};
    }
};

}  // namespace

// *out stays null where the kernel does not apply.
WB_API int32_t wb_rms_norm(Handle input, Handle weight, double eps, Handle* out) {
    *out = nullptr;
    return guarded([&] {
        if (!supported(*input) || !supported_like(*weight, *input)) return;
        TORCH_CHECK(input->dim() > 0 && weight->dim() == 1 && weight->size(0) == input->size(-1), "rms_norm: a weight of shape ",
                    weight->sizes(), " does not fit an input of shape ", input->sizes());
        *out = new at::Tensor(RmsNorm::apply(*input, *weight, eps));
    });
}
