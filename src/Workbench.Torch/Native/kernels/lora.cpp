// y = x W' + b + s (drop(x) A') B' with W frozen (LoRA; Hu et al. 2021): the low-rank product is added into the result of the wide
// one, in place, and backward makes gradients of x, A and B alone.
#include "products.h"
#include "rounding.h"
#include "times.h"

namespace {

using namespace kernels;
using torch::autograd::AutogradContext;
using torch::autograd::Variable;
using torch::autograd::variable_list;

// The finalizers of MurmurHash3 (Appleby): every bit of the input changes half of the bits of the output.
inline uint32_t mix32(uint32_t h) {
    h = (h ^ (h >> 16)) * 0x85ebca6bu;
    h = (h ^ (h >> 13)) * 0xc2b2ae35u;
    return h ^ (h >> 16);
}

inline uint64_t mix64(uint64_t h) {
    h = (h ^ (h >> 33)) * 0xff51afd7ed558ccdull;
    h = (h ^ (h >> 33)) * 0xc4ceb9fe1a85ec53ull;
    return h ^ (h >> 33);
}

// Dropout whose mask is a function of seed, row and column: backward makes it again, and so does a layer that is recomputed, on any
// number of threads. Written as out = scale * mask * in, or added to out.
struct Dropout {
    double p;
    uint64_t seed;

    uint32_t threshold() const { return static_cast<uint32_t>(std::min(4294967295.0, p * 4294967296.0)); }
    uint64_t key(int64_t row) const { return mix64(seed + static_cast<uint64_t>(row + 1) * 0x9e3779b97f4a7c15ull); }
};

#define LOOPS(T, suffix)                                                                                                    \
    WB_CLONES void drop_##suffix(const T* in, T* out, int64_t n, uint64_t key, uint32_t threshold, T scale, bool add) {     \
        const uint32_t low = static_cast<uint32_t>(key), high = static_cast<uint32_t>(key >> 32);                           \
        for (int64_t i = 0; i < n; ++i) {                                                                                   \
            const uint32_t h = mix32(mix32(static_cast<uint32_t>(i) ^ low) + high);                                         \
            const T kept = h >= threshold ? in[i] * scale : T(0);                                                           \
            out[i] = add ? out[i] + kept : kept;                                                                            \
        }                                                                                                                   \
    }                                                                                                                       \
    void drop(const T* in, T* out, int64_t n, uint64_t key, uint32_t threshold, T scale, bool add) {                        \
        drop_##suffix(in, out, n, key, threshold, scale, add);                                                              \
    }

LOOPS(float, f32)
LOOPS(double, f64)

// drop(in) rounded to bfloat16, row by row; in: (N, C), float32, contiguous.
at::Tensor drop_to_bfloat16(const at::Tensor& in, const Dropout& dropout) {
    const Timed timed(Part::dropout);
    const int64_t columns = in.size(1);
    const auto out = at::empty(in.sizes(), in.options().dtype(at::kBFloat16));
    const float* from = in.data_ptr<float>();
    auto* to = static_cast<uint16_t*>(out.data_ptr());
    at::parallel_for(0, in.size(0), grain(columns), [&](int64_t first, int64_t end) {
        std::vector<float> kept(columns);
        for (int64_t row = first; row < end; ++row) {
            drop(from + row * columns, kept.data(), columns, dropout.key(row), dropout.threshold(), static_cast<float>(1 / (1 - dropout.p)), false);
            round_to_bfloat16(kept.data(), to + row * columns, columns);
        }
    });
    return out;
}

// out = drop(in), or out += drop(in); both (N, C) and contiguous.
void drop_rows(const at::Tensor& out, const at::Tensor& in, const Dropout& dropout, bool add) {
    const Timed timed(Part::dropout);
    const int64_t columns = in.size(1);
    AT_DISPATCH_FLOATING_TYPES(in.scalar_type(), "lora_dropout", [&] {
        auto *from = in.data_ptr<scalar_t>(), *to = out.data_ptr<scalar_t>();
        at::parallel_for(0, in.size(0), grain(columns), [&](int64_t first, int64_t end) {
            for (int64_t row = first; row < end; ++row) {
                drop(from + row * columns, to + row * columns, columns, dropout.key(row), dropout.threshold(),
                     static_cast<scalar_t>(1 / (1 - dropout.p)), add);
            }
        });
    });
}

