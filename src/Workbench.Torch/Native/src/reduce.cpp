// Operations along dimensions that come out shorter, or ordered.
#include "shim.h"

// count < 0 reduces over everything.
WB_API int32_t wb_sum(Handle self, const int64_t* dim, int32_t count, bool keepdim, int32_t dtype, Handle* out) {
    return give(out, [&] {
        return count < 0 ? at::sum(*self, maybe_dtype(dtype)) : at::sum(*self, dims(dim, count), keepdim, maybe_dtype(dtype));
    });
}
WB_API int32_t wb_mean(Handle self, const int64_t* dim, int32_t count, bool keepdim, int32_t dtype, Handle* out) {
    return give(out, [&] {
        return count < 0 ? at::mean(*self, maybe_dtype(dtype)) : at::mean(*self, dims(dim, count), keepdim, maybe_dtype(dtype));
    });
}
WB_API int32_t wb_var(Handle self, const int64_t* dim, int32_t count, bool unbiased, bool keepdim, Handle* out) {
    return give(out, [&] { return count < 0 ? at::var(*self, unbiased) : at::var(*self, dims(dim, count), unbiased, keepdim); });
}
WB_API int32_t wb_std(Handle self, const int64_t* dim, int32_t count, bool unbiased, bool keepdim, Handle* out) {
    return give(out, [&] { return count < 0 ? at::std(*self, unbiased) : at::std(*self, dims(dim, count), unbiased, keepdim); });
}
WB_API int32_t wb_amax(Handle self, const int64_t* dim, int32_t count, bool keepdim, Handle* out) {
    return give(out, [&] { return at::amax(*self, dims(dim, count), keepdim); });
}
WB_API int32_t wb_amin(Handle self, const int64_t* dim, int32_t count, bool keepdim, Handle* out) {
    return give(out, [&] { return at::amin(*self, dims(dim, count), keepdim); });
}
WB_API int32_t wb_max(Handle self, Handle* out) {
    return give(out, [&] { return at::max(*self); });
}
WB_API int32_t wb_min(Handle self, Handle* out) {
    return give(out, [&] { return at::min(*self); });
}
WB_API int32_t wb_max_dim(Handle self, int64_t dim, bool keepdim, Handle* values, Handle* indexes) {
    return give_pair(values, indexes, [&] { return at::max(*self, dim, keepdim); });
}
WB_API int32_t wb_min_dim(Handle self, int64_t dim, bool keepdim, Handle* values, Handle* indexes) {
    return give_pair(values, indexes, [&] { return at::min(*self, dim, keepdim); });
}
WB_API int32_t wb_argmax(Handle self, const int64_t* dim, bool keepdim, Handle* out) {
    return give(out, [&] { return at::argmax(*self, dim ? Optional<int64_t>(*dim) : absent, keepdim); });
}
WB_API int32_t wb_argmin(Handle self, const int64_t* dim, bool keepdim, Handle* out) {
    return give(out, [&] { return at::argmin(*self, dim ? Optional<int64_t>(*dim) : absent, keepdim); });
}
WB_API int32_t wb_logsumexp(Handle self, int64_t dim, bool keepdim, Handle* out) {
    return give(out, [&] { return at::logsumexp(*self, {dim}, keepdim); });
}
WB_API int32_t wb_cumsum(Handle self, int64_t dim, int32_t dtype, Handle* out) {
    return give(out, [&] { return at::cumsum(*self, dim, maybe_dtype(dtype)); });
}
WB_API int32_t wb_norm(Handle self, const int64_t* dim, int32_t count, const ScalarValue* p, bool keepdim, Handle* out) {
    return give(out,
                [&] { return count < 0 ? at::norm(*self, p->value()) : at::norm(*self, p->value(), dims(dim, count), keepdim); });
}
WB_API int32_t wb_any(Handle self, Handle* out) {
    return give(out, [&] { return at::any(*self); });
}
WB_API int32_t wb_all(Handle self, Handle* out) {
    return give(out, [&] { return at::all(*self); });
}
WB_API int32_t wb_any_dim(Handle self, int64_t dim, bool keepdim, Handle* out) {
    return give(out, [&] { return at::any(*self, dim, keepdim); });
}
WB_API int32_t wb_all_dim(Handle self, int64_t dim, bool keepdim, Handle* out) {
    return give(out, [&] { return at::all(*self, dim, keepdim); });
}

WB_API int32_t wb_topk(Handle self, int64_t k, int64_t dim, bool largest, bool sorted, Handle* values, Handle* indexes) {
    return give_pair(values, indexes, [&] { return at::topk(*self, k, dim, largest, sorted); });
}
WB_API int32_t wb_sort(Handle self, int64_t dim, bool descending, bool stable, Handle* values, Handle* indexes) {
    return give_pair(values, indexes, [&] { return at::sort(*self, stable, dim, descending); });
}
WB_API int32_t wb_argsort(Handle self, int64_t dim, bool descending, Handle* out) {
    return give(out, [&] { return at::argsort(*self, dim, descending); });
}
