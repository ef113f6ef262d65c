// Rotary position embedding (Su et al. 2021), the halves paired as Hugging Face's Llama pairs them:
// (x1, x2) -> (x1 cos - x2 sin, x2 cos + x1 sin).
#include "times.h"
#include "vector.h"

namespace {

using namespace kernels;
using torch::autograd::AutogradContext;
using torch::autograd::Variable;
using torch::autograd::variable_list;

#define LOOPS(T, suffix)                                                                                 \
    WB_CLONES void rotate_##suffix(const T* x, const T* cos, const T* sin, T sign, int64_t half, T* y) { \
        for (int64_t i = 0; i < half; ++i) {                                                             \
            const T a = x[i], b = x[half + i], s = sign * sin[i];                                        \
            y[i] = a * cos[i] - b * s;                                                                   \
            y[half + i] = b * cos[i] + a * s;                                                            \
        }                                                                                                \
    }                                                                                                    \
    void rotate(const T* x, const T* cos, const T* sin, T sign, int64_t half, T* y) {                    \
        rotate_##suffix(x, cos, sin, sign, half, y);                                                     \
    }

LOOPS(float, f32)
LOOPS(double, f64)

// x: (B, H, T, D), its last dimension dense; cos, sin: (B or 1, T, D/2), dense. The result has the layout of x.
at::Tensor rotated(const at::Tensor& x, const at::Tensor& cos, const at::Tensor& sin, double sign) {
    auto y = at::empty_like(x);
    const int64_t heads = x.size(1), length = x.size(2), half = x.size(3) / 2, batches = cos.size(0);
    AT_DISPATCH_FLOATING_TYPES(x.scalar_type(), "rotary", [&] {
        auto *px = x.data_ptr<scalar_t>(), *pc = cos.data_ptr<scalar_t>(), *ps = sin.data_ptr<scalar_t>(),
             *py = y.data_ptr<scalar_t>();
        at::parallel_for(0, x.size(0) * heads * length, grain(2 * half), [&](int64_t from, int64_t to) {
            for (int64_t i = from; i < to; ++i) {
                const int64_t t = i % length, h = i / length % heads, b = i / length / heads;
                const int64_t table = ((batches == 1 ? 0 : b) * length + t) * half;
                ::rotate(px + b * x.stride(0) + h * x.stride(1) + t * x.stride(2), pc + table, ps + table,
                         static_cast<scalar_t>(sign), half, py + b * y.stride(0) + h * y.stride(1) + t * y.stride(2));
            }
        });
    });
    return y;
}

at::Tensor dense_last(const at::Tensor& x) { return x.stride(-1) == 1 && x.is_non_overlapping_and_dense() ? x : x.contiguous(); }

struct Rotary : torch::autograd::Function<Rotary> {
    static Variable forward(AutogradContext* ctx, const Variable& x, const Variable& cos, const Variable& sin) {
        const Timed timed(Part::rotary);
        ctx->save_for_backward({cos, sin});
        return rotated(dense_last(x), cos, sin, 1);
    }

    // A rotation's transpose is the rotation back.
    static variable_list backward(AutogradContext* ctx, variable_list grads) {
        const Timed timed(Part::rotary);
        require_first_order("rotary");
        auto saved = ctx->get_saved_variables();
        return {rotated(dense_last(grads[0]), saved[0], saved[1], -1), Variable(), Variable()};
    }
};

}  // namespace

// *out stays null where the kernel does not apply.
WB_API int32_t wb_rotary(Handle x, Handle cos, Handle sin, Handle* out) {
    *out = nullptr;
    return guarded([&] {
        if (!supported(*x) || !supported_like(*cos, *x) || !supported_like(*sin, *x) || x->dim() != 4 || cos->requires_grad() ||
            sin->requires_grad())
            return;
        auto c = cos->dim() == 2 ? cos->unsqueeze(0) : *cos, s = sin->dim() == 2 ? sin->unsqueeze(0) : *sin;
        TORCH_CHECK(c.dim() == 3 && c.sizes() == s.sizes() && (c.size(0) == 1 || c.size(0) == x->size(0)) &&
                        c.size(1) == x->size(2) && 2 * c.size(2) == x->size(3),
                    "rotary: tables of shape ", cos->sizes(), " and ", sin->sizes(), " do not fit an input of shape ",
                    x->sizes());
        *out = new at::Tensor(Rotary::apply(*x, c.contiguous(), s.contiguous()));
    });
}
