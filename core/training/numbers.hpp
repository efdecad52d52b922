// What targets that are numbers bring: their losses, and R^2.
#pragma once

#include <cmath>
#include <cstdint>

#include "kernels/kernels.hpp"

namespace glassnet {

inline bool is_of_numbers(Output output) {
  return output == Output::identity || output == Output::exponential;
}

// Half the squared error, or half the Poisson deviance y log(y / a) - y + a.
inline double loss_of_number(Output output, double a, double y) {
  if (output == Output::identity) return 0.5 * (a - y) * (a - y);
  return (y == 0 ? 0.0 : y * std::log(y / a)) - y + a;
}

// R^2, the mean over the k outputs of 1 - sum w (y - a)^2 / sum w (y - mean y)^2. An output whose
// y is constant counts as 1 where it is met, else as 0. Calls predicted(i, c), actual(i, c) and
// weight(i), of a positive sum.
template <class Predicted, class Actual, class Weight>
double determination(std::int64_t n, int k, Predicted predicted, Actual actual, Weight weight) {
  double total = 0;
  for (int c = 0; c < k; ++c) {
    double mean = 0, weights = 0, missed = 0, spread = 0;
    for (std::int64_t i = 0; i < n; ++i) {
      mean += weight(i) * actual(i, c);
      weights += weight(i);
    }
    mean /= weights;
    for (std::int64_t i = 0; i < n; ++i) {
      const double error = actual(i, c) - predicted(i, c), distance = actual(i, c) - mean;
      missed += weight(i) * error * error;
      spread += weight(i) * distance * distance;
    }
    total += spread != 0 ? 1 - missed / spread : missed == 0 ? 1 : 0;
  }
  return total / k;
}

}  // namespace glassnet
