// y = x W' + b with a backward of two products, in float32, float64, or with factors rounded to bfloat16 and sums in float32, as
// automatic mixed precision does it with float32 master weights (Micikevicius et al. 2018; Kalamkar et al. 2019).
#include "products.h"
#include "vector.h"

namespace {

using namespace kernels;
using torch::autograd::AutogradContext;
using torch::autograd::Variable;
using torch::autograd::variable_list;

struct Linear : torch::autograd::Function<Linear> {
    static Variable forward(AutogradContext* ctx, const Variable& input, const Variable& weight, const Optional<at::Tensor>& bias,
                            bool bfloat16, bool need_input, bool need_weight) {
        auto shape = input.sizes().vec();
        shape.back() = weight.size(0);
        // What backward multiplies by is kept in the precision that it multiplies in.
        const auto x = factor(input.reshape({-1, input.size(-1)}).contiguous(), bfloat16), w = factor(weight.contiguous(), bfloat16);
        auto y = at::empty({x.size(0), w.size(0)}, input.options());
        product(y, x, w.t());
        if (bias) y.add_(*bias);
        ctx->save_for_backward({need_weight ? x : at::Tensor(), need_input ? w : at::Tensor()});
        ctx->saved_data["shape"] = input.sizes().vec();
        ctx->saved_data["bias"] = static_cast<bool>(bias);
        ctx->saved_data["bfloat16"] = bfloat16;
        return y.view(shape);
    }

    static variable_list backward(AutogradContext* ctx, variable_list grads) {
        require_first_order("linear");
        const auto saved = ctx->get_saved_variables();
        const auto x = saved[0], w = saved[1];
        const auto full = grads[0].reshape({-1, grads[0].size(-1)}).contiguous();
        const auto d = factor(full, ctx->saved_data["bfloat16"].toBool());
        at::Tensor dx, dw, db;
        if (w.defined()) {
            dx = at::empty({d.size(0), w.size(1)}, full.options());
            product(dx, d, w);
            dx = dx.view(ctx->saved_data["shape"].toIntVector());
        }
        if (x.defined()) {
            dw = at::empty({d.size(1), x.size(1)}, full.options());
            product(dw, d.t(), x);
        }
        if (ctx->saved_data["bias"].toBool()) db = full.sum(0);
        return {dx, dw, db, Variable(), Variable(), Variable()};
    }
};

}  // namespace

// *out stays null where the kernel does not apply. bfloat16 is for float32 tensors.
WB_API int32_t wb_kernel_linear(Handle input, Handle weight, Handle bias, bool bfloat16, Handle* out) {
    *out = nullptr;
    return guarded([&] {
        if (!supported(*input) || !supported_like(*weight, *input) || (bias && !supported_like(*bias, *input))) return;
        TORCH_CHECK(input->dim() > 0 && weight->dim() == 2 && input->size(-1) == weight->size(1) &&
                        (!bias || (bias->dim() == 1 && bias->size(0) == weight->size(0))),
                    "linear: a weight of shape ", weight->sizes(), " does not fit an input of shape ", input->sizes());
        TORCH_CHECK(!bfloat16 || input->scalar_type() == at::kFloat, "linear: bfloat16 products are of float32 tensors");
        const bool mode = at::GradMode::is_enabled();
        *out = new at::Tensor(Linear::apply(*input, *weight, maybe(bias), bfloat16, mode && input->requires_grad(),
                                            mode && weight->requires_grad()));
    });
}

// Whether the processor multiplies bfloat16 by instructions of its own.
WB_API bool wb_fast_bfloat16() { return kernels::fast_bfloat16(); }
