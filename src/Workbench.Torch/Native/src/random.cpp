// Random numbers and the state of their generators.
#include "shim.h"

using GeneratorHandle = at::Generator*;

static Optional<at::Generator> maybe(GeneratorHandle generator) {
    return generator ? Optional<at::Generator>(*generator) : absent;
}

WB_API int32_t wb_rand(const int64_t* sizes, int32_t count, GeneratorHandle generator, const TensorPlace* place, Handle* out) {
    return give(out, [&] { return with_grad(at::rand(dims(sizes, count), maybe(generator), place->options()), *place); });
}

WB_API int32_t wb_randn(const int64_t* sizes, int32_t count, GeneratorHandle generator, const TensorPlace* place, Handle* out) {
    return give(out, [&] { return with_grad(at::randn(dims(sizes, count), maybe(generator), place->options()), *place); });
}

WB_API int32_t wb_randint(int64_t low, int64_t high, const int64_t* sizes, int32_t count, GeneratorHandle generator,
                          const TensorPlace* place, Handle* out) {
    return give(
        out, [&] { return with_grad(at::randint(low, high, dims(sizes, count), maybe(generator), place->options()), *place); });
}

WB_API int32_t wb_randperm(int64_t n, GeneratorHandle generator, const TensorPlace* place, Handle* out) {
    return give(out, [&] { return with_grad(at::randperm(n, maybe(generator), place->options()), *place); });
}

WB_API int32_t wb_rand_like(Handle self, const TensorPlace* place, Handle* out) {
    return give(out, [&] { return with_grad(at::rand_like(*self, place->options()), *place); });
}

WB_API int32_t wb_randn_like(Handle self, const TensorPlace* place, Handle* out) {
    return give(out, [&] { return with_grad(at::randn_like(*self, place->options()), *place); });
}

WB_API int32_t wb_normal_(Handle self, double mean, double std, GeneratorHandle generator) {
    return guarded([&] { self->normal_(mean, std, maybe(generator)); });
}

WB_API int32_t wb_uniform_(Handle self, double from, double to, GeneratorHandle generator) {
    return guarded([&] { self->uniform_(from, to, maybe(generator)); });
}

WB_API int32_t wb_bernoulli(Handle self, GeneratorHandle generator, Handle* out) {
    return give(out, [&] { return self->bernoulli(maybe(generator)); });
}

WB_API int32_t wb_multinomial(Handle self, int64_t num_samples, bool replacement, GeneratorHandle generator, Handle* out) {
    return give(out, [&] { return self->multinomial(num_samples, replacement, maybe(generator)); });
}

// A generator of its own, or the device's default one.
WB_API int32_t wb_generator_new(int32_t device_type, int32_t device_index, int64_t seed, GeneratorHandle* out) {
    *out = nullptr;
    return guarded([&] {
        auto device = at::Device(static_cast<at::DeviceType>(device_type), static_cast<at::DeviceIndex>(device_index));
        auto generator = at::globalContext().defaultGenerator(device).clone();
        generator.set_current_seed(static_cast<uint64_t>(seed));
        *out = new at::Generator(generator);
    });
}

WB_API int32_t wb_generator_default(int32_t device_type, int32_t device_index, GeneratorHandle* out) {
    *out = nullptr;
    return guarded([&] {
        auto device = at::Device(static_cast<at::DeviceType>(device_type), static_cast<at::DeviceIndex>(device_index));
        *out = new at::Generator(at::globalContext().defaultGenerator(device));
    });
}

WB_API void wb_generator_free(GeneratorHandle generator) { delete generator; }

WB_API int32_t wb_generator_manual_seed(GeneratorHandle generator, int64_t seed) {
    return guarded([&] {
        std::lock_guard<std::mutex> lock(generator->mutex());
        generator->set_current_seed(static_cast<uint64_t>(seed));
    });
}

WB_API int32_t wb_generator_initial_seed(GeneratorHandle generator, int64_t* seed) {
    return guarded([&] { *seed = static_cast<int64_t>(generator->current_seed()); });
}

WB_API int32_t wb_generator_get_state(GeneratorHandle generator, Handle* out) {
    return give(out, [&] {
        std::lock_guard<std::mutex> lock(generator->mutex());
        return generator->get_state();
    });
}

WB_API int32_t wb_generator_set_state(GeneratorHandle generator, Handle state) {
    return guarded([&] {
        std::lock_guard<std::mutex> lock(generator->mutex());
        generator->set_state(*state);
    });
}

// Seeds every generator there is, as torch.manual_seed does.
WB_API int32_t wb_manual_seed(int64_t seed) {
    return guarded([&] { at::manual_seed(static_cast<uint64_t>(seed)); });
}
