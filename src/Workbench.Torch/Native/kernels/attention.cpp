// Grouped-query attention (Ainslie et al. 2023): softmax(q k' scale) v, where several query heads share a key/value head. Keys
// and values are never repeated, a mask is never made, and of the weights only a block of rows exists at a time: backward
// makes them again from the saved log-sum-exp (Dao et al. 2022).
#include "vector.h"

namespace {

using namespace kernels;
using torch::autograd::AutogradContext;
using torch::autograd::Variable;
using torch::autograd::variable_list;

constexpr int64_t block_rows = 128;

#define ROWS(T, suffix)                                                                                           \
    /* s: scores, made weights; returns log(sum e^(scale s)). Entries from seen on become 0. */                   \
    WB_CLONES T softmax_##suffix(T* s, T scale, int64_t seen, int64_t width) {                                    \
        T top = -std::numeric_limits<T>::infinity();                                                              \
        for (int64_t i = 0; i < seen; ++i) top = s[i] > top ? s[i] : top;                                         \
        T lane[lanes] = {};                                                                                       \
        int64_t i = 0;                                                                                            \
        for (; i + lanes <= seen; i += lanes)                                                                     \
            for (int64_t j = 0; j < lanes; ++j) {                                                                 \
                s[i + j] = exponential(scale * (s[i + j] - top));                                                 \
                lane[j] += s[i + j];                                                                              \
            }                                                                                                     \
        T total = sum_lanes(lane);                                                                                \
        for (; i < seen; ++i) {                                                                                   \
            s[i] = exponential(scale * (s[i] - top));                                                             \
            total += s[i];                                                                                        \
        }                                                                                                         \
        const T inverse = T(1) / total;                                                                           \
        for (i = 0; i < seen; ++i) s[i] *= inverse;                                                               \
        for (; i < width; ++i) s[i] = T(0);                                                                       \
        return scale * top + std::log(total);                                                                     \
    }                                                                                                             \
    WB_CLONES void again_##suffix(T* s, T scale, T lse, int64_t seen, int64_t width) {                            \
        int64_t i = 0;                                                                                            \
        for (; i < seen; ++i) s[i] = exponential(scale * s[i] - lse);                                             \
        for (; i < width; ++i) s[i] = T(0);                                                                       \
    }                                                                                                             \
    /* dS = P (dP - delta) scale, in place of dP. */                                                              \
    WB_CLONES void score_gradient_##suffix(const T* p, T* dp, T delta, T scale, int64_t width) {                  \
        for (int64_t i = 0; i < width; ++i) dp[i] = p[i] * (dp[i] - delta) * scale;                               \
    }                                                                                                             \
    T softmax(T* s, T scale, int64_t seen, int64_t width) { return softmax_##suffix(s, scale, seen, width); }     \
    void again(T* s, T scale, T lse, int64_t seen, int64_t width) { again_##suffix(s, scale, lse, seen, width); } \
    void score_gradient(const T* p, T* dp, T delta, T scale, int64_t width) {                                     \
        score_gradient_##suffix(p, dp, delta, scale, width);                                                      \
    }

ROWS(float, f32)
ROWS(double, f64)

// Which keys a query may see.
struct Sight {
    bool causal;
    int64_t window;                // keys that a query sees at most, itself included; 0: all
    std::vector<int64_t> offsets;  // where each packed sequence begins, and the end of the last; empty: one sequence
};

// A block of query rows of one head: it sees `width` keys from `start` on, of which row i only those of keys_of(i).
struct Block {
    int64_t b, h, kv, from, count, start, width, floor;
};

struct Keys {
    int64_t from, to;  // relative to the block's first key
};

template <class Body>
void for_blocks(const at::Tensor& q, const at::Tensor& k, const Sight& sight, Body&& body) {
    const int64_t heads = q.size(1), group = heads / k.size(1), length = q.size(2), keys = k.size(2), shift = keys - length;
    const bool packed = !sight.offsets.empty();
    const auto bounds = packed ? sight.offsets : std::vector<int64_t>{0, length};
    for (int64_t b = 0; b < q.size(0); ++b)
        for (int64_t h = 0; h < heads; ++h)
            for (size_t s = 0; s + 1 < bounds.size(); ++s)
                for (int64_t from = bounds[s]; from < bounds[s + 1]; from += block_rows) {
                    const int64_t count = std::min(block_rows, bounds[s + 1] - from), floor = packed ? bounds[s] : 0;
                    const int64_t start = sight.window > 0 ? std::max(floor, shift + from - sight.window + 1) : floor;
                    const int64_t end = sight.causal ? shift + from + count : keys;
                    body(Block{b, h, h / group, from, count, start, end - start, floor});
                }
}

Keys keys_of(const Block& a, const Sight& sight, int64_t shift, int64_t row) {
    const int64_t position = shift + a.from + row;
    return {sight.window > 0 ? std::max(a.floor, position - sight.window + 1) - a.start : 0,
            sight.causal ? position + 1 - a.start : a.width};
}

struct Attention : torch::autograd::Function<Attention> {
    static Variable forward(AutogradContext* ctx, const Variable& query, const Variable& key, const Variable& value, bool causal,
                            double scale, int64_t window, std::vector<int64_t> offsets) {
        const Sight sight{causal, window, offsets};
        auto q = query.contiguous(), k = key.contiguous(), v = value.contiguous();
        const int64_t length = q.size(2), keys = k.size(2);
        auto out = at::empty({q.size(0), q.size(1), length, v.size(3)}, q.options());
        auto lse = at::empty({q.size(0), q.size(1), length}, q.options());
        auto buffer = at::empty({std::min(block_rows, length) * keys}, q.options());
        for_blocks(q, k, sight, [&](const Block& a) {
            auto p = buffer.narrow(0, 0, a.count * a.width).view({a.count, a.width});
            auto q_block = q[a.b][a.h].narrow(0, a.from, a.count), k_seen = k[a.b][a.kv].narrow(0, a.start, a.width);
            at::mm_out(p, q_block, k_seen.t());
            AT_DISPATCH_FLOATING_TYPES(q.scalar_type(), "attention", [&] {
                auto *pp = p.data_ptr<scalar_t>(), *pl = lse[a.b][a.h].data_ptr<scalar_t>() + a.from;
                at::parallel_for(0, a.count, grain(a.width), [&](int64_t from, int64_t to) {
                    for (int64_t i = from; i < to; ++i) {
                        const auto seen = keys_of(a, sight, keys - length, i);
                        auto* row = pp + i * a.width;
                        std::fill(row, row + seen.from, scalar_t(0));
                        pl[i] = ::softmax(row + seen.from, static_cast<scalar_t>(scale), seen.to - seen.from, a.width - seen.from);
                    }
                });
            });
            auto o = out[a.b][a.h].narrow(0, a.from, a.count);
            at::mm_out(o, p, v[a.b][a.kv].narrow(0, a.start, a.width));
        });
        ctx->save_for_backward({q, k, v, out, lse});
        ctx->saved_data["causal"] = causal;
        ctx->saved_data["scale"] = scale;
        ctx->saved_data["window"] = window;
        ctx->saved_data["offsets"] = offsets;
        return out;
    }

    static variable_list backward(AutogradContext* ctx, variable_list grads) {
        require_first_order("grouped_query_attention");
        auto saved = ctx->get_saved_variables();
        auto q = saved[0], k = saved[1], v = saved[2], out = saved[3], lse = saved[4], d = grads[0].contiguous();
        const Sight sight{ctx->saved_data["causal"].toBool(), ctx->saved_data["window"].toInt(), ctx->saved_data["offsets"].toIntVector()};
        const double scale = ctx->saved_data["scale"].toDouble();
        const int64_t length = q.size(2), keys = k.size(2);
        auto delta = (d * out).sum(-1);  // (B, H, T)
        auto dq = at::empty_like(q), dk = at::zeros_like(k), dv = at::zeros_like(v);
        auto weights = at::empty({std::min(block_rows, length) * keys}, q.options()), scores = at::empty_like(weights);
        for_blocks(q, k, sight, [&](const Block& a) {
            auto p = weights.narrow(0, 0, a.count * a.width).view({a.count, a.width});
            auto ds = scores.narrow(0, 0, a.count * a.width).view({a.count, a.width});
            auto q_block = q[a.b][a.h].narrow(0, a.from, a.count), d_block = d[a.b][a.h].narrow(0, a.from, a.count);
            auto k_seen = k[a.b][a.kv].narrow(0, a.start, a.width), v_seen = v[a.b][a.kv].narrow(0, a.start, a.width);
            at::mm_out(p, q_block, k_seen.t());
            at::mm_out(ds, d_block, v_seen.t());
            AT_DISPATCH_FLOATING_TYPES(q.scalar_type(), "attention_backward", [&] {
                auto *pp = p.data_ptr<scalar_t>(), *ps = ds.data_ptr<scalar_t>();
                auto *pl = lse[a.b][a.h].data_ptr<scalar_t>() + a.from, *pd = delta[a.b][a.h].data_ptr<scalar_t>() + a.from;
                const auto factor = static_cast<scalar_t>(scale);
                at::parallel_for(0, a.count, grain(a.width), [&](int64_t from, int64_t to) {
                    for (int64_t i = from; i < to; ++i) {
                        const auto seen = keys_of(a, sight, keys - length, i);
                        auto* row = pp + i * a.width;
                        std::fill(row, row + seen.from, scalar_t(0));
                        ::again(row + seen.from, factor, pl[i], seen.to - seen.from, a.width - seen.from);
                        ::score_gradient(pp + i * a.width, ps + i * a.width, pd[i], factor, a.width);
                    }
                });
            });
            dv[a.b][a.kv].narrow(0, a.start, a.width).addmm_(p.t(), d_block);
            dk[a.b][a.kv].narrow(0, a.start, a.width).addmm_(ds.t(), q_block);
            auto dq_block = dq[a.b][a.h].narrow(0, a.from, a.count);
            at::mm_out(dq_block, ds, k_seen);
        });
        return {dq, dk, dv, Variable(), Variable(), Variable(), Variable()};
    }
};

}  // namespace

// query (B, H, T, D), key (B, K, S, D), value (B, K, S, E), H a multiple of K. Causal: query i sees keys 0 to S - T + i, with a
// window only the last `window` of them. offsets (count of them, 0 for none): packed sequences that do not see each other, from 0
// up to T = S. *out stays null where the kernel does not apply.
WB_API int32_t wb_grouped_query_attention(Handle query, Handle key, Handle value, bool causal, double scale, int64_t window,
                                          const int64_t* offsets, int64_t count, Handle* out) {
    *out = nullptr;
    return guarded([&] {
        if (!supported(*query) || !supported_like(*key, *query) || !supported_like(*value, *query)) return;
        TORCH_CHECK(query->dim() == 4 && key->dim() == 4 && value->dim() == 4 && key->size(0) == query->size(0) &&
                        value->size(0) == query->size(0) && key->size(3) == query->size(3) && value->size(1) == key->size(1) &&
                        value->size(2) == key->size(2) && key->size(1) > 0 && query->size(1) % key->size(1) == 0,
                    "grouped_query_attention: query ", query->sizes(), ", key ", key->sizes(), " and value ", value->sizes(),
                    " do not fit (B, H, T, D), (B, K, S, D) and (B, K, S, E)");
        TORCH_CHECK(!causal || key->size(2) >= query->size(2), "grouped_query_attention: ", query->size(2),
                    " causal queries over ", key->size(2), " keys");
        TORCH_CHECK(window >= 0 && (causal || (window == 0 && count == 0)), "grouped_query_attention: a window of ", window,
                    " and packed sequences are for causal attention");
        std::vector<int64_t> bounds(offsets, offsets + count);
        if (count > 0) {
            TORCH_CHECK(query->size(2) == key->size(2) && bounds.front() == 0 && bounds.back() == query->size(2) &&
                            std::is_sorted(bounds.begin(), bounds.end()),
                        "grouped_query_attention: the offsets of packed sequences must rise from 0 to ", query->size(2));
        }
        if (query->numel() == 0 || key->numel() == 0) return;
        *out = new at::Tensor(Attention::apply(*query, *key, *value, causal, scale, window, bounds));
    });
}
