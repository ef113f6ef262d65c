// What every exported function shares: a heap at::Tensor as the handle, a status as the return value, and no exception
// that ever crosses into managed code. The message of a failure waits in a thread-local until wb_last_error reads it.
#pragma once
#include "torch_headers.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#define WB_API extern "C" __attribute__((visibility("default")))

using Handle = at::Tensor*;

// libtorch had an optional of its own until 2.4.
#if TORCH_VERSION_MAJOR * 100 + TORCH_VERSION_MINOR >= 204
template <class T>
using Optional = std::optional<T>;
inline constexpr auto absent = std::nullopt;
#else
template <class T>
using Optional = c10::optional<T>;
inline constexpr auto absent = c10::nullopt;
#endif
using std::int32_t;
using std::int64_t;

// Read by Interop/Status.cs: the order is part of the interface.
enum Status : int32_t { ok = 0, failed = 1, out_of_memory = 2, no_device = 3, not_supported = 4 };

// A number of any kind, as Interop/ScalarValue.cs lays it out.
struct ScalarValue {
    int64_t integer;
    double real;
    int32_t kind;  // 0 integer, 1 floating point, 2 boolean
    at::Scalar value() const { return kind == 0 ? at::Scalar(integer) : kind == 1 ? at::Scalar(real) : at::Scalar(integer != 0); }
};

// Element type and place of a new tensor; -1 leaves either to libtorch (the input's, or the default).
struct TensorPlace {
    int32_t dtype;
    int32_t device_type;
    int32_t device_index;
    int32_t requires_grad;

    at::TensorOptions options() const {
        at::TensorOptions chosen;
        if (dtype >= 0) chosen = chosen.dtype(static_cast<at::ScalarType>(dtype));
        if (device_type >= 0) chosen = chosen.device(device());
        return chosen;
    }
    at::Device device() const {
        return at::Device(static_cast<at::DeviceType>(device_type), static_cast<at::DeviceIndex>(device_index));
    }
};

Status remember_current_exception() noexcept;

template <class Body>
int32_t guarded(Body&& body) noexcept {
    try {
        body();
        return ok;
    } catch (...) {
        return remember_current_exception();
    }
}

// Runs body and hands its tensor out as a new handle.
template <class Body>
int32_t give(Handle* out, Body&& body) noexcept {
    *out = nullptr;
    return guarded([&] { *out = new at::Tensor(body()); });
}

// Two tensors at once, as max(dim), sort and topk return them.
template <class Body>
int32_t give_pair(Handle* first, Handle* second, Body&& body) noexcept {
    *first = *second = nullptr;
    return guarded([&] {
        auto pair = body();
        auto one = std::make_unique<at::Tensor>(std::get<0>(pair));
        *second = new at::Tensor(std::get<1>(pair));
        *first = one.release();
    });
}

// A list of tensors, handed out through a callback that receives the handles while they are still owned here.
using TakeHandles = void (*)(const Handle* handles, int32_t count, void* state);

template <class Body>
int32_t give_list(TakeHandles take, void* state, Body&& body) noexcept {
    return guarded([&] {
        std::vector<at::Tensor> tensors = body();
        std::vector<Handle> handles;
        handles.reserve(tensors.size());
        for (auto& tensor : tensors) handles.push_back(new at::Tensor(std::move(tensor)));
        take(handles.data(), static_cast<int32_t>(handles.size()), state);
    });
}

inline at::IntArrayRef dims(const int64_t* values, int32_t count) { return {values, static_cast<size_t>(count)}; }

inline Optional<at::Tensor> maybe(Handle tensor) { return tensor ? Optional<at::Tensor>(*tensor) : absent; }

inline Optional<at::ScalarType> maybe_dtype(int32_t dtype) {
    return dtype < 0 ? absent : Optional<at::ScalarType>(static_cast<at::ScalarType>(dtype));
}

inline std::vector<at::Tensor> tensors(const Handle* handles, int32_t count) {
    std::vector<at::Tensor> list;
    list.reserve(count);
    for (int32_t i = 0; i < count; ++i) list.push_back(handles[i] ? *handles[i] : at::Tensor());
    return list;
}

inline at::Tensor with_grad(at::Tensor tensor, const TensorPlace& place) {
    if (place.requires_grad) tensor.set_requires_grad(true);
    return tensor;
}
