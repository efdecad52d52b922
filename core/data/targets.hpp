// y: the class of each row (softmax), for each row and output whether it is on (logistic), or its
// number.
#pragma once

#include <cstdint>

namespace glassnet {

struct Targets {
  const std::int32_t* classes = nullptr;  // (n,), for softmax
  const std::uint8_t* labels = nullptr;   // (n, k) of 0 and 1, for logistic
  const double* numbers = nullptr;        // (n, k)
  std::int64_t pitch = 0;                 // from one row of labels or numbers to the next

  // One column of the labels or the numbers, as all there are.
  void narrow(int column) {
    if (labels != nullptr) labels += column;
    if (numbers != nullptr) numbers += column;
  }

  double number(std::int64_t row, int output) const { return numbers[row * pitch + output]; }
  std::int32_t class_of(std::int64_t row) const { return classes[row]; }
  bool is_on(std::int64_t row, int output) const { return labels[row * pitch + output] != 0; }
  // The same as a number, without a branch that nobody can foresee.
  template <class T>
  T truth(std::int64_t row, int output) const {
    return static_cast<T>(is_on(row, output));
  }
};

}  // namespace glassnet
