#include "products.h"
#include "rounding.h"
#include "times.h"

#ifdef WORKBENCH_ONEDNN
#include <oneapi/dnnl/dnnl.hpp>
#endif

#include <algorithm>

namespace kernels {

namespace {

// A product in libtorch's own operations: for float64, which only tests use, and for builds without oneDNN.
template <class T>
at::Tensor wrap(const T* data, int64_t rows, int64_t columns, int64_t stride, bool transposed) {
    const auto type = c10::CppTypeToScalarType<T>::value;
    const std::vector<int64_t> strides = transposed ? std::vector<int64_t>{1, stride} : std::vector<int64_t>{stride, 1};
    return at::from_blob(const_cast<T*>(data), {rows, columns}, strides, at::TensorOptions().dtype(type));
}

template <class T>
void by_libtorch(int64_t m, int64_t n, int64_t k, const Matrix<const T>& a, const Matrix<const T>& b, const Matrix<T>& c,
                 bool accumulate) {
    at::NoGradGuard off;
    auto out = wrap(c.data, m, n, c.stride, false);
    auto first = wrap(a.data, m, k, a.stride, a.transposed), second = wrap(b.data, k, n, b.stride, b.transposed);
    if (accumulate)
        out.addmm_(first, second);
    else
        at::mm_out(out, first, second);
}

// Nothing to add up: 0, or what is there already.
template <class T>
bool empty(int64_t m, int64_t n, int64_t k, const Matrix<T>& c, bool accumulate) {
    if (k == 0 && !accumulate)
        for (int64_t i = 0; i < m; ++i) std::fill_n(c.data + i * c.stride, n, T(0));
    return m == 0 || n == 0 || k == 0;
}

}  // namespace

void multiply(int64_t m, int64_t n, int64_t k, Matrix<const double> a, Matrix<const double> b, Matrix<double> c, bool accumulate) {
    if (!empty(m, n, k, c, accumulate)) by_libtorch(m, n, k, a, b, c, accumulate);
}

void multiply(int64_t m, int64_t n, int64_t k, Matrix<const float> a, Matrix<const float> b, Matrix<float> c, bool accumulate) {
    if (empty(m, n, k, c, accumulate)) return;
#ifdef WORKBENCH_ONEDNN
    const auto status = dnnl_sgemm(a.transposed ? 'T' : 'N', b.transposed ? 'T' : 'N', m, n, k, 1.0f, a.data, a.stride, b.data,
                                   b.stride, accumulate ? 1.0f : 0.0f, c.data, c.stride);
    TORCH_CHECK(status == dnnl_success, "oneDNN refused a product of (", m, ", ", k, ") and (", k, ", ", n, "): status ", status);
#else
    by_libtorch(m, n, k, a, b, c, accumulate);
#endif
}

#ifdef WORKBENCH_ONEDNN

namespace {

dnnl::memory::desc describe(int64_t rows, int64_t columns, dnnl::memory::data_type type, int64_t stride, bool transposed) {
    return {{rows, columns}, type, transposed ? dnnl::memory::dims{1, stride} : dnnl::memory::dims{stride, 1}};
}

}  // namespace

void multiply(int64_t m, int64_t n, int64_t k, Matrix<const at::BFloat16> a, Matrix<const at::BFloat16> b, Matrix<float> c,
              bool accumulate) {
    using type = dnnl::memory::data_type;
    if (empty(m, n, k, c, accumulate)) return;
    static dnnl::engine cpu(dnnl::engine::kind::cpu, 0);
    thread_local dnnl::stream stream(cpu);
    const auto da = describe(m, k, type::bf16, a.stride, a.transposed), db = describe(k, n, type::bf16, b.stride, b.transposed),
               dc = describe(m, n, type::f32, c.stride, false);
    dnnl::primitive_attr attributes;
    attributes.set_scratchpad_mode(dnnl::scratchpad_mode::user);  // memory of ours, which is kept from step to step
    if (accumulate) {
        dnnl::post_ops sum;
        sum.append_sum(1.0f);
        attributes.set_post_ops(sum);
    }
    // oneDNN keeps the code that it made for a shape; making the description of it again costs microseconds.
    const dnnl::matmul::primitive_desc description(dnnl::matmul::desc(da, db, dc), attributes, cpu);
    const auto scratch = at::empty({static_cast<int64_t>(description.scratchpad_desc().get_size())}, at::kByte);
    dnnl::matmul(description).execute(stream, {{DNNL_ARG_SRC, dnnl::memory(da, cpu, const_cast<at::BFloat16*>(a.data))},
                                               {DNNL_ARG_WEIGHTS, dnnl::memory(db, cpu, const_cast<at::BFloat16*>(b.data))},
                                               {DNNL_ARG_DST, dnnl::memory(dc, cpu, c.data)},
                                               {DNNL_ARG_SCRATCHPAD, dnnl::memory(description.scratchpad_desc(), cpu, scratch.data_ptr())}});
    stream.wait();
}

bool fast_bfloat16() {
#if defined(__x86_64__)
    return __builtin_cpu_supports("avx512bf16");
#else
    return true;
#endif
}

#else

void multiply(int64_t m, int64_t n, int64_t k, Matrix<const at::BFloat16> a, Matrix<const at::BFloat16> b, Matrix<float> c,
              bool accumulate) {
    if (empty(m, n, k, c, accumulate)) return;
    at::NoGradGuard off;
    auto out = wrap(c.data, m, n, c.stride, false);
    auto result = wrap(a.data, m, k, a.stride, a.transposed).to(at::kFloat).mm(wrap(b.data, k, n, b.stride, b.transposed).to(at::kFloat));
    if (accumulate)
        out.add_(result);
    else
        out.copy_(result);
}

bool fast_bfloat16() { return false; }

#endif

namespace {

template <class T>
Matrix<T> matrix(const at::Tensor& tensor) {
    const bool rows = tensor.stride(1) == 1 || tensor.size(1) == 1, columns = tensor.stride(0) == 1 || tensor.size(0) == 1;
    TORCH_CHECK(rows || columns, "a factor of a product must have its rows or its columns together in memory");
    const int64_t width = rows ? tensor.size(1) : tensor.size(0), stride = rows ? tensor.stride(0) : tensor.stride(1);
    return {static_cast<T*>(tensor.data_ptr()), std::max<int64_t>({stride, width, 1}), !rows};
}

template <class T, class Out>
void over_tensors(const at::Tensor& out, const at::Tensor& a, const at::Tensor& b, bool accumulate) {
    const auto c = matrix<Out>(out);
    TORCH_CHECK(!c.transposed || out.size(0) == 1 || out.size(1) == 1, "the result of a product must have its rows together in memory");
    multiply(out.size(0), out.size(1), a.size(1), matrix<const T>(a), matrix<const T>(b), c, accumulate);
}

}  // namespace

void product(const at::Tensor& out, const at::Tensor& a, const at::Tensor& b, bool accumulate) {
    const Timed timed(Part::products);
    TORCH_INTERNAL_ASSERT(a.dim() == 2 && b.dim() == 2 && out.dim() == 2 && a.size(1) == b.size(0) && out.size(0) == a.size(0) &&
                          out.size(1) == b.size(1) && a.scalar_type() == b.scalar_type());
    switch (a.scalar_type()) {
        case at::kFloat: return over_tensors<float, float>(out, a, b, accumulate);
        case at::kDouble: return over_tensors<double, double>(out, a, b, accumulate);
        case at::kBFloat16: return over_tensors<at::BFloat16, float>(out, a, b, accumulate);
        default: TORCH_CHECK(false, "no product of ", a.scalar_type());
    }
}

at::Tensor factor(const at::Tensor& tensor, bool bfloat16) {
    if (!bfloat16) return tensor;
    const Timed timed(Part::rounding);
    if (tensor.scalar_type() != at::kFloat || !tensor.is_contiguous()) return tensor.to(at::kBFloat16);
    const auto rounded = at::empty(tensor.sizes(), tensor.options().dtype(at::kBFloat16));
    const float* from = tensor.data_ptr<float>();
    auto* to = static_cast<uint16_t*>(rounded.data_ptr());
    at::parallel_for(0, tensor.numel(), 32768, [&](int64_t first, int64_t end) { round_to_bfloat16(from + first, to + first, end - first); });
    return rounded;
}

}  // namespace kernels
