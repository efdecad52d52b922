// Both triangular solutions with a Cholesky factor, for one right-hand side.
#pragma once

#include "kernels/vector.hpp"

namespace glassnet::GLASSNET_ISA {

// Sums of the products of four columns of the factor with x, from row `first` on.
template <class T>
inline void four_dots(const T* const columns[4], const T* x, int first, int p, T sums[4]) {
  using V = Vec<T>;
  V parts[4] = {V{}, V{}, V{}, V{}};
  int i = first;
  for (; i + kLanes<T> <= p; i += kLanes<T>) {
    const V known = load<V>(x + i);
#pragma GCC unroll 4
    for (int c = 0; c < 4; ++c) parts[c] += load<V>(columns[c] + i) * known;
  }
#pragma GCC unroll 4
  for (int c = 0; c < 4; ++c) sums[c] = sum_of_lanes<T>(parts[c])[0];
  for (; i < p; ++i)
    for (int c = 0; c < 4; ++c) sums[c] += columns[c][i] * x[i];
}

// x = (L L^T)^-1 x, with L (p, p) column by column. Four columns at a time: x is read and written
// once for them.
template <class T>
void cholesky_solve(const T* factor, int p, T* __restrict x) {
  const int blocks = p / 4 * 4;
  const auto column = [&](int j) { return factor + static_cast<std::int64_t>(j) * p; };
  for (int j = 0; j < blocks; j += 4) {
    const T* const c[4] = {column(j), column(j + 1), column(j + 2), column(j + 3)};
    for (int a = 0; a < 4; ++a) {
      T known = x[j + a];
      for (int b = 0; b < a; ++b) known -= c[b][j + a] * x[j + b];
      x[j + a] = known / c[a][j + a];
    }
    const T x0 = x[j], x1 = x[j + 1], x2 = x[j + 2], x3 = x[j + 3];
    for (int i = j + 4; i < p; ++i)
      x[i] -= c[0][i] * x0 + c[1][i] * x1 + (c[2][i] * x2 + c[3][i] * x3);
  }
  for (int j = blocks; j < p; ++j) {
    x[j] /= column(j)[j];
    for (int i = j + 1; i < p; ++i) x[i] -= column(j)[i] * x[j];
  }
  for (int j = p - 1; j >= blocks; --j) {
    for (int i = j + 1; i < p; ++i) x[j] -= column(j)[i] * x[i];
    x[j] /= column(j)[j];
  }
  for (int j = blocks - 4; j >= 0; j -= 4) {
    const T* const c[4] = {column(j), column(j + 1), column(j + 2), column(j + 3)};
    T sums[4];
    four_dots(c, x, j + 4, p, sums);
    for (int a = 3; a >= 0; --a) {
      T known = x[j + a] - sums[a];
      for (int b = a + 1; b < 4; ++b) known -= c[a][j + b] * x[j + b];
      x[j + a] = known / c[a][j + a];
    }
  }
}

}  // namespace glassnet::GLASSNET_ISA
