// Softmax of rows that may span several strips.
#pragma once

#include <limits>

#include "kernels/activations.hpp"
#include "kernels/kernels.hpp"
#include "kernels/math.hpp"

namespace glassnet::GLASSNET_ISA {

// Calls f(vector's address, its number of real columns) for each vector of row i.
template <class T, class F>
inline void each_of_row(const OutputRows<T>& rows, int i, F f) {
  int left = rows.k;
  T* strip = rows.values;
  for (int s = 0; s < rows.n_strips; ++s) {
    const int pitch = rows.pitches[s];
    T* const row = strip + static_cast<std::int64_t>(i) * pitch;
    for (int c = 0; c < pitch && left > 0; c += kLanes<T>, left -= kLanes<T>)
      f(row + c, left < kLanes<T> ? left : kLanes<T>);
    strip += rows.room * pitch;
  }
}

template <class T>
inline IntVec<T> lanes_below(int count) {
  using I = IntVec<T>;
  I lane{};
  for (int l = 0; l < kLanes<T>; ++l) lane[l] = l;
  return lane - count;  // negative where the column is real
}

// The same where a vector holds one row or several. A few vectors at a time, by passes: what waits
// for itself in one pass is so little that a processor looks ahead over several vectors.
template <class T, int kPitch>
void narrow_softmax(const OutputRows<T>& rows) {
  using V = Vec<T>;
  const V least = broadcast<V>(-std::numeric_limits<T>::infinity());
  IntVec<T> column{};
  for (int l = 0; l < kLanes<T>; ++l) column[l] = l % kPitch;
  const auto is_real = column < rows.k;
  constexpr std::int64_t kStep = 16 * kLanes<T>;
  T* row = rows.values + static_cast<std::int64_t>(rows.first) * kPitch;
  for (std::int64_t left = std::int64_t{rows.n} * kPitch; left > 0; left -= kStep, row += kStep) {
    const std::int64_t n = left < kStep ? left : kStep;
    apply(row, n, [=](V z) { return z - largest_lane<T, kPitch>(select(is_real, z, least)); });
    apply(row, n, [=](V z) { return select(is_real, exp_of_negative<T>(z), V{}); });
    apply(row, n, [](V e) { return e * (T{1} / sum_of_lanes<T, kPitch>(e)); });
  }
}

template <class T>
void softmax(const OutputRows<T>& rows) {
  using V = Vec<T>;
  if (rows.k <= kLanes<T>) {
    const int pitch = rows.pitches[0];
    if constexpr (kLeastUnits == 0)
      if (pitch == kNarrow<T>) return narrow_softmax<T, kNarrow<T>>(rows);
    if constexpr (kHasHalf)
      if (pitch == kUnit<T>) return narrow_softmax<T, kUnit<T>>(rows);
    return narrow_softmax<T, kLanes<T>>(rows);
  }
  const V least = broadcast<V>(-std::numeric_limits<T>::infinity());
  for (int i = rows.first; i < rows.first + rows.n; ++i) {
    V most = least, sums{};
    each_of_row(rows, i, [&](T* z, int real) {
      const V x = select(lanes_below<T>(real) < 0, load<V>(z), least);
      most = select(x > most, x, most);
    });
    const V largest = largest_lane<T>(most);
    each_of_row(rows, i, [&](T* z, int real) {
      // Columns that only fill the strip stay 0, whatever is in them.
      const V e = select(lanes_below<T>(real) < 0, exp_of_negative<T>(load<V>(z) - largest), V{});
      store(z, e);
      sums += e;
    });
    const V scale = T{1} / sum_of_lanes<T>(sums);
    each_of_row(rows, i, [&](T* z, int) { store(z, load<V>(z) * scale); });
  }
}

}  // namespace glassnet::GLASSNET_ISA
