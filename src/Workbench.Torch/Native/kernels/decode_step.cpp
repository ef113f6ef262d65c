// The next token's logits for a few sequences at once: the whole decoder in one parallel region, without a tensor made on the way.
// It computes what DecoderModel computes over a key/value cache, which is its oracle. Between two dependent products the threads
// wait for each other; what is cheap (norms, rotations) each thread computes for itself instead of waiting.
#include "attend.h"
#include "panels.h"

#ifdef _OPENMP
#include <omp.h>
#endif

namespace {

using namespace kernels;

struct Layer {
    const float *input_norm, *post_norm, *q_norm, *k_norm;
    Panels q, k, v, o, gate, up, down;
    int64_t window;
};

// Keys and values of one sequence, a pair a layer: (1, kv heads, capacity, D).
struct Sequence {
    std::vector<at::Tensor> keys, values;
    int64_t capacity = 0;
};

// Norms of a vector, as RmsNorm: y = g x / sqrt(mean(x^2) + eps).
WB_CLONES void norm(const float* x, const float* gain, int64_t n, float eps, float* y) {
    float lane[lanes] = {};
    int64_t i = 0;
    for (; i + lanes <= n; i += lanes)
        for (int64_t j = 0; j < lanes; ++j) lane[j] += x[i + j] * x[i + j];
    float total = sum_lanes(lane);
    for (; i < n; ++i) total += x[i] * x[i];
    const float scale = 1.0f / std::sqrt(total / static_cast<float>(n) + eps);
    for (i = 0; i < n; ++i) y[i] = x[i] * scale * gain[i];
}

WB_CLONES void rotate(float* x, const float* cos, const float* sin, int64_t half) {
    for (int64_t i = 0; i < half; ++i) {
        const float a = x[i], b = x[i + half];
        x[i] = a * cos[i] - b * sin[i];
        x[i + half] = b * cos[i] + a * sin[i];
    }
}

WB_CLONES void gated(float* gate, const float* up, int64_t n) {
    for (int64_t i = 0; i < n; ++i) {
        const float g = gate[i], e = exponential(g < 0 ? g : -g);
        gate[i] = g * (g < 0 ? e : 1.0f) / (1.0f + e) * up[i];
    }
}

class DecodeStep {
   public:
    int64_t hidden, heads, kv_heads, width, vocabulary;
    float eps;
    std::vector<Layer> layers;
    at::Tensor embedding;  // (V, C), the model's own
    Panels head;
    Factors factors;  // bfloat16 for all products, or as each matrix has it
    const float* final_norm;
    std::vector<at::Tensor> held;
    std::vector<Sequence> sequences;
    at::Tensor cos, sin;  // (positions, D/2)

    void run(int64_t count, const int64_t* ids, const int64_t* slots, const int64_t* positions, float* logits, double* totals) {
        const int64_t q_width = heads * width, kv_width = kv_heads * width, qkv = q_width + 2 * kv_width;
        const int64_t inner = layers.front().gate.rows, longest = *std::max_element(positions, positions + count) + 1;
        // Threads that wait for each other five times a layer cost a small model more than they give.
        const int threads = vocabulary * hidden + static_cast<int64_t>(layers.size()) * inner * hidden * 4 < 1000000 ? 1 : at::get_num_threads();
        x_.resize(count * hidden), qkv_.resize(count * qkv), gate_.resize(count * inner), up_.resize(count * inner);
        mixed_.resize(q_width, count, factors), gated_.resize(inner, count, factors);
        own_.resize(threads);
        for (auto& own : own_) own.resize(hidden, longest, width, count, factors);
        for (int64_t t = 0; t < count; ++t) look_up(ids[t], &x_[t * hidden]);
#pragma omp parallel num_threads(threads)
        {
#ifdef _OPENMP
            const int me = omp_get_thread_num(), all = omp_get_num_threads();
#else
            const int me = 0, all = 1;
#endif
            auto& own = own_[me];
            const auto product = [&](const Panels& w, const Columns& x, float* y, int64_t y_stride, bool add) {
                const auto [from, to] = share(w.panels(), me, all);
                multiply(w, from, to, x, y, y_stride, add);
            };
            for (size_t index = 0; index < layers.size(); ++index) {
                const auto& layer = layers[index];
                normalize(layer.input_norm, count, own);
                product(layer.q, own.columns, qkv_.data(), qkv, false);
                product(layer.k, own.columns, qkv_.data() + q_width, qkv, false);
                product(layer.v, own.columns, qkv_.data() + q_width + kv_width, qkv, false);
#pragma omp barrier
                // A sequence and one of its key/value heads with all the query heads that share it.
                for (int64_t task = me; task < count * kv_heads; task += all)
                    attention(index, task / kv_heads, task % kv_heads, slots, positions, qkv, own);
#pragma omp barrier
                product(layer.o, mixed_, x_.data(), hidden, true);
#pragma omp barrier
                normalize(layer.post_norm, count, own);
                product(layer.gate, own.columns, gate_.data(), inner, false);
                product(layer.up, own.columns, up_.data(), inner, false);
                const auto [from, to] = share(layer.gate.panels(), me, all);
                for (int64_t t = 0; t < count; ++t) {
                    const int64_t first = from * panel_rows, last = std::min(inner, to * panel_rows);
                    gated(&gate_[t * inner + first], &up_[t * inner + first], last - first);
                    gated_.put(t, first, last, &gate_[t * inner + first]);
                }
#pragma omp barrier
                product(layer.down, gated_, x_.data(), hidden, true);
#pragma omp barrier
            }
            normalize(final_norm, count, own);
            product(head, own.columns, logits, vocabulary, false);
#pragma omp barrier
            for (int64_t t = me; t < count; t += all) totals[t] = log_sum_exp(logits + t * vocabulary, vocabulary);
        }
    }

