// What the CUDA allocator holds. The process's own figures are read in C#.
#include "shim.h"

#ifdef WORKBENCH_CUDA
#include <c10/cuda/CUDACachingAllocator.h>
#endif

// Bytes in use, the most ever in use, and bytes kept from the driver; known is false without CUDA.
WB_API int32_t wb_cuda_memory(int32_t device, int64_t* allocated, int64_t* peak, int64_t* reserved, bool* known) {
    *allocated = *peak = *reserved = 0;
    *known = false;
    return guarded([&] {
#ifdef WORKBENCH_CUDA
        if (device < 0 || device >= static_cast<int32_t>(torch::cuda::device_count())) return;
        const auto stats = c10::cuda::CUDACachingAllocator::getDeviceStats(static_cast<c10::DeviceIndex>(device));
        *allocated = stats.allocated_bytes[0].current;  // 0: over all of the allocator's pools
        *peak = stats.allocated_bytes[0].peak;
        *reserved = stats.reserved_bytes[0].current;
        *known = true;
#else
        (void)device;
#endif
    });
}
