// Where the time of the kernels goes, by part. A part within another counts for itself alone: the products of a loss are products.
#pragma once
#include "shim.h"

#include <chrono>

namespace kernels {

// Read by Kernels/KernelTimes.cs: the order is part of the interface.
enum class Part : int32_t { products, attention, loss, norms, activations, rotary, rounding, dropout, optimizer, count };

// Counts the time from its making to its end. Work inside at::parallel_for belongs to the part that called it.
class Timed {
  public:
    explicit Timed(Part part);
    ~Timed();
    Timed(const Timed&) = delete;
    Timed& operator=(const Timed&) = delete;

  private:
    using clock = std::chrono::steady_clock;
    const Part part_;
    Timed* const around_;
    const bool counts_;
    clock::duration within_{};  // spent in parts inside this one
    const clock::time_point begun_;
};

}  // namespace kernels
