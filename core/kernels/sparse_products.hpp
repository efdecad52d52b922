// The same products where many elements of the left operand are zero: dense rows with a mask of
// the groups of columns that are not all zero, and sparse rows.
#pragma once

#include "kernels/dense_products.hpp"
#include "kernels/masks.hpp"

namespace glassnet::GLASSNET_ISA {

constexpr int kPanel = kMaskBits * kMaskColumns;  // columns of a word of the mask
constexpr int kRowsTogether = 4;

// Some rows over the columns of a word of the mask where one of them is not zero: a row of B is
// loaded once for all. It pays for strips of one vector, whose time goes into loads: ten outputs
// for digit images take two thirds of the time. Wider strips are sooner done row by row.
template <class T, int kUnits>
inline void masked_rows_together(const RowsProduct<T>& p, const std::uint64_t* const* masks,
                                 int word, int first, const T* start, int start_pitch) {
  using S = Strip<T, kUnits>;
  const T* const panel = p.b + static_cast<std::int64_t>(word) * kPanel * S::pitch;
  T* const out = p.out + static_cast<std::int64_t>(first) * S::pitch;
  S sums[kRowsTogether];
  const T* a[kRowsTogether];
  std::uint64_t bits = 0;
#pragma GCC unroll 4
  for (int r = 0; r < kRowsTogether; ++r) {
    a[r] = p.a[first + r] + word * kPanel;
    sums[r] = S::load(start + r * start_pitch);
    bits |= masks[first + r][word];
  }
  for (; bits != 0; bits &= bits - 1) {
    const std::int64_t column = std::int64_t{lowest_bit(bits)} * kMaskColumns;
#pragma GCC unroll 2
    for (int c = 0; c < kMaskColumns; ++c) {
      const S row = S::load(panel + (column + c) * S::pitch);
#pragma GCC unroll 4
      for (int r = 0; r < kRowsTogether; ++r) sums[r].add(a[r][column + c], row);
    }
  }
#pragma GCC unroll 4
  for (int r = 0; r < kRowsTogether; ++r) sums[r].store(out + r * S::pitch);
}

// The columns of a word of the mask are a panel whose part of B stays in the first-level cache
// while all rows pass. Rows lie anywhere in memory: those to come are called for in time. A row
// alone has few sums, so that two sets of them take turns: one would wait for its own last addition.
template <class T, int kUnits>
void masked_rows_product_of(const RowsProduct<T>& p, const std::uint64_t* const* masks) {
  using S = Strip<T, kUnits>;
  constexpr int kAhead = 4, kLine = kLineOf<T>;
  const T* start = p.start;
  int start_pitch = p.start_is_row ? 0 : S::pitch;
  for (int word = 0; word * kPanel < p.k; ++word) {
    const int left = p.k - word * kPanel, lines = (left < kPanel ? left : kPanel) / kLine;
    const T* const panel = p.b + static_cast<std::int64_t>(word) * kPanel * S::pitch;
    int i = 0;
    if constexpr (S::pitch == kLanes<T>) {
      for (; i + kRowsTogether <= p.n; i += kRowsTogether)
        masked_rows_together<T, kUnits>(p, masks, word, i, start + i * start_pitch, start_pitch);
    }
    for (; i < p.n; ++i) {
      const T* const a = p.a[i] + word * kPanel;
      const T* const ahead = p.a[i + kAhead < p.n ? i + kAhead : i] + word * kPanel;
#pragma GCC unroll 1
      for (int line = 0; line < lines; ++line) prefetch(ahead + line * kLine);
      S even = S::load(start + i * start_pitch), odd = S::zero();
      for (std::uint64_t bits = masks[i][word]; bits != 0; bits &= bits - 1) {
        const int column = lowest_bit(bits) * kMaskColumns;
        const T* const b = panel + column * S::pitch;
#pragma GCC unroll 8
        for (int c = 0; c < kMaskColumns; c += 2) {
          even.add(a[column + c], S::load(b + c * S::pitch));
          odd.add(a[column + c + 1], S::load(b + (c + 1) * S::pitch));
        }
      }
      even.add(odd);
      even.store(p.out + i * S::pitch);
    }
    start = p.out;
    start_pitch = S::pitch;
  }
  for (int j = p.k - p.k % kMaskColumns; j < p.k; ++j) {  // no group: always taken as full
    for (int i = 0; i < p.n; ++i) {
      S sum = S::load(p.out + i * S::pitch);
      sum.add(p.a[i][j], S::load(p.b + std::int64_t{j} * S::pitch));
      sum.store(p.out + i * S::pitch);
    }
  }
}

template <class T>
void masked_rows_product(const RowsProduct<T>& p, const std::uint64_t* const* masks) {
  for_width(p.units, [&]<int kUnits>() { masked_rows_product_of<T, kUnits>(p, masks); });
}

// Takes kGroups neighbouring groups of columns at once, over the rows where one of them is not all
// zero: a row of D is loaded once for all.
template <class T, int kUnits, int kGroups>
inline void masked_columns_block(const ColumnsProduct<T>& p, const std::uint64_t* bits, int words,
                                 int first) {
  using S = Strip<T, kUnits>;
  constexpr int kColumns = kGroups * kMaskColumns;
  T* const out = p.out + static_cast<std::int64_t>(first) * S::pitch;
  S sums[kColumns];
#pragma GCC unroll 8
  for (int c = 0; c < kColumns; ++c)
    sums[c] = p.accumulate ? S::load(out + c * S::pitch) : S::zero();
  const int column = p.first + first;
  const std::uint64_t* group = bits + static_cast<std::int64_t>(column / kMaskColumns) * words;
  for (int w = 0; w < words; ++w) {
    std::uint64_t rows = 0;
    for (int g = 0; g < kGroups; ++g) rows |= group[g * words + w];
    for (; rows != 0; rows &= rows - 1) {
      const int i = w * kMaskBits + lowest_bit(rows);
      const S row = S::load(p.d + i * S::pitch);
      const T* const a = p.a[i] + column;
#pragma GCC unroll 8
      for (int c = 0; c < kColumns; ++c) sums[c].add(a[c], row);
    }
  }
#pragma GCC unroll 8
  for (int c = 0; c < kColumns; ++c) sums[c].store(out + c * S::pitch);
}

template <class T, int kUnits>
void masked_columns_product_of(const ColumnsProduct<T>& p, const std::uint64_t* bits, int words) {
  int c = 0;
  for (; c + 2 * kMaskColumns <= p.count; c += 2 * kMaskColumns)
    masked_columns_block<T, kUnits, 2>(p, bits, words, c);
  for (; c + kMaskColumns <= p.count; c += kMaskColumns)
    masked_columns_block<T, kUnits, 1>(p, bits, words, c);
  columns_product_of<T, kUnits, 1>(p, c);
}

template <class T>
void masked_columns_product(const ColumnsProduct<T>& p, const std::uint64_t* bits, int words) {
  for_width(p.units, [&]<int kUnits>() { masked_columns_product_of<T, kUnits>(p, bits, words); });
}

template <class T, int kUnits>
void sparse_rows_product_of(const RowsProduct<T>& p, const SparseRow<T>* rows) {
  using S = Strip<T, kUnits>;
  for (int i = 0; i < p.n; ++i) {
    const SparseRow<T> row = rows[i];
    S even = S::load(p.start + (p.start_is_row ? 0 : i * S::pitch)), odd = S::zero();
    int e = 0;
    for (; e + 2 <= row.count; e += 2) {
      const std::int64_t one = row.columns[e], other = row.columns[e + 1];
      even.add(row.values[e], S::load(p.b + one * S::pitch));
      odd.add(row.values[e + 1], S::load(p.b + other * S::pitch));
    }
    if (e < row.count)
      even.add(row.values[e], S::load(p.b + std::int64_t{row.columns[e]} * S::pitch));
    even.add(odd);
    even.store(p.out + i * S::pitch);
  }
}

template <class T>
void sparse_rows_product(const RowsProduct<T>& p, const SparseRow<T>* rows) {
  for_width(p.units, [&]<int kUnits>() { sparse_rows_product_of<T, kUnits>(p, rows); });
}

template <class T, int kUnits>
void sparse_columns_product_of(const ColumnsProduct<T>& p, const Entry<T>* entries,
                               const std::int32_t* starts) {
  using S = Strip<T, kUnits>;
  for (int c = 0; c < p.count; ++c) {
    T* const out = p.out + static_cast<std::int64_t>(c) * S::pitch;
    S sum = p.accumulate ? S::load(out) : S::zero();
    const int column = p.first + c;
    for (std::int32_t e = starts[column]; e < starts[column + 1]; ++e)
      sum.add(entries[e].value, S::load(p.d + std::int64_t{entries[e].row} * S::pitch));
    sum.store(out);
  }
}

template <class T>
void sparse_columns_product(const ColumnsProduct<T>& p, const Entry<T>* entries,
                            const std::int32_t* starts) {
  for_width(p.units,
            [&]<int kUnits>() { sparse_columns_product_of<T, kUnits>(p, entries, starts); });
}

}  // namespace glassnet::GLASSNET_ISA
