// The same products where many elements of the left operand are zero: dense rows with a mask of
// the groups of columns that are not all zero, and sparse rows.
#pragma once

#include "kernels/dense_products.hpp"
#include "kernels/masks.hpp"

namespace glassnet::GLASSNET_ISA {

constexpr int kPanel = kMaskBits * kMaskColumns;  // columns of a word of the mask
constexpr int kBytesOfRows = 25000;  // of D that are kept in the first-level cache

// Rows that are taken together, so that a row of B is loaded once for all: all columns of a word of
// the mask where one of them is not zero. Few, since the more there are, the fewer zeros are shared.
template <class T, int kUnits>
constexpr int kRowsTogether = Strip<T, kUnits>::pitch <= kLanes<T> || kHasHalf ? 4 : 1;

// Sums of their own for even and odd columns, where one set of the rows' sums is so small that each
// would wait for its own last addition.
template <class T, int kUnits>
constexpr int kSets = kRowsTogether<T, kUnits> * Strip<T, kUnits>::full >= 8 ? 1 : kMaskColumns;

// Some rows over the columns of a word of the mask.
template <class T, int kUnits, int kRows>
inline void masked_rows_block(const RowsProduct<T>& p, const std::uint64_t* const* masks, int word,
                              int first, const T* start, int start_pitch) {
  using S = Strip<T, kUnits>;
  constexpr int kOwn = kSets<T, kUnits>;
  const T* panel = p.b + static_cast<std::int64_t>(word) * kPanel * S::pitch;
  stay_as_sum(panel);
  T* const out = p.out + static_cast<std::int64_t>(first) * S::pitch;
  StripBlock<T, kUnits, kRows> sums[kOwn];
  const T* a[kRows];
  std::uint64_t bits = 0;
#pragma GCC unroll 4
  for (int r = 0; r < kRows; ++r) {
    a[r] = p.a[first + r] + word * kPanel;
    stay_as_sum(a[r]);
#pragma GCC unroll 2
    for (int own = 0; own < kOwn; ++own)
      sums[own].strips[r] = own == 0 ? S::load(start + r * start_pitch) : S::zero();
    bits |= masks[first + r][word];
  }
#pragma GCC unroll 2
  for (int own = 0; own < kOwn; ++own) sums[own].join();
  for (; bits != 0; bits &= bits - 1) {
    const std::int64_t column = std::int64_t{lowest_bit(bits)} * kMaskColumns;
    const T* const b = panel + column * S::pitch;
#pragma GCC unroll 2
    for (int c = 0; c < kMaskColumns; ++c)
      sums[c % kOwn].add([&](int r) { return a[r][column + c]; }, S::load(b + c * S::pitch));
  }
#pragma GCC unroll 2
  for (int own = 0; own < kOwn; ++own) sums[own].part();
#pragma GCC unroll 4
  for (int r = 0; r < kRows; ++r) {
    S sum = sums[0].strips[r];
#pragma GCC unroll 2
    for (int own = 1; own < kOwn; ++own) sum.add(sums[own].strips[r]);
    sum.store(out + r * S::pitch);
  }
}

// The columns of a word of the mask are a panel whose part of B stays in the first-level cache
// while all rows pass. Rows lie anywhere in memory: those to come are called for in time.
template <class T, int kUnits>
void masked_rows_product_of(const RowsProduct<T>& p, const std::uint64_t* const* masks) {
  using S = Strip<T, kUnits>;
  constexpr int kAhead = 4, kLine = kLineOf<T>, kTogether = kRowsTogether<T, kUnits>;
  const T* start = p.start;
  int start_pitch = p.start_is_row ? 0 : S::pitch;
  const int columns = p.k - p.k % kMaskColumns;  // that the masks speak of
  for (int word = 0; word * kPanel < columns; ++word) {
    const int left = columns - word * kPanel, lines = (left < kPanel ? left : kPanel) / kLine;
    int i = 0;
    for (; i + kTogether <= p.n; i += kTogether) {
#pragma GCC unroll 1
      for (int r = i + kAhead; r < i + kAhead + kTogether && r < p.n; ++r)
#pragma GCC unroll 1
        for (int line = 0; line < lines; ++line) prefetch(p.a[r] + word * kPanel + line * kLine);
      masked_rows_block<T, kUnits, kTogether>(p, masks, word, i, start + i * start_pitch,
                                              start_pitch);
    }
    for (; i < p.n; ++i)
      masked_rows_block<T, kUnits, 1>(p, masks, word, i, start + i * start_pitch, start_pitch);
    start = p.out;
    start_pitch = S::pitch;
  }
  for (int j = columns; j < p.k; ++j) {  // no group: always taken as full
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

// Takes some neighbouring columns at once, whole groups, over the rows of some words of the mask where
// one of them is not all zero: a row of D is loaded once for all.
template <class T, int kUnits, int kColumns>
inline void masked_columns_block(const ColumnsProduct<T>& p, const std::uint64_t* bits, int words,
                                 int first, int first_word, int last_word) {
  using S = Strip<T, kUnits>;
  T* const out = p.out + static_cast<std::int64_t>(first) * S::pitch;
  StripBlock<T, kUnits, kColumns> sums;
  const bool goes_on = p.accumulate || first_word > 0;
#pragma GCC unroll 4
  for (int c = 0; c < kColumns; ++c)
    sums.strips[c] = goes_on ? S::load(out + c * S::pitch) : S::zero();
  sums.join();
  const int column = p.first + first;
  const std::uint64_t* group = bits + static_cast<std::int64_t>(column / kMaskColumns) * words;
  for (int w = first_word; w < last_word; ++w) {
    std::uint64_t rows = 0;
    for (int g = 0; g < kColumns / kMaskColumns; ++g) rows |= group[g * words + w];
    for (; rows != 0; rows &= rows - 1) {
      const int i = w * kMaskBits + lowest_bit(rows);
      const T* const a = p.a[i] + column;
      sums.add([&](int c) { return a[c]; }, S::load(p.d + i * S::pitch));
    }
  }
  sums.part();
#pragma GCC unroll 4
  for (int c = 0; c < kColumns; ++c) sums.strips[c].store_row(out + c * S::pitch);
}

// Some words' rows of D stay in the first-level cache while all columns pass.
template <class T, int kUnits>
void masked_columns_product_of(const ColumnsProduct<T>& p, const std::uint64_t* bits, int words) {
  constexpr int kBytesOfWord = kMaskBits * Strip<T, kUnits>::pitch * static_cast<int>(sizeof(T));
  constexpr int kWords = kBytesOfWord < kBytesOfRows ? kBytesOfRows / kBytesOfWord : 1;
  const int columns = p.count - p.count % kMaskColumns;
  for (int w = 0; w < words; w += kWords) {
    const int end = w + kWords < words ? w + kWords : words;
    int c = 0;
    for (; c + 2 * kMaskColumns <= columns; c += 2 * kMaskColumns)
      masked_columns_block<T, kUnits, 2 * kMaskColumns>(p, bits, words, c, w, end);
    if (c < columns) masked_columns_block<T, kUnits, kMaskColumns>(p, bits, words, c, w, end);
  }
  columns_product_of<T, kUnits, 1>(p, columns);
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
    sum.store_row(out);
  }
}

template <class T>
void sparse_columns_product(const ColumnsProduct<T>& p, const Entry<T>* entries,
                            const std::int32_t* starts) {
  for_width(p.units,
            [&]<int kUnits>() { sparse_columns_product_of<T, kUnits>(p, entries, starts); });
}

}  // namespace glassnet::GLASSNET_ISA
