// Threads and devices.
#include "shim.h"

// OpenBLAS with threads of its own (Debian's libopenblas0-pthread) is out of at::set_num_threads' reach, and its threads
// spin while they wait. Weak: another BLAS has no such function.
extern "C" void openblas_set_num_threads(int threads) __attribute__((weak));

WB_API int32_t wb_set_num_threads(int32_t threads) {
    return guarded([&] {
        at::set_num_threads(threads);
        if (openblas_set_num_threads != nullptr) {
            openblas_set_num_threads(threads);
        }
    });
}
WB_API int32_t wb_get_num_threads(int32_t* threads) {
    return guarded([&] { *threads = at::get_num_threads(); });
}

WB_API int32_t wb_cuda_device_count(int32_t* count) {
    return guarded([&] { *count = static_cast<int32_t>(torch::cuda::device_count()); });
}

WB_API int32_t wb_cuda_synchronize(int64_t device) {
    return guarded([&] { torch::cuda::synchronize(device); });
}

WB_API const char* wb_torch_version() { return TORCH_VERSION; }
