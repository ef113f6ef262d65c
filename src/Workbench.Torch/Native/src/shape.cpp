// The same elements in another arrangement, some of them, or several tensors joined.
#include "shim.h"

#include <ATen/TensorIndexing.h>

WB_API int32_t wb_view(Handle self, const int64_t* shape, int32_t count, Handle* out) {
    return give(out, [&] { return self->view(dims(shape, count)); });
}
WB_API int32_t wb_reshape(Handle self, const int64_t* shape, int32_t count, Handle* out) {
    return give(out, [&] { return self->reshape(dims(shape, count)); });
}
WB_API int32_t wb_permute(Handle self, const int64_t* order, int32_t count, Handle* out) {
    return give(out, [&] { return self->permute(dims(order, count)); });
}
WB_API int32_t wb_expand(Handle self, const int64_t* shape, int32_t count, bool is_implicit, Handle* out) {
    return give(out, [&] { return self->expand(dims(shape, count), is_implicit); });
}
WB_API int32_t wb_repeat(Handle self, const int64_t* repeats, int32_t count, Handle* out) {
    return give(out, [&] { return self->repeat(dims(repeats, count)); });
}
WB_API int32_t wb_flip(Handle self, const int64_t* dim, int32_t count, Handle* out) {
    return give(out, [&] { return self->flip(dims(dim, count)); });
}
WB_API int32_t wb_roll(Handle self, const int64_t* shifts, int32_t shift_count, const int64_t* dim, int32_t dim_count,
                       Handle* out) {
    return give(out, [&] { return self->roll(dims(shifts, shift_count), dims(dim, dim_count)); });
}
WB_API int32_t wb_transpose(Handle self, int64_t dim0, int64_t dim1, Handle* out) {
    return give(out, [&] { return self->transpose(dim0, dim1); });
}
WB_API int32_t wb_t(Handle self, Handle* out) {
    return give(out, [&] { return self->t(); });
}
WB_API int32_t wb_squeeze(Handle self, Handle* out) {
    return give(out, [&] { return self->squeeze(); });
}
WB_API int32_t wb_squeeze_dim(Handle self, int64_t dim, Handle* out) {
    return give(out, [&] { return self->squeeze(dim); });
}
WB_API int32_t wb_unsqueeze(Handle self, int64_t dim, Handle* out) {
    return give(out, [&] { return self->unsqueeze(dim); });
}
WB_API int32_t wb_flatten(Handle self, int64_t start, int64_t end, Handle* out) {
    return give(out, [&] { return self->flatten(start, end); });
}
WB_API int32_t wb_narrow(Handle self, int64_t dim, int64_t start, int64_t length, Handle* out) {
    return give(out, [&] { return self->narrow(dim, start, length); });
}
WB_API int32_t wb_select(Handle self, int64_t dim, int64_t index, Handle* out) {
    return give(out, [&] { return self->select(dim, index); });
}
WB_API int32_t wb_slice(Handle self, int64_t dim, int64_t start, int64_t finish, int64_t step, Handle* out) {
    return give(out, [&] { return self->slice(dim, start, finish, step); });
}
WB_API int32_t wb_repeat_interleave(Handle self, int64_t repeats, const int64_t* dim, Handle* out) {
    return give(out, [&] { return self->repeat_interleave(repeats, dim ? Optional<int64_t>(*dim) : absent); });
}
WB_API int32_t wb_tril(Handle self, int64_t diagonal, Handle* out) {
    return give(out, [&] { return self->tril(diagonal); });
}
WB_API int32_t wb_triu(Handle self, int64_t diagonal, Handle* out) {
    return give(out, [&] { return self->triu(diagonal); });
}

