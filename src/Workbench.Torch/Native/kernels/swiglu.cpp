// The gated unit of Llama's feed-forward layers (Shazeer 2020): silu(gate) * up.
#include "times.h"
#include "vector.h"

namespace {

using namespace kernels;
using torch::autograd::AutogradContext;
using torch::autograd::Variable;
using torch::autograd::variable_list;

#define LOOPS(T, suffix)                                                                                                      \
    WB_CLONES void forward_##suffix(const T* gate, const T* up, T* out, int64_t from, int64_t to) {                           \
        for (int64_t i = from; i < to; ++i) {                                                                                 \
            const T s = T(1) / (T(1) + exponential(gate[i] < T(-80) ? T(80) : -gate[i]));                                     \
            out[i] = gate[i] * s * up[i];                                                                                     \
        }                                                                                                                     \
    }                                                                                                                         \
    /* d silu(g)/dg = s (1 + g (1 - s)) */                                                                                    \
    WB_CLONES void backward_##suffix(const T* gate, const T* up, const T* d, T* dgate, T* dup, int64_t from, int64_t to) {    \
        for (int64_t i = from; i < to; ++i) {                                                                                 \
            const T s = T(1) / (T(1) + exponential(gate[i] < T(-80) ? T(80) : -gate[i]));                                     \
            dgate[i] = d[i] * up[i] * (s * (T(1) + gate[i] * (T(1) - s)));                                                    \
            dup[i] = d[i] * (gate[i] * s);                                                                                    \
        }                                                                                                                     \
    }                                                                                                                         \
    void forward(const T* gate, const T* up, T* out, int64_t from, int64_t to) { forward_##suffix(gate, up, out, from, to); } \
    void backward(const T* gate, const T* up, const T* d, T* dgate, T* dup, int64_t from, int64_t to) {                       \
        backward_##suffix(gate, up, d, dgate, dup, from, to);                                                                 \
    }

LOOPS(float, f32)
LOOPS(double, f64)

struct SwiGlu : torch::autograd::Function<SwiGlu> {
    static Variable forward(AutogradContext* ctx, const Variable& gate_input, const Variable& up_input) {
        const Timed timed(Part::activations);
        auto gate = gate_input.contiguous(), up = up_input.contiguous();
        auto out = at::empty_like(gate);
        AT_DISPATCH_FLOATING_TYPES(gate.scalar_type(), "swiglu", [&] {
            auto *g = gate.data_ptr<scalar_t>(), *u = up.data_ptr<scalar_t>(), *o = out.data_ptr<scalar_t>();
            at::parallel_for(0, gate.numel(), 16384, [&](int64_t from, int64_t to) { ::forward(g, u, o, from, to); });
        });
        ctx->save_for_backward({gate, up});
        return out;
    }

    static variable_list backward(AutogradContext* ctx, variable_list grads) {
        const Timed timed(Part::activations);
        require_first_order("swiglu");
        auto saved = ctx->get_saved_variables();
        auto gate = saved[0], up = saved[1], d = grads[0].contiguous();
        auto dgate = at::empty_like(gate), dup = at::empty_like(up);
        AT_DISPATCH_FLOATING_TYPES(gate.scalar_type(), "swiglu_backward", [&] {
            auto *g = gate.data_ptr<scalar_t>(), *u = up.data_ptr<scalar_t>(), *pd = d.data_ptr<scalar_t>();
            auto *dg = dgate.data_ptr<scalar_t>(), *du = dup.data_ptr<scalar_t>();
            at::parallel_for(0, gate.numel(), 16384, [&](int64_t from, int64_t to) { ::backward(g, u, pd, dg, du, from, to); });
        });
        return {dgate, dup};
    }
};

}  // namespace

// *out stays null where the kernel does not apply.
WB_API int32_t wb_swiglu(Handle gate, Handle up, Handle* out) {
    *out = nullptr;
    return guarded([&] {
        if (!supported(*gate) || !supported_like(*up, *gate)) return;
        TORCH_CHECK(gate->sizes() == up->sizes(), "swiglu: a gate of shape ", gate->sizes(), " does not fit an up of shape ",
                    up->sizes());
        *out = new at::Tensor(SwiGlu::apply(*gate, *up));
    });
}
