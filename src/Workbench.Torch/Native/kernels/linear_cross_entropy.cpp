// The last layer and its loss in one: sum over rows of -log softmax(h W')[y], never more than a chunk of the logits in
// memory. The gradients are made while a chunk's logits are there (as in Liger Kernel, Hsu et al. 2024), so backward only scales.
#include "products.h"
#include "times.h"
#include "vector.h"

namespace {

using namespace kernels;
using torch::autograd::AutogradContext;
using torch::autograd::Variable;
using torch::autograd::variable_list;

constexpr int64_t chunk_elements = int64_t(1) << 23;

struct RowResult {
    double loss, entropy;
    bool correct;
};

// How a row's loss is formed: weight * ((1 - smoothing) * -log p(target) + smoothing * the mean of -log p over all classes).
struct RowTerms {
    double weight, smoothing;
};

// Turns a row of logits into the gradient of its loss, weight * (softmax(row) - (1 - smoothing) * onehot(target) -
// smoothing / n), where gradient is asked for.
#define ROW(T, suffix)                                                                                   \
    WB_CLONES T maximum_##suffix(const T* z, int64_t n) {                                                \
        T lane[lanes];                                                                                   \
        for (auto& l : lane) l = -std::numeric_limits<T>::infinity();                                    \
        int64_t i = 0;                                                                                   \
        for (; i + lanes <= n; i += lanes)                                                               \
            for (int64_t j = 0; j < lanes; ++j) lane[j] = z[i + j] > lane[j] ? z[i + j] : lane[j];       \
        T top = lane[0];                                                                                 \
        for (auto l : lane) top = l > top ? l : top;                                                     \
        for (; i < n; ++i) top = z[i] > top ? z[i] : top;                                                \
        return top;                                                                                      \
    }                                                                                                    \
    /* z becomes e^(z - top); the sums of that and of it times z - top come back. */                     \
    WB_CLONES void exponentials_##suffix(T* z, int64_t n, T top, double* total, double* weighted) {      \
        T sum[lanes] = {}, dot[lanes] = {};                                                              \
        int64_t i = 0;                                                                                   \
        for (; i + lanes <= n; i += lanes)                                                               \
            for (int64_t j = 0; j < lanes; ++j) {                                                        \
                const T x = z[i + j] - top, e = exponential(x);                                          \
                z[i + j] = e;                                                                            \
                sum[j] += e;                                                                             \
                dot[j] += e * (e > T(0) ? x : T(0));                                                     \
            }                                                                                            \
        double s = 0, d = 0;                                                                             \
        for (int64_t j = 0; j < lanes; ++j) s += sum[j], d += dot[j];                                    \
        for (; i < n; ++i) {                                                                             \
            const T x = z[i] - top, e = exponential(x);                                                  \
            z[i] = e;                                                                                    \
            s += e;                                                                                      \
            d += e * (e > T(0) ? x : T(0));                                                              \
        }                                                                                                \
        *total = s, *weighted = d;                                                                       \
    }                                                                                                    \
    WB_CLONES void scale_##suffix(T* z, int64_t n, T factor, T offset) {                                 \
        for (int64_t i = 0; i < n; ++i) z[i] = z[i] * factor - offset;                                   \
    }                                                                                                    \
    RowResult row(T* z, int64_t n, int64_t target, bool gradient, RowTerms terms) {                      \
        const T top = maximum_##suffix(z, n), own = z[target];                                           \
        double mean = 0;                                                                                 \
        if (terms.smoothing > 0) {                                                                       \
            for (int64_t i = 0; i < n; ++i) mean += z[i];                                                \
            mean /= static_cast<double>(n);                                                              \
        }                                                                                                \
        double total, weighted;                                                                          \
        exponentials_##suffix(z, n, top, &total, &weighted);                                             \
        if (gradient) {                                                                                  \
            scale_##suffix(z, n, static_cast<T>(terms.weight / total),                                   \
                           static_cast<T>(terms.weight * terms.smoothing / static_cast<double>(n)));     \
            z[target] -= static_cast<T>(terms.weight * (1 - terms.smoothing));                           \
        }                                                                                                \
        const double log_total = std::log(total), nll = log_total - (static_cast<double>(own) - top);    \
        const double uniform = terms.smoothing > 0 ? log_total - (mean - top) : 0;                       \
        const double loss = terms.weight * ((1 - terms.smoothing) * nll + terms.smoothing * uniform);    \
        return {loss, log_total - weighted / total, own == top};                                         \
    }

ROW(float, f32)
ROW(double, f64)

