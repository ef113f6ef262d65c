// log softmax(h W')[y] of each row, never more than a chunk of the logits in memory. What the loss asks of each row is not known
// before backward, so backward makes a chunk's logits again: one more product in exchange for the memory of all of them.
#include "products.h"
#include "times.h"
#include "vector.h"

namespace {

using namespace kernels;
using torch::autograd::AutogradContext;
using torch::autograd::Variable;
using torch::autograd::variable_list;

constexpr int64_t chunk_elements = int64_t(1) << 23;

template <typename Body>
void for_chunks(const at::Tensor& hidden, const at::Tensor& weight, bool bfloat16, Body body) {
    const int64_t rows = hidden.size(0), classes = weight.size(0);
    const int64_t chunk = std::max<int64_t>(16, chunk_elements / std::max<int64_t>(1, classes));
    auto buffer = at::empty({std::min(chunk, rows), classes}, hidden.options());
    for (int64_t start = 0; start < rows; start += chunk) {
        const int64_t count = std::min(chunk, rows - start);
        auto z = buffer.narrow(0, 0, count);
        product(z, factor(hidden.narrow(0, start, count), bfloat16), weight.t());
        body(z, start, count);
    }
}

struct LinearLogProbabilities : torch::autograd::Function<LinearLogProbabilities> {
    static Variable forward(AutogradContext* ctx, const Variable& hidden, const Variable& weight, const Variable& targets,
                            bool bfloat16) {
        const Timed timed(Part::loss);
        auto h = hidden.contiguous(), w = factor(weight.contiguous(), bfloat16);
        if (targets.numel() > 0) {
            TORCH_CHECK(targets.min().item<int64_t>() >= 0 && targets.max().item<int64_t>() < w.size(0),
                        "linear_log_probabilities: a target lies outside the ", w.size(0), " classes");
        }
        auto logps = at::empty({h.size(0)}, h.options());
        for_chunks(h, w, bfloat16, [&](const at::Tensor& z, int64_t start, int64_t count) {
            auto own = z.gather(1, targets.narrow(0, start, count).unsqueeze(1)).squeeze(1);
            logps.narrow(0, start, count).copy_(own - z.logsumexp(1));
        });
        ctx->save_for_backward({hidden, weight, targets});
        ctx->saved_data["bfloat16"] = bfloat16;
        return logps;
    }

    static variable_list backward(AutogradContext* ctx, variable_list grads) {
        const Timed timed(Part::loss);
        require_first_order("linear_log_probabilities");
        auto saved = ctx->get_saved_variables();
        const bool bfloat16 = ctx->saved_data["bfloat16"].toBool();
        auto h = saved[0].contiguous(), w = factor(saved[1].contiguous(), bfloat16), targets = saved[2];
        const bool need_hidden = saved[0].requires_grad(), need_weight = saved[1].requires_grad();
        auto dh = need_hidden ? at::empty_like(h) : at::Tensor();
        auto dw = need_weight ? at::zeros_like(saved[1]) : at::Tensor();
        for_chunks(h, w, bfloat16, [&](at::Tensor z, int64_t start, int64_t count) {
            // d logp / d z = onehot(target) - softmax(z)
            auto g = grads[0].narrow(0, start, count).unsqueeze(1);
            z.sub_(z.logsumexp(1, true)).exp_().mul_(-g);
            z.scatter_add_(1, targets.narrow(0, start, count).unsqueeze(1), g.contiguous());
            const auto dz = factor(z, bfloat16);
            if (need_hidden) product(dh.narrow(0, start, count), dz, w);
            if (need_weight) product(dw, dz.t(), factor(h.narrow(0, start, count), bfloat16), true);
        });
        return {dh, dw, Variable(), Variable()};
    }
};

}  // namespace

// The output stays null where the kernel does not apply. bfloat16 rounds the factors of the products.
WB_API int32_t wb_linear_log_probabilities(Handle hidden, Handle weight, Handle targets, bool bfloat16, Handle* result) {
    *result = nullptr;
    return guarded([&] {
        if (!supported(*hidden) || !supported_like(*weight, *hidden) || targets->scalar_type() != at::kLong ||
            !targets->device().is_cpu())
            return;
        TORCH_CHECK(hidden->dim() == 2 && weight->dim() == 2 && hidden->size(1) == weight->size(1) && targets->dim() == 1 &&
                        targets->size(0) == hidden->size(0),
                    "linear_log_probabilities: hidden ", hidden->sizes(), ", weight ", weight->sizes(), " and targets ",
                    targets->sizes(), " do not fit (N, D), (V, D) and (N)");
        TORCH_CHECK(!bfloat16 || hidden->scalar_type() == at::kFloat, "linear_log_probabilities: bfloat16 products are of float32 tensors");
        *result = new at::Tensor(LinearLogProbabilities::apply(*hidden, *weight, *targets, bfloat16));
    });
}