struct LoraLinear : torch::autograd::Function<LoraLinear> {
    static Variable forward(AutogradContext* ctx, const Variable& input, const Variable& weight, const Optional<at::Tensor>& bias,
                            const Variable& a, const Variable& b, double scale, double p, int64_t seed, bool bfloat16, bool need_input,
                            bool need_adapter) {
        auto shape = input.sizes().vec();
        shape.back() = weight.size(0);
        const auto full = input.reshape({-1, input.size(-1)}).contiguous();
        const auto x = factor(full, bfloat16), w = factor(weight.contiguous(), bfloat16);
        auto y = at::empty({x.size(0), w.size(0)}, input.options());
        product(y, x, w.t());
        if (bias) y.add_(*bias);

        auto h = at::empty({x.size(0), a.size(0)}, input.options());  // (N, r)
        product(h, dropped(full, x, {p, static_cast<uint64_t>(seed)}, bfloat16), factor(a.contiguous(), bfloat16).t());
        product(y, factor(h * scale, bfloat16), factor(b.contiguous(), bfloat16).t(), true);

        // The rounded input stands for the full one where there is no dropout; the frozen weight is kept as it is and rounded again.
        ctx->save_for_backward({need_adapter ? (p > 0 ? full : x) : at::Tensor(), need_input ? weight : at::Tensor(), a, b,
                                need_adapter ? h : at::Tensor()});
        ctx->saved_data["shape"] = input.sizes().vec();
        ctx->saved_data["scale"] = scale;
        ctx->saved_data["p"] = p;
        ctx->saved_data["seed"] = seed;
        ctx->saved_data["bfloat16"] = bfloat16;
        return y.view(shape);
    }

    static at::Tensor dropped(const at::Tensor& full, const at::Tensor& rounded, const Dropout& dropout, bool bfloat16) {
        if (dropout.p == 0) return rounded;
        if (bfloat16) return drop_to_bfloat16(full, dropout);
        auto kept = at::empty_like(full);
        drop_rows(kept, full, dropout, false);
        return kept;
    }

    static variable_list backward(AutogradContext* ctx, variable_list grads) {
        require_first_order("lora_linear");
        const auto saved = ctx->get_saved_variables();
        const auto x = saved[0], w = saved[1], a = saved[2], b = saved[3], h = saved[4];
        const auto scale = ctx->saved_data["scale"].toDouble();
        const bool bfloat16 = ctx->saved_data["bfloat16"].toBool();
        const Dropout dropout{ctx->saved_data["p"].toDouble(), static_cast<uint64_t>(ctx->saved_data["seed"].toInt())};
        const auto full = grads[0].reshape({-1, grads[0].size(-1)}).contiguous();
        const auto d = factor(full, bfloat16);
        auto dh = at::empty({d.size(0), a.size(0)}, full.options());  // (N, r)
        product(dh, d, factor(b.contiguous(), bfloat16));
        dh.mul_(scale);
        const auto dhf = factor(dh, bfloat16);
        at::Tensor dx, da, db;
        if (h.defined()) {
            db = at::empty({b.size(0), b.size(1)}, full.options());
            product(db, d.t(), factor(h * scale, bfloat16));
            da = at::empty({a.size(0), a.size(1)}, full.options());
            product(da, dhf.t(), dropped(x, x, dropout, bfloat16));
        }
        if (w.defined()) {
            const auto wf = factor(w.contiguous(), bfloat16), af = factor(a.contiguous(), bfloat16);
            dx = at::empty({d.size(0), wf.size(1)}, full.options());
            product(dx, d, wf);
            if (dropout.p == 0) {
                product(dx, dhf, af, true);
            } else {
                auto low = at::empty_like(dx);
                product(low, dhf, af);
                drop_rows(dx, low, dropout, true);
            }
            dx = dx.view(ctx->saved_data["shape"].toIntVector());
        }
        variable_list gradients(11);
        gradients[0] = dx, gradients[3] = da, gradients[4] = db;
        return gradients;
    }
};

}  // namespace

// *out stays null where the kernel does not apply. p is the probability of dropping an element of the adapter's input; equal seeds
// drop the same elements. bfloat16 is for float32 tensors.
WB_API int32_t wb_lora_linear(Handle input, Handle weight, Handle bias, Handle a, Handle b, double scale, double p, int64_t seed,
                              bool bfloat16, Handle* out) {
    *out = nullptr;
    return guarded([&] {
        if (!supported(*input) || !supported_like(*weight, *input) || !supported_like(*a, *input) || !supported_like(*b, *input) ||
            (bias && !supported_like(*bias, *input)))
            return;
        TORCH_CHECK(input->dim() > 0 && weight->dim() == 2 && a->dim() == 2 && b->dim() == 2 && input->size(-1) == weight->size(1) &&
                        a->size(1) == weight->size(1) && b->size(0) == weight->size(0) && a->size(0) == b->size(1) &&
                        (!bias || (bias->dim() == 1 && bias->size(0) == weight->size(0))),
                    "lora_linear: A ", a->sizes(), " and B ", b->sizes(), " do not fit a weight of shape ", weight->sizes(),
                    " and an input of shape ", input->sizes());
        TORCH_CHECK(!weight->requires_grad() && (!bias || !bias->requires_grad()), "lora_linear: the weight must be frozen");
        TORCH_CHECK(p >= 0 && p < 1, "lora_linear: a dropout of ", p, " is not in [0, 1)");
        TORCH_CHECK(!bfloat16 || input->scalar_type() == at::kFloat, "lora_linear: bfloat16 products are of float32 tensors");
        const bool mode = at::GradMode::is_enabled();
        *out = new at::Tensor(LoraLinear::apply(*input, *weight, maybe(bias), *a, *b, scale, p, seed, bfloat16,
                                                mode && input->requires_grad(), mode && (a->requires_grad() || b->requires_grad())));
    });
}
