// What optimizers do over many tensors at once.
#include "shim.h"

#include <cmath>
#include <limits>

// Scales the gradients of all tensors together so that their norm is at most max_norm; gives the norm before.
// As torch.nn.utils.clip_grad_norm_, down to the 1e-6 in the divisor and the factor held at 1.
WB_API int32_t wb_clip_grad_norm_(const Handle* list, int32_t count, double max_norm, double norm_type, double* norm) {
    return guarded([&] {
        at::NoGradGuard no_grad;
        std::vector<at::Tensor> grads, norms;
        for (int32_t i = 0; i < count; ++i) {
            auto grad = list[i]->grad();
            if (grad.defined()) grads.push_back(grad.detach());
        }
        *norm = 0;
        if (grads.empty()) return;
        const bool infinite = std::isinf(norm_type);
        for (auto& grad : grads) norms.push_back((infinite ? grad.abs().max() : grad.norm(norm_type)).to(grads[0].device()));
        auto stacked = at::stack(norms);
        auto total = infinite ? stacked.max() : stacked.norm(norm_type);
        auto factor = (max_norm / (total + 1e-6)).clamp_max(1.0);
        for (auto& grad : grads) grad.mul_(factor.to(grad.device()));
        *norm = total.item<double>();
    });
}