WB_API int32_t wb_index_select(Handle self, int64_t dim, Handle index, Handle* out) {
    return give(out, [&] { return self->index_select(dim, *index); });
}
WB_API int32_t wb_gather(Handle self, int64_t dim, Handle index, Handle* out) {
    return give(out, [&] { return self->gather(dim, *index); });
}
WB_API int32_t wb_scatter(Handle self, int64_t dim, Handle index, Handle source, Handle* out) {
    return give(out, [&] { return self->scatter(dim, *index, *source); });
}
WB_API int32_t wb_scatter_add(Handle self, int64_t dim, Handle index, Handle source, Handle* out) {
    return give(out, [&] { return self->scatter_add(dim, *index, *source); });
}
WB_API int32_t wb_scatter_(Handle self, int64_t dim, Handle index, Handle source) {
    return guarded([&] { self->scatter_(dim, *index, *source); });
}
WB_API int32_t wb_index_add_(Handle self, int64_t dim, Handle index, Handle source, const ScalarValue* alpha) {
    return guarded([&] { self->index_add_(dim, *index, *source, alpha->value()); });
}
WB_API int32_t wb_masked_select(Handle self, Handle mask, Handle* out) {
    return give(out, [&] { return self->masked_select(*mask); });
}
WB_API int32_t wb_nonzero(Handle self, Handle* out) {
    return give(out, [&] { return self->nonzero(); });
}

WB_API int32_t wb_cat(const Handle* list, int32_t count, int64_t dim, Handle* out) {
    return give(out, [&] { return at::cat(tensors(list, count), dim); });
}
WB_API int32_t wb_stack(const Handle* list, int32_t count, int64_t dim, Handle* out) {
    return give(out, [&] { return at::stack(tensors(list, count), dim); });
}
WB_API int32_t wb_split(Handle self, int64_t size, int64_t dim, TakeHandles take, void* state) {
    return give_list(take, state, [&] { return self->split(size, dim); });
}
WB_API int32_t wb_split_sizes(Handle self, const int64_t* sizes, int32_t count, int64_t dim, TakeHandles take, void* state) {
    return give_list(take, state, [&] { return self->split_with_sizes(dims(sizes, count), dim); });
}
WB_API int32_t wb_chunk(Handle self, int64_t chunks, int64_t dim, TakeHandles take, void* state) {
    return give_list(take, state, [&] { return self->chunk(chunks, dim); });
}
WB_API int32_t wb_unbind(Handle self, int64_t dim, TakeHandles take, void* state) {
    return give_list(take, state, [&] { return self->unbind(dim); });
}

// One element of t[…], as Interop/IndexValue.cs lays it out.
struct IndexValue {
    int32_t kind;   // 0 integer, 1 slice, 2 tensor, 3 none, 4 ellipsis, 5 boolean
    int32_t given;  // of a slice: bit 0 start, bit 1 stop, bit 2 step
    int64_t start, stop, step;
    Handle tensor;
};

#if TORCH_VERSION_MAJOR >= 2
using SliceEdge = c10::SymInt;
#else
using SliceEdge = int64_t;
#endif

static std::vector<at::indexing::TensorIndex> indexes(const IndexValue* values, int32_t count) {
    using at::indexing::TensorIndex;
    std::vector<TensorIndex> list;
    list.reserve(count);
    for (int32_t i = 0; i < count; ++i) {
        const auto& v = values[i];
        switch (v.kind) {
            case 0:
                list.emplace_back(v.start);
                break;
            case 1: {
                auto part = [&](int bit, int64_t value) { return v.given & bit ? Optional<SliceEdge>(value) : absent; };
                list.emplace_back(at::indexing::Slice(part(1, v.start), part(2, v.stop), part(4, v.step)));
                break;
            }
            case 2:
                list.emplace_back(*v.tensor);
                break;
            case 3:
                list.emplace_back(at::indexing::None);
                break;
            case 4:
                list.emplace_back(at::indexing::Ellipsis);
                break;
            default:
                list.emplace_back(v.start != 0);
                break;
        }
    }
    return list;
}

WB_API int32_t wb_index(Handle self, const IndexValue* values, int32_t count, Handle* out) {
    return give(out, [&] { return self->index(indexes(values, count)); });
}
WB_API int32_t wb_index_put_(Handle self, const IndexValue* values, int32_t count, Handle value) {
    return guarded([&] { self->index_put_(indexes(values, count), *value); });
}
WB_API int32_t wb_index_put_scalar_(Handle self, const IndexValue* values, int32_t count, const ScalarValue* value) {
    return guarded([&] { self->index_put_(indexes(values, count), value->value()); });
}
