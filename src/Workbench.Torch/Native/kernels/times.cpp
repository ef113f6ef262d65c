#include "times.h"

#include <ATen/Parallel.h>
#include <atomic>

namespace kernels {

namespace {

constexpr int32_t parts = static_cast<int32_t>(Part::count);
std::atomic<int64_t> nanoseconds[parts];
thread_local Timed* current = nullptr;

}  // namespace

Timed::Timed(Part part) : part_(part), around_(current), counts_(!at::in_parallel_region()), begun_(clock::now()) {
    if (counts_) current = this;
}

Timed::~Timed() {
    if (!counts_) return;
    const auto elapsed = clock::now() - begun_;
    nanoseconds[static_cast<int32_t>(part_)] += std::chrono::duration_cast<std::chrono::nanoseconds>(elapsed - within_).count();
    if (around_ != nullptr) around_->within_ += elapsed;
    current = around_;
}

}  // namespace kernels

// Seconds of each part since the process began, in the order of kernels::Part.
WB_API void wb_kernel_seconds(double* seconds) {
    for (int32_t i = 0; i < kernels::parts; ++i) seconds[i] = static_cast<double>(kernels::nanoseconds[i]) * 1e-9;
}
