// Threads and devices.
#include "shim.h"

WB_API int32_t wb_set_num_threads(int32_t threads) {
    return guarded([&] { at::set_num_threads(threads); });
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