   private:
    // What a thread computes for itself.
    struct Own {
        Columns columns;                  // norms of all vectors
        std::vector<float> row, scores;   // of one vector; of one query

        void resize(int64_t hidden, int64_t longest, int64_t width, int64_t count, Factors factors) {
            columns.resize(hidden, count, factors);
            row.resize(std::max(hidden, width)), scores.resize(longest);
        }
    };

    std::vector<float> x_, qkv_, gate_, up_;
    Columns mixed_, gated_;
    std::vector<Own> own_;

    struct Range {
        int64_t from, to;
    };

    static Range share(int64_t panels, int me, int all) { return {panels * me / all, panels * (me + 1) / all}; }

    void look_up(int64_t id, float* x) const {
        std::memcpy(x, embedding.data_ptr<float>() + id * hidden, hidden * sizeof(float));
    }

    void normalize(const float* gain, int64_t count, Own& own) const {
        for (int64_t t = 0; t < count; ++t) {
            norm(&x_[t * hidden], gain, hidden, eps, own.row.data());
            own.columns.put(t, 0, hidden, own.row.data());
        }
    }

    void attention(size_t index, int64_t t, int64_t kv, const int64_t* slots, const int64_t* positions, int64_t stride, Own& own) {
        const auto& layer = layers[index];
        const auto& sequence = sequences[slots[t]];
        const int64_t position = positions[t], group = heads / kv_heads, half = width / 2, place = kv * sequence.capacity * width;
        float *queries = &qkv_[t * stride], *k = queries + heads * width + kv * width, *v = k + kv_heads * width;
        const float *c = cos.data_ptr<float>() + position * half, *s = sin.data_ptr<float>() + position * half;
        if (layer.k_norm) norm(k, layer.k_norm, width, eps, k);
        rotate(k, c, s, half);
        float *keys = sequence.keys[index].data_ptr<float>() + place, *values = sequence.values[index].data_ptr<float>() + place;
        std::memcpy(keys + position * width, k, width * sizeof(float));
        std::memcpy(values + position * width, v, width * sizeof(float));
        const int64_t first = layer.window > 0 ? std::max<int64_t>(0, position - layer.window + 1) : 0;
        for (int64_t h = kv * group; h < (kv + 1) * group; ++h) {
            float* q = queries + h * width;
            if (layer.q_norm) norm(q, layer.q_norm, width, eps, q);
            rotate(q, c, s, half);
            attend(q, keys + first * width, values + first * width, position + 1 - first, width, 1.0f / std::sqrt(static_cast<float>(width)),
                   own.scores.data(), own.row.data());
            mixed_.put(t, h * width, (h + 1) * width, own.row.data());
        }
    }
};

const float* vector_of(DecodeStep& step, Handle handle) {
    if (handle == nullptr) return nullptr;
    TORCH_CHECK(handle->device().is_cpu() && handle->scalar_type() == at::kFloat, "decode_step: weights must be float32 on the CPU");
    return step.held.emplace_back(handle->detach().contiguous()).data_ptr<float>();
}

// How matrices are held; as HeldWeights.
enum Held : int32_t { as_float32, bfloat16_where_exact, as_bfloat16 };

// True if no number has bits that bfloat16 lacks.
WB_CLONES bool is_bfloat16(const float* numbers, int64_t count) {
    constexpr int64_t block = 4096;
    for (int64_t from = 0; from < count; from += block) {
        const int64_t to = std::min(count, from + block);
        uint32_t low = 0;
        for (int64_t i = from; i < to; ++i) {
            uint32_t bits;
            std::memcpy(&bits, numbers + i, sizeof bits);
            low |= bits & 0xffffu;
        }
        if (low != 0) return false;
    }
    return true;
}

at::Tensor matrix_of(Handle handle) {
    TORCH_CHECK(handle != nullptr && handle->dim() == 2 && handle->device().is_cpu() && handle->scalar_type() == at::kFloat,
                "decode_step: weights must be float32 matrices on the CPU");
    return handle->detach().contiguous();
}

Panels panels_of(DecodeStep& step, Handle handle, Handle bias, int32_t how) {
    const auto matrix = matrix_of(handle);
    const bool exact = how == bfloat16_where_exact && is_bfloat16(matrix.data_ptr<float>(), matrix.numel());
    return {matrix, vector_of(step, bias), how == as_bfloat16 ? Factors::bfloat16 : exact ? Factors::bfloat16_weights : Factors::float32};
}

constexpr int32_t weights_of_layer = 18, weights_of_model = 3;

}  // namespace

