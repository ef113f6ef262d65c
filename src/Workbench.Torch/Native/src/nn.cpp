// The layers and losses of torch.nn.functional.
#include "shim.h"

#include <cmath>

WB_API int32_t wb_linear(Handle input, Handle weight, Handle bias, Handle* out) {
    return give(out, [&] { return at::linear(*input, *weight, maybe(bias)); });
}
WB_API int32_t wb_embedding(Handle weight, Handle indexes, int64_t padding_idx, bool scale_grad_by_freq, bool sparse,
                            Handle* out) {
    return give(out, [&] { return at::embedding(*weight, *indexes, padding_idx, scale_grad_by_freq, sparse); });
}
WB_API int32_t wb_softmax(Handle self, int64_t dim, int32_t dtype, Handle* out) {
    return give(out, [&] { return at::softmax(*self, dim, maybe_dtype(dtype)); });
}
WB_API int32_t wb_log_softmax(Handle self, int64_t dim, int32_t dtype, Handle* out) {
    return give(out, [&] { return at::log_softmax(*self, dim, maybe_dtype(dtype)); });
}
WB_API int32_t wb_dropout(Handle self, double p, bool training, Handle* out) {
    return give(out, [&] { return at::dropout(*self, p, training); });
}
WB_API int32_t wb_layer_norm(Handle self, const int64_t* shape, int32_t count, Handle weight, Handle bias, double eps,
                             Handle* out) {
    return give(out, [&] { return at::layer_norm(*self, dims(shape, count), maybe(weight), maybe(bias), eps, false); });
}
WB_API int32_t wb_one_hot(Handle self, int64_t classes, Handle* out) {
    return give(out, [&] { return at::one_hot(*self, classes); });
}

// reduction: 0 none, 1 mean, 2 sum, as libtorch's at::Reduction.
WB_API int32_t wb_cross_entropy(Handle input, Handle target, Handle weight, int64_t reduction, int64_t ignore_index,
                                double label_smoothing, Handle* out) {
    return give(out,
                [&] { return at::cross_entropy_loss(*input, *target, maybe(weight), reduction, ignore_index, label_smoothing); });
}
WB_API int32_t wb_nll_loss(Handle input, Handle target, Handle weight, int64_t reduction, int64_t ignore_index, Handle* out) {
    return give(out, [&] { return at::nll_loss_nd(*input, *target, maybe(weight), reduction, ignore_index); });
}
WB_API int32_t wb_mse_loss(Handle input, Handle target, int64_t reduction, Handle* out) {
    return give(out, [&] { return at::mse_loss(*input, *target, reduction); });
}
WB_API int32_t wb_bce_with_logits(Handle input, Handle target, Handle weight, Handle pos_weight, int64_t reduction, Handle* out) {
    return give(
        out, [&] { return at::binary_cross_entropy_with_logits(*input, *target, maybe(weight), maybe(pos_weight), reduction); });
}

// softmax(q k' / sqrt(E) + mask) v over the last two dimensions (Vaswani et al. 2017, equation 1). libtorch gained the
// function under this meaning with 2.0; 1.13 has a private draft of it, so there the composition stands.
WB_API int32_t wb_scaled_dot_product_attention(Handle query, Handle key, Handle value, Handle mask, double p, bool is_causal,
                                               Handle* out) {
    return give(out, [&]() -> at::Tensor {
#if TORCH_VERSION_MAJOR >= 2
        return at::scaled_dot_product_attention(*query, *key, *value, maybe(mask), p, is_causal);
#else
        TORCH_CHECK(!(is_causal && mask), "scaled_dot_product_attention: an explicit attn_mask cannot be given when the attention is causal");
        auto scores = at::matmul(*query * (1.0 / std::sqrt(static_cast<double>(query->size(-1)))), key->transpose(-2, -1));
        if (is_causal) {
            auto allowed = at::ones({query->size(-2), key->size(-2)}, query->options().dtype(at::kBool)).tril();
            scores = scores.masked_fill(allowed.logical_not(), -std::numeric_limits<double>::infinity());
        } else if (mask) {
            scores = mask->scalar_type() == at::kBool
                ? scores.masked_fill(mask->logical_not(), -std::numeric_limits<double>::infinity())
                : scores + *mask;
        }
        auto weights = at::softmax(scores, -1);
        if (p > 0) weights = at::dropout(weights, p, true);
        return at::matmul(weights, *value);
#endif
    });
}
