// Grouped-query attention (Ainslie et al. 2023): softmax(q k' scale) v, where several query heads share a key/value head. Keys
// and values are never repeated, a mask is never made, and of the weights only a block of rows exists at a time: backward
// makes them again from the saved log-sum-exp (Dao et al. 2022).
#include "products.h"
#include "times.h"
#include "vector.h"

#include <atomic>

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
    WB_CLONES T dot_##suffix(const T* x, const T* y, int64_t n) {                                                 \
        T lane[lanes] = {};                                                                                       \
        int64_t i = 0;                                                                                            \
        for (; i + lanes <= n; i += lanes)                                                                        \
            for (int64_t j = 0; j < lanes; ++j) lane[j] += x[i + j] * y[i + j];                                   \
        T total = sum_lanes(lane);                                                                                \
        for (; i < n; ++i) total += x[i] * y[i];                                                                  \
        return total;                                                                                             \
    }                                                                                                             \
    /* dS = P (dP - delta) scale, in place of dP. */                                                              \
    WB_CLONES void score_gradient_##suffix(const T* p, T* dp, T delta, T scale, int64_t width) {                  \
        for (int64_t i = 0; i < width; ++i) dp[i] = p[i] * (dp[i] - delta) * scale;                               \
    }                                                                                                             \
    T softmax(T* s, T scale, int64_t seen, int64_t width) { return softmax_##suffix(s, scale, seen, width); }     \
    void again(T* s, T scale, T lse, int64_t seen, int64_t width) { again_##suffix(s, scale, lse, seen, width); } \
    T dot(const T* x, const T* y, int64_t n) { return dot_##suffix(x, y, n); }                                    \
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
    int64_t shift;                 // position of the first query among the keys

    std::vector<int64_t> bounds(int64_t length) const { return offsets.empty() ? std::vector<int64_t>{0, length} : offsets; }
};

// A (B, H, T, D) tensor whose last dimension lies together.
template <class T>
struct Heads {
    T* data;
    int64_t batch, head, row;

    explicit Heads(const at::Tensor& t) : data(t.data_ptr<T>()), batch(t.stride(0)), head(t.stride(1)), row(t.stride(2)) {}
    T* at(int64_t b, int64_t h, int64_t i) const { return data + b * batch + h * head + i * row; }
    Matrix<T> rows(int64_t b, int64_t h, int64_t i) const { return {at(b, h, i), row}; }
    Matrix<const T> seen(int64_t b, int64_t h, int64_t i, bool transposed = false) const { return {at(b, h, i), row, transposed}; }
};

// A block of query rows of one sequence: it sees `width` keys from `start` on, of which row i only those of keys_of(i).
struct Block {
    int64_t from, count, start, width, floor;
};

struct Keys {
    int64_t from, to;  // relative to the block's first key
};

Block block_at(const Sight& sight, int64_t begin, int64_t end, int64_t from, int64_t keys) {
    const int64_t count = std::min(block_rows, end - from), floor = sight.offsets.empty() ? 0 : begin;
    const int64_t start = sight.window > 0 ? std::max(floor, sight.shift + from - sight.window + 1) : floor;
    return {from, count, start, (sight.causal ? sight.shift + from + count : keys) - start, floor};
}

Keys keys_of(const Block& a, const Sight& sight, int64_t row) {
    const int64_t position = sight.shift + a.from + row;
    return {sight.window > 0 ? std::max(a.floor, position - sight.window + 1) - a.start : 0,
            sight.causal ? position + 1 - a.start : a.width};
}

// Runs body(task, scratch) for each task, on whichever thread is free. A task alone decides what it writes: the order does not
// show in the result.
template <class T, class Body>
void share_out(int64_t tasks, int64_t scratch_elements, Body&& body) {
    std::atomic<int64_t> next{0};
    const int64_t threads = std::min<int64_t>(tasks, at::get_num_threads());
    at::parallel_for(0, threads, 1, [&](int64_t, int64_t) {
        std::unique_ptr<T[]> scratch(new T[scratch_elements]);
        for (int64_t task; (task = next++) < tasks;) body(task, scratch.get());
    });
}

// Rows of heads lie together in memory; a tensor that has them otherwise is copied.
at::Tensor dense_last(const at::Tensor& x) { return x.stride(-1) == 1 || x.size(-1) == 1 ? x : x.contiguous(); }

// Memory in which the heads of a position lie side by side, as the projection after attention wants to read them.
at::Tensor side_by_side(const at::Tensor& like, int64_t heads, int64_t width, bool zero) {
    const std::vector<int64_t> shape{like.size(0), like.size(2), heads, width};
    return (zero ? at::zeros(shape, like.options()) : at::empty(shape, like.options())).transpose(1, 2);
}

template <class T>
void forward_blocks(const at::Tensor& q, const at::Tensor& k, const at::Tensor& v, const at::Tensor& out, const at::Tensor& lse,
                    const Sight& sight, T scale) {
    const int64_t heads = q.size(1), group = heads / k.size(1), length = q.size(2), keys = k.size(2), width = q.size(3);
    const Heads<T> hq(q), hk(k), hv(v), ho(out);
    const auto bounds = sight.bounds(length);
    struct Task {
        int64_t b, h;
        Block block;
    };
    std::vector<Task> tasks;
    for (int64_t b = 0; b < q.size(0); ++b)
        for (size_t s = 0; s + 1 < bounds.size(); ++s)
            for (int64_t from = bounds[s]; from < bounds[s + 1]; from += block_rows)
                for (int64_t h = 0; h < heads; ++h) tasks.push_back({b, h, block_at(sight, bounds[s], bounds[s + 1], from, keys)});
    auto* log_sums = lse.data_ptr<T>();
    share_out<T>(static_cast<int64_t>(tasks.size()), std::min(block_rows, length) * keys, [&](int64_t index, T* p) {
        const auto& [b, h, a] = tasks[index];
        const int64_t kv = h / group;
        multiply(a.count, a.width, width, hq.seen(b, h, a.from), hk.seen(b, kv, a.start, true), {p, a.width}, false);
        for (int64_t i = 0; i < a.count; ++i) {
            const auto seen = keys_of(a, sight, i);
            auto* row = p + i * a.width;
            std::fill(row, row + seen.from, T(0));
            log_sums[(b * heads + h) * length + a.from + i] = ::softmax(row + seen.from, scale, seen.to - seen.from, a.width - seen.from);
        }
        multiply(a.count, v.size(3), a.width, {p, a.width}, hv.seen(b, kv, a.start), ho.rows(b, h, a.from), false);
    });
}

// A task is a sequence and a key/value head with all the query heads that share it: nobody else adds to its dk and dv.
template <class T>
void backward_blocks(const at::Tensor& q, const at::Tensor& k, const at::Tensor& v, const at::Tensor& out, const at::Tensor& d,
                     const at::Tensor& lse, const at::Tensor& dq, const at::Tensor& dk, const at::Tensor& dv, const Sight& sight, T scale) {
    const int64_t heads = q.size(1), shared = k.size(1), group = heads / shared, length = q.size(2), keys = k.size(2);
    const int64_t width = q.size(3), value_width = v.size(3);
    const Heads<T> hq(q), hk(k), hv(v), ho(out), hd(d), hdq(dq), hdk(dk), hdv(dv);
    const auto bounds = sight.bounds(length);
    const int64_t sequences = static_cast<int64_t>(bounds.size()) - 1, area = std::min(block_rows, length) * keys;
    const auto* log_sums = lse.data_ptr<T>();
    share_out<T>(q.size(0) * sequences * shared, 2 * area, [&](int64_t task, T* scratch) {
        const int64_t kv = task % shared, s = task / shared % sequences, b = task / shared / sequences;
        T *p = scratch, *ds = scratch + area;
        for (int64_t h = kv * group; h < (kv + 1) * group; ++h)
            for (int64_t from = bounds[s]; from < bounds[s + 1]; from += block_rows) {
                const auto a = block_at(sight, bounds[s], bounds[s + 1], from, keys);
                multiply(a.count, a.width, width, hq.seen(b, h, from), hk.seen(b, kv, a.start, true), {p, a.width}, false);
                multiply(a.count, a.width, value_width, hd.seen(b, h, from), hv.seen(b, kv, a.start, true), {ds, a.width}, false);
                for (int64_t i = 0; i < a.count; ++i) {
                    const auto seen = keys_of(a, sight, i);
                    auto* row = p + i * a.width;
                    std::fill(row, row + seen.from, T(0));
                    ::again(row + seen.from, scale, log_sums[(b * heads + h) * length + from + i], seen.to - seen.from, a.width - seen.from);
                    const T delta = ::dot(hd.at(b, h, from + i), ho.at(b, h, from + i), value_width);
                    ::score_gradient(row, ds + i * a.width, delta, scale, a.width);
                }
                multiply(a.width, value_width, a.count, {p, a.width, true}, hd.seen(b, h, from), hdv.rows(b, kv, a.start), true);
                multiply(a.width, width, a.count, {ds, a.width, true}, hq.seen(b, h, from), hdk.rows(b, kv, a.start), true);
                multiply(a.count, width, a.width, {ds, a.width}, hk.seen(b, kv, a.start), hdq.rows(b, h, from), false);
            }
    });
}

struct Attention : torch::autograd::Function<Attention> {
    static Variable forward(AutogradContext* ctx, const Variable& query, const Variable& key, const Variable& value, bool causal,
                            double scale, int64_t window, std::vector<int64_t> offsets) {
        const Timed timed(Part::attention);
        const Sight sight{causal, window, offsets, key.size(2) - query.size(2)};
        auto q = dense_last(query), k = dense_last(key), v = dense_last(value);
        auto out = side_by_side(q, q.size(1), v.size(3), false);
        auto lse = at::empty({q.size(0), q.size(1), q.size(2)}, q.options());
        AT_DISPATCH_FLOATING_TYPES(q.scalar_type(), "attention", [&] {
            forward_blocks<scalar_t>(q, k, v, out, lse, sight, static_cast<scalar_t>(scale));
        });
        ctx->save_for_backward({q, k, v, out, lse});
        ctx->saved_data["causal"] = causal;
        ctx->saved_data["scale"] = scale;
        ctx->saved_data["window"] = window;
        ctx->saved_data["offsets"] = offsets;
        return out;
    }

    static variable_list backward(AutogradContext* ctx, variable_list grads) {
        const Timed timed(Part::attention);
        require_first_order("grouped_query_attention");
        auto saved = ctx->get_saved_variables();
        const auto q = saved[0], k = saved[1], v = saved[2], out = saved[3], lse = saved[4], d = dense_last(grads[0]);
        const Sight sight{ctx->saved_data["causal"].toBool(), ctx->saved_data["window"].toInt(),
                          ctx->saved_data["offsets"].toIntVector(), k.size(2) - q.size(2)};
        auto dq = side_by_side(q, q.size(1), q.size(3), false), dk = side_by_side(k, k.size(1), k.size(3), true),
             dv = side_by_side(v, v.size(1), v.size(3), true);
        AT_DISPATCH_FLOATING_TYPES(q.scalar_type(), "attention_backward", [&] {
            backward_blocks<scalar_t>(q, k, v, out, d, lse, dq, dk, dv, sight, static_cast<scalar_t>(ctx->saved_data["scale"].toDouble()));
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