// numbers: layers, heads, key/value heads, width of a head; windows: one a layer, 0 for none. weights: for each layer the norm before
// attention; q, k, v, o, each with its bias; the norm before the feed-forward block; gate, up, down, each with its bias; the norms of
// queries and keys; then the embedding, the last norm and the head. Biases and the norms of queries and keys may be null. how: in what
// form matrices are held.
WB_API int32_t wb_decode_create(const int64_t* numbers, double eps, const int64_t* windows, const Handle* weights, int32_t count, Handle cos,
                                Handle sin, int32_t how, void** out) {
    *out = nullptr;
    return guarded([&] {
        auto step = std::make_unique<DecodeStep>();
        const int64_t layers = numbers[0];
        TORCH_CHECK(layers > 0 && count == layers * weights_of_layer + weights_of_model, "decode_step: ", count, " weights for ", layers, " layers");
        step->heads = numbers[1], step->kv_heads = numbers[2], step->width = numbers[3];
        step->eps = static_cast<float>(eps);
        const auto* last = weights + layers * weights_of_layer;
        step->factors = how == as_bfloat16 ? Factors::bfloat16 : Factors::float32;
        step->embedding = matrix_of(last[0]);
        step->head = panels_of(*step, last[2], nullptr, how);
        step->final_norm = vector_of(*step, last[1]);
        step->hidden = step->embedding.size(1), step->vocabulary = step->head.rows;
        step->cos = cos->detach().contiguous(), step->sin = sin->detach().contiguous();
        for (int64_t i = 0; i < layers; ++i) {
            const auto* w = weights + i * weights_of_layer;
            const auto matrix = [&](int at) { return panels_of(*step, w[at], w[at + 1], how); };
            const auto vector = [&](int at) { return vector_of(*step, w[at]); };
            step->layers.push_back({vector(0), vector(9), vector(16), vector(17), matrix(1), matrix(3), matrix(5), matrix(7), matrix(10), matrix(12),
                                    matrix(14), windows[i]});
            const auto& layer = step->layers.back();
            TORCH_CHECK(layer.q.rows == step->heads * step->width && layer.k.rows == step->kv_heads * step->width && layer.o.rows == step->hidden &&
                            layer.down.rows == step->hidden && layer.gate.rows == layer.up.rows,
                        "decode_step: the weights of layer ", i, " do not fit the shape");
        }
        *out = step.release();
    });
}

// A sequence that the steps to come may continue at `slot`; keys and values one a layer, (1, kv heads, capacity, D), float32, dense, and
// written by the steps. Null takes it away.
WB_API int32_t wb_decode_bind(void* decoder, int32_t slot, const Handle* keys, const Handle* values) {
    return guarded([&] {
        auto& step = *static_cast<DecodeStep*>(decoder);
        TORCH_CHECK(slot >= 0 && slot < 4096, "decode_step: no slot ", slot);
        Sequence sequence;
        for (size_t i = 0; keys != nullptr && i < step.layers.size(); ++i) {
            for (auto handle : {keys[i], values[i]})
                TORCH_CHECK(handle->dim() == 4 && handle->is_contiguous() && handle->scalar_type() == at::kFloat && handle->device().is_cpu() &&
                                handle->size(0) == 1 && handle->size(1) == step.kv_heads && handle->size(3) == step.width &&
                                handle->size(2) == keys[0]->size(2),
                            "decode_step: a cache of shape ", handle->sizes(), " does not fit");
            sequence.keys.push_back(*keys[i]), sequence.values.push_back(*values[i]);
            sequence.capacity = keys[i]->size(2);
        }
        if (step.sequences.size() <= static_cast<size_t>(slot)) step.sequences.resize(slot + 1);
        step.sequences[slot] = std::move(sequence);
    });
}

// ids, slots (each at most once) and positions: count of them. logits: (count, vocabulary); totals: (count), their log_sum_exp.
WB_API int32_t wb_decode_run(void* decoder, int64_t count, const int64_t* ids, const int64_t* slots, const int64_t* positions, float* logits,
                             double* totals) {
    return guarded([&] {
        auto& step = *static_cast<DecodeStep*>(decoder);
        const auto bound = static_cast<int64_t>(step.sequences.size());
        for (int64_t i = 0; i < count; ++i)
            TORCH_CHECK(ids[i] >= 0 && ids[i] < step.embedding.size(0) && slots[i] >= 0 && slots[i] < bound && positions[i] >= 0 &&
                            positions[i] < step.sequences[slots[i]].capacity && positions[i] < step.cos.size(0),
                        "decode_step: id ", ids[i], " at position ", positions[i], " of sequence ", slots[i], " is outside the model or its cache");
        if (count > 0) step.run(count, ids, slots, positions, logits, totals);
    });
}

WB_API void wb_decode_free(void* decoder) { delete static_cast<DecodeStep*>(decoder); }
