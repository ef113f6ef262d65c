// New tensors.
#include "shim.h"

#include <cstring>

WB_API int32_t wb_empty(const int64_t* sizes, int32_t count, const TensorPlace* place, Handle* out) {
    return give(out, [&] { return with_grad(at::empty(dims(sizes, count), place->options()), *place); });
}

WB_API int32_t wb_zeros(const int64_t* sizes, int32_t count, const TensorPlace* place, Handle* out) {
    return give(out, [&] { return with_grad(at::zeros(dims(sizes, count), place->options()), *place); });
}

WB_API int32_t wb_ones(const int64_t* sizes, int32_t count, const TensorPlace* place, Handle* out) {
    return give(out, [&] { return with_grad(at::ones(dims(sizes, count), place->options()), *place); });
}

WB_API int32_t wb_full(const int64_t* sizes, int32_t count, const ScalarValue* fill, const TensorPlace* place, Handle* out) {
    return give(out, [&] { return with_grad(at::full(dims(sizes, count), fill->value(), place->options()), *place); });
}

WB_API int32_t wb_eye(int64_t rows, int64_t columns, const TensorPlace* place, Handle* out) {
    return give(out, [&] { return with_grad(at::eye(rows, columns, place->options()), *place); });
}

WB_API int32_t wb_arange(const ScalarValue* start, const ScalarValue* stop, const ScalarValue* step, const TensorPlace* place,
                         Handle* out) {
    return give(out,
                [&] { return with_grad(at::arange(start->value(), stop->value(), step->value(), place->options()), *place); });
}

WB_API int32_t wb_linspace(double start, double end, int64_t steps, const TensorPlace* place, Handle* out) {
    return give(out, [&] { return with_grad(at::linspace(start, end, steps, place->options()), *place); });
}

WB_API int32_t wb_empty_like(Handle self, const TensorPlace* place, Handle* out) {
    return give(out, [&] { return with_grad(at::empty_like(*self, place->options()), *place); });
}

WB_API int32_t wb_zeros_like(Handle self, const TensorPlace* place, Handle* out) {
    return give(out, [&] { return with_grad(at::zeros_like(*self, place->options()), *place); });
}

WB_API int32_t wb_ones_like(Handle self, const TensorPlace* place, Handle* out) {
    return give(out, [&] { return with_grad(at::ones_like(*self, place->options()), *place); });
}

WB_API int32_t wb_full_like(Handle self, const ScalarValue* fill, const TensorPlace* place, Handle* out) {
    return give(out, [&] { return with_grad(at::full_like(*self, fill->value(), place->options()), *place); });
}

// A tensor of its own memory, filled from bytes that stay the caller's. place->dtype says how the bytes are to be read.
WB_API int32_t wb_from_bytes(const void* bytes, int64_t length, const int64_t* sizes, int32_t count, const TensorPlace* place,
                             Handle* out) {
    return give(out, [&] {
        auto options = at::TensorOptions().dtype(static_cast<at::ScalarType>(place->dtype));
        auto tensor = at::empty(dims(sizes, count), options);
        TORCH_CHECK(static_cast<int64_t>(tensor.nbytes()) == length, "a tensor of shape ", tensor.sizes(), " and type ",
                    tensor.dtype(), " takes ", tensor.nbytes(), " bytes, but ", length, " were given");
        if (length > 0) std::memcpy(tensor.data_ptr(), bytes, length);
        if (place->device_type > 0) tensor = tensor.to(place->device());
        return with_grad(tensor, *place);
    });
}

// A tensor over memory that stays the caller's, such as a mapped file. release(state) is called when the last tensor over
// it is gone, on whichever thread that happens.
WB_API int32_t wb_from_memory(void* memory, const int64_t* sizes, int32_t count, int32_t dtype, void (*release)(void*),
                              void* state, Handle* out) {
    return give(out, [&] {
        return at::from_blob(
            memory, dims(sizes, count), [release, state](void*) { release(state); },
            at::TensorOptions().dtype(static_cast<at::ScalarType>(dtype)));
    });
}
