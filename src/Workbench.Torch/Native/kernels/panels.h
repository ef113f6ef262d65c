// Products of a weight matrix with a few vectors, for decoding: what takes the time is reading the weights once. They lie in panels of
// 16 rows, a panel column by column, so that a thread reads its share from one end to the other, and a sum stays in one lane to its
// last term: no sum across lanes, and the same number whatever else is in the call. Measured on two cores of Zen 4 against rows as the
// model holds them: one vector 1.1 to 1.7 times as fast in float32 and 1.3 to 2.7 times in bfloat16, sixteen 1.5 to 1.9 times.
#pragma once
#include "vector.h"

#include <vector>

namespace kernels {

constexpr int64_t panel_rows = 16;

// In what form factors of a product are; sums are float32 in each.
enum class Factors {
    float32,
    bfloat16_weights,  // rounded weights, vectors as they are
    bfloat16,          // both rounded
};

// (rows, width), padded with zeros to whole panels and, in bfloat16, to pairs of columns.
class Panels {
   public:
    Panels() = default;

    // matrix: (rows, width), float32, dense. bias: (rows), or null.
    Panels(const at::Tensor& matrix, const float* bias, Factors factors);

    int64_t rows = 0, width = 0;
    Factors factors = Factors::float32;

    int64_t panels() const { return (rows + panel_rows - 1) / panel_rows; }

    const void* panel(int64_t index) const {
        return static_cast<const char*>(held_.data_ptr()) + index * panel_rows * columns() * (factors == Factors::float32 ? 4 : 2);
    }

    const float* bias = nullptr;

   private:
    at::Tensor held_;

    int64_t columns() const { return factors == Factors::float32 ? width : (width + 1) / 2 * 2; }
};

// A few vectors as the products read them: element by element, the vectors' beside each other. Room for 1, 2, 4, 8 or a multiple of 16.
class Columns {
   public:
    // Room for `count` vectors of `width` elements. What was there is lost.
    void resize(int64_t width, int64_t count, Factors factors);

    // Elements [from, to) of vector t. Other elements and vectors may be written by other threads at the same time.
    void put(int64_t t, int64_t from, int64_t to, const float* values);

    int64_t room() const { return room_; }
    int64_t count() const { return count_; }
    const float* floats() const { return floats_.data(); }
    const uint16_t* halves() const { return halves_.data(); }

   private:
    int64_t room_ = 0, count_ = 0;
    Factors factors_ = Factors::float32;
    std::vector<float> floats_;
    std::vector<uint16_t> halves_;  // pairs of elements of a vector beside each other
};

// y[t * y_stride + r] = (add ? itself : 0) + (bias ? bias[r] : 0) + w[r] . x[t], for the rows r of panels [from, to) and each vector t.
void multiply(const Panels& w, int64_t from, int64_t to, const Columns& x, float* y, int64_t y_stride, bool add);

}  // namespace kernels
