// Register-blocked products. Every element of a result is one sum in the order of its terms,
// whatever the block that it is computed in: the bits do not depend on how rows are shared out.
#pragma once

#include "kernels/kernels.hpp"
#include "kernels/strip_block.hpp"

namespace glassnet::GLASSNET_ISA {

template <class T, int kUnits, int kRows>
inline void rows_block(const RowsProduct<T>& p, int first) {
  using S = Strip<T, kUnits>;
  StripBlock<T, kUnits, kRows> sums;
  const T* a[kRows];
  const std::int64_t offset = std::int64_t{first} * S::pitch;
  const T* start = p.start + (p.start_is_row ? 0 : offset);
  const std::int64_t next_start = p.start_is_row ? 0 : S::pitch;
#pragma GCC unroll 8
  for (int r = 0; r < kRows; ++r, start += next_start) {
    a[r] = p.a[first + r];
    sums.strips[r] = S::load(start);
  }
  sums.join();
  const T* b = p.b;
  const std::int64_t k = p.k;
  for (std::int64_t j = 0; j < k; ++j, b += S::pitch)
    sums.add([&](int r) { return a[r][j]; }, S::load(b));
  sums.part();
  if (p.relu) {
#pragma GCC unroll 8
    for (int r = 0; r < kRows; ++r) sums.strips[r].keep_positive(sums.strips[r]);
  }
  if (p.gate != nullptr) {
#pragma GCC unroll 8
    for (int r = 0; r < kRows; ++r)
      sums.strips[r].keep_positive(S::load(p.gate + offset + r * S::pitch));
  }
  T* const out = p.out + offset;
#pragma GCC unroll 8
  for (int r = 0; r < kRows; ++r) sums.strips[r].store(out + r * S::pitch);
}

template <class T, int kUnits, int kRows>
void rows_product_of(const RowsProduct<T>& p, int first) {
  for (; first + kRows <= p.n; first += kRows) rows_block<T, kUnits, kRows>(p, first);
  if constexpr (kRows > 1) {
    if (first < p.n) rows_product_of<T, kUnits, kRows / 2>(p, first);
  }
}

template <class T, int kUnits, int kColumns>
inline void columns_block(const ColumnsProduct<T>& p, int first) {
  using S = Strip<T, kUnits>;
  StripBlock<T, kUnits, kColumns> sums;
  T* const out = p.out + static_cast<std::int64_t>(first) * S::pitch;
#pragma GCC unroll 8
  for (int c = 0; c < kColumns; ++c)
    sums.strips[c] = p.accumulate ? S::load(out + c * S::pitch) : S::zero();
  sums.join();
  const T* d = p.d;
  const int n = p.n, column = p.first + first;
  for (int i = 0; i < n; ++i, d += S::pitch) {
    const T* a = p.a[i] + column;
    sums.add([&](int c) { return a[c]; }, S::load(d));
  }
  sums.part();
#pragma GCC unroll 8
  for (int c = 0; c < kColumns; ++c) sums.strips[c].store_row(out + c * S::pitch);
}

template <class T, int kUnits, int kColumns>
void columns_product_of(const ColumnsProduct<T>& p, int first) {
  for (; first + kColumns <= p.count; first += kColumns)
    columns_block<T, kUnits, kColumns>(p, first);
  if constexpr (kColumns > 1) {
    if (first < p.count) columns_product_of<T, kUnits, kColumns / 2>(p, first);
  }
}

template <class T, int kUnits>
void row_sum_of(const ColumnsProduct<T>& p) {
  using S = Strip<T, kUnits>;
  S sum = p.accumulate ? S::load(p.out) : S::zero();
  for (int i = 0; i < p.n; ++i) sum.add(S::load(p.d + i * S::pitch));
  sum.store_row(p.out);
}

// Calls the instance for a strip's width.
template <int kUnits = kLeastUnits, class F>
inline void for_width(int units, F f) {
  if constexpr (kUnits < kMostUnits) {
    if (units != kUnits) return for_width<kUnits + 1>(units, f);
  }
  f.template operator()<kUnits>();
}

template <class T>
void rows_product(const RowsProduct<T>& p) {
  for_width(p.units, [&]<int kUnits>() { rows_product_of<T, kUnits, kBlockRows>(p, 0); });
}

template <class T>
void columns_product(const ColumnsProduct<T>& p) {
  for_width(p.units, [&]<int kUnits>() { columns_product_of<T, kUnits, kBlockRows>(p, 0); });
}

template <class T>
void row_sum(const ColumnsProduct<T>& p) {
  for_width(p.units, [&]<int kUnits>() { row_sum_of<T, kUnits>(p); });
}

// Adds four rows at a time: the sums are read and written once for them.
template <class T>
void row_product(const T* x, const T* w, int rows, int columns, T* __restrict out) {
  int j = 0;
  for (; j + 4 <= rows; j += 4, w += std::int64_t{4} * columns) {
    const T *w1 = w + columns, *w2 = w1 + columns, *w3 = w2 + columns;
    for (int c = 0; c < columns; ++c)
      out[c] += x[j] * w[c] + x[j + 1] * w1[c] + (x[j + 2] * w2[c] + x[j + 3] * w3[c]);
  }
  for (; j < rows; ++j, w += columns)
    for (int c = 0; c < columns; ++c) out[c] += x[j] * w[c];
}

template <class T>
void transpose(const T* from, int from_pitch, int rows, int columns, T* to, int to_pitch) {
  for (int c = 0; c < columns; ++c)
    for (int r = 0; r < rows; ++r)
      to[static_cast<std::int64_t>(c) * to_pitch + r] =
          from[static_cast<std::int64_t>(r) * from_pitch + c];
}

}  // namespace glassnet::GLASSNET_ISA
