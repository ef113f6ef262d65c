// What a tensor is: its life, shape, place and memory.
#include "shim.h"

WB_API void wb_free(Handle self) { delete self; }

// A second handle on the same tensor.
WB_API int32_t wb_alias(Handle self, Handle* out) {
    return give(out, [&] { return *self; });
}

WB_API int32_t wb_ndim(Handle self, int64_t* out) {
    return guarded([&] { *out = self->dim(); });
}
WB_API int32_t wb_numel(Handle self, int64_t* out) {
    return guarded([&] { *out = self->numel(); });
}
WB_API int32_t wb_element_size(Handle self, int64_t* out) {
    return guarded([&] { *out = self->element_size(); });
}
WB_API int32_t wb_storage_offset(Handle self, int64_t* out) {
    return guarded([&] { *out = self->storage_offset(); });
}
WB_API int32_t wb_is_contiguous(Handle self, bool* out) {
    return guarded([&] { *out = self->is_contiguous(); });
}
WB_API int32_t wb_dtype(Handle self, int32_t* out) {
    return guarded([&] { *out = static_cast<int32_t>(self->scalar_type()); });
}

WB_API int32_t wb_sizes(Handle self, int64_t* out, int32_t count) {
    return guarded([&] { std::copy_n(self->sizes().begin(), count, out); });
}

WB_API int32_t wb_strides(Handle self, int64_t* out, int32_t count) {
    return guarded([&] { std::copy_n(self->strides().begin(), count, out); });
}

WB_API int32_t wb_device(Handle self, int32_t* type, int32_t* index) {
    return guarded([&] {
        *type = static_cast<int32_t>(self->device().type());
        *index = self->device().index();
    });
}

// The first element's address; only for memory the processor can read.
WB_API int32_t wb_data_ptr(Handle self, void** out) {
    return guarded([&] {
        TORCH_CHECK(self->device().is_cpu(), "the elements lie on ", self->device(), "; move the tensor to the CPU to read them");
        *out = self->data_ptr();
    });
}

WB_API int32_t wb_item(Handle self, ScalarValue* out) {
    return guarded([&] {
        auto value = self->item();
        out->kind = value.isBoolean() ? 2 : value.isFloatingPoint() ? 1 : 0;
        out->integer = value.isFloatingPoint() ? 0 : value.to<int64_t>();
        out->real = value.to<double>();
    });
}

WB_API int32_t wb_to(Handle self, const TensorPlace* place, bool copy, bool non_blocking, Handle* out) {
    return give(out, [&] { return self->to(place->options(), non_blocking, copy); });
}

WB_API int32_t wb_copy_(Handle self, Handle source, bool non_blocking) {
    return guarded([&] { self->copy_(*source, non_blocking); });
}

// Makes self the very tensor that source is, as x.data = y does.
WB_API int32_t wb_set_data(Handle self, Handle source) {
    return guarded([&] { self->set_data(*source); });
}

WB_API int32_t wb_contiguous(Handle self, Handle* out) {
    return give(out, [&] { return self->contiguous(); });
}
WB_API int32_t wb_clone(Handle self, Handle* out) {
    return give(out, [&] { return self->clone(); });
}
WB_API int32_t wb_detach(Handle self, Handle* out) {
    return give(out, [&] { return self->detach(); });
}
WB_API int32_t wb_detach_(Handle self) {
    return guarded([&] { self->detach_(); });
}
