// y: the class of each row (softmax), or for each row and output whether it is on (logistic).
#pragma once

#include <cstdint>

namespace glassnet {

struct Targets {
  const std::int32_t* classes = nullptr;  // (n,), for softmax
  const std::uint8_t* labels = nullptr;   // (n, k) of 0 and 1, for logistic
  std::int64_t pitch = 0;                 // from one row of labels to the next

  std::int32_t class_of(std::int64_t row) const { return classes[row]; }
  bool is_on(std::int64_t row, int output) const { return labels[row * pitch + output] != 0; }
};

}  // namespace glassnet
