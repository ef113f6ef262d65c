// Gradients: their mode, their computation, their place.
#include "shim.h"

WB_API int32_t wb_grad_enabled(bool* out) {
    return guarded([&] { *out = at::GradMode::is_enabled(); });
}
WB_API int32_t wb_set_grad_enabled(bool enabled) {
    return guarded([&] { at::GradMode::set_enabled(enabled); });
}

// Inference mode is a guard object in C++; its owner in C# disposes it on the thread that made it.
WB_API int32_t wb_inference_mode_new(bool mode, c10::InferenceMode** out) {
    return guarded([&] { *out = new c10::InferenceMode(mode); });
}
WB_API void wb_inference_mode_free(c10::InferenceMode* guard) { delete guard; }
WB_API int32_t wb_inference_mode_enabled(bool* out) {
    return guarded([&] { *out = c10::InferenceMode::is_enabled(); });
}

WB_API int32_t wb_requires_grad(Handle self, bool* out) {
    return guarded([&] { *out = self->requires_grad(); });
}
WB_API int32_t wb_set_requires_grad(Handle self, bool value) {
    return guarded([&] { self->set_requires_grad(value); });
}
WB_API int32_t wb_is_leaf(Handle self, bool* out) {
    return guarded([&] { *out = self->is_leaf(); });
}
WB_API int32_t wb_retain_grad(Handle self) {
    return guarded([&] { self->retain_grad(); });
}

// *out stays null where there is no gradient.
WB_API int32_t wb_grad(Handle self, Handle* out) {
    *out = nullptr;
    return guarded([&] {
        auto grad = self->grad();
        if (grad.defined()) *out = new at::Tensor(grad);
    });
}

WB_API int32_t wb_set_grad(Handle self, Handle grad) {
    return guarded([&] { self->mutable_grad() = grad ? *grad : at::Tensor(); });
}

WB_API int32_t wb_backward(const Handle* roots, int32_t count, const Handle* grads, int32_t grad_count, bool retain_graph,
                           bool create_graph, const Handle* inputs, int32_t input_count) {
    return guarded([&] {
        torch::autograd::backward(tensors(roots, count), tensors(grads, grad_count), retain_graph, create_graph,
                                  tensors(inputs, input_count));
    });
}

// A gradient that does not exist (allow_unused) comes out as a null handle.
WB_API int32_t wb_autograd_grad(const Handle* outputs, int32_t output_count, const Handle* inputs, int32_t input_count,
                                const Handle* grads, int32_t grad_count, bool retain_graph, bool create_graph, bool allow_unused,
                                TakeHandles take, void* state) {
    return guarded([&] {
        auto results = torch::autograd::grad(tensors(outputs, output_count), tensors(inputs, input_count),
                                             tensors(grads, grad_count), retain_graph, create_graph, allow_unused);
        std::vector<Handle> handles;
        handles.reserve(results.size());
        for (auto& result : results) handles.push_back(result.defined() ? new at::Tensor(std::move(result)) : nullptr);
        take(handles.data(), static_cast<int32_t>(handles.size()), state);
    });
}