struct LinearCrossEntropy : torch::autograd::Function<LinearCrossEntropy> {
    static variable_list forward(AutogradContext* ctx, const Variable& hidden, const Variable& weight, const Variable& targets,
                                 const Optional<at::Tensor>& row_weights, int64_t ignore_index, double smoothing, bool bfloat16,
                                 bool need_hidden, bool need_weight) {
        const Timed timed(Part::loss);
        const bool gradient = need_hidden || need_weight;
        auto kept = targets.ne(ignore_index).nonzero().squeeze(1);  // rows that count; the others cost nothing
        auto h = hidden.index_select(0, kept), y = targets.index_select(0, kept).contiguous(), w = factor(weight.contiguous(), bfloat16);
        const int64_t rows = h.size(0), classes = w.size(0);
        if (rows > 0) {
            TORCH_CHECK(y.min().item<int64_t>() >= 0 && y.max().item<int64_t>() < classes,
                        "linear_cross_entropy: a target lies outside the ", classes, " classes");
        }
        auto weights = row_weights ? row_weights->index_select(0, kept).to(at::kDouble).contiguous() : at::Tensor();
        const double* pw = weights.defined() ? weights.data_ptr<double>() : nullptr;
        auto dh = need_hidden ? at::empty_like(h) : at::Tensor();
        auto dw = need_weight ? at::zeros(w.sizes(), h.options()) : at::Tensor();
        double loss = 0, entropy = 0;
        int64_t correct = 0;
        const int64_t chunk = std::max<int64_t>(16, chunk_elements / std::max<int64_t>(1, classes));
        auto buffer = at::empty({std::min(chunk, rows), classes}, h.options());
        for (int64_t start = 0; start < rows; start += chunk) {
            const int64_t count = std::min(chunk, rows - start);
            auto z = buffer.narrow(0, 0, count), part = factor(h.narrow(0, start, count), bfloat16);
            product(z, part, w.t());
            std::vector<RowResult> results(count);
            AT_DISPATCH_FLOATING_TYPES(z.scalar_type(), "linear_cross_entropy", [&] {
                auto* pz = z.data_ptr<scalar_t>();
                auto* py = y.data_ptr<int64_t>() + start;
                at::parallel_for(0, count, grain(classes), [&](int64_t from, int64_t to) {
                    for (int64_t i = from; i < to; ++i)
                        results[i] = ::row(pz + i * classes, classes, py[i], gradient,
                                           {pw == nullptr ? 1.0 : pw[start + i], smoothing});
                });
            });
            for (const auto& r : results) loss += r.loss, entropy += r.entropy, correct += r.correct;
            if (gradient) {
                const auto dz = factor(z, bfloat16);
                if (need_hidden) product(dh.narrow(0, start, count), dz, w);
                if (need_weight) product(dw, dz.t(), part, true);
            }
        }
        auto full = need_hidden ? at::zeros_like(hidden).index_copy_(0, kept, dh) : at::Tensor();
        ctx->save_for_backward({full, dw});
        auto statistics = at::empty({3}, at::TensorOptions().dtype(at::kDouble));
        auto* ps = statistics.data_ptr<double>();
        ps[0] = static_cast<double>(rows), ps[1] = static_cast<double>(correct), ps[2] = entropy;
        ctx->mark_non_differentiable({statistics});
        return {at::full({}, loss, h.options()), statistics};
    }

    static variable_list backward(AutogradContext* ctx, variable_list grads) {
        const Timed timed(Part::loss);
        require_first_order("linear_cross_entropy");
        auto saved = ctx->get_saved_variables();
        auto scaled = [&](const at::Tensor& gradient) { return gradient.defined() ? gradient * grads[0] : at::Tensor(); };
        variable_list gradients(9);
        gradients[0] = scaled(saved[0]), gradients[1] = scaled(saved[1]);
        return gradients;
    }
};

}  // namespace

// Both outputs stay null where the kernel does not apply. statistics: rows that counted, those whose target had the largest
// logit, and the sum of the entropies of their distributions.
// row_weights may be null: all 1. bfloat16 rounds the factors of the products.
WB_API int32_t wb_linear_cross_entropy(Handle hidden, Handle weight, Handle targets, Handle row_weights, int64_t ignore_index,
                                       double label_smoothing, bool bfloat16, Handle* loss, Handle* statistics) {
    *loss = *statistics = nullptr;
    return guarded([&] {
        if (!supported(*hidden) || !supported_like(*weight, *hidden) || targets->scalar_type() != at::kLong ||
            !targets->device().is_cpu())
            return;
        TORCH_CHECK(hidden->dim() == 2 && weight->dim() == 2 && hidden->size(1) == weight->size(1) && targets->dim() == 1 &&
                        targets->size(0) == hidden->size(0),
                    "linear_cross_entropy: hidden ", hidden->sizes(), ", weight ", weight->sizes(), " and targets ",
                    targets->sizes(), " do not fit (N, D), (V, D) and (N)");
        TORCH_CHECK(!bfloat16 || hidden->scalar_type() == at::kFloat, "linear_cross_entropy: bfloat16 products are of float32 tensors");
        const auto weights = maybe(row_weights);
        TORCH_CHECK(!weights || (weights->dim() == 1 && weights->size(0) == targets->size(0)),
                    "linear_cross_entropy: there must be a weight for each of the ", targets->size(0), " rows");
        const bool mode = at::GradMode::is_enabled();
        auto results = LinearCrossEntropy::apply(*hidden, *weight, *targets, weights, ignore_index, label_smoothing, bfloat16,
                                                 mode && hidden->requires_grad(), mode && weight->requires_grad());
        auto first = std::make_unique<at::Tensor>(results[0]);
        *statistics = new at::Tensor(results[1]);
        *loss = first.release();
    });
}
