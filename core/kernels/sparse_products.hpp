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

// The groups of columns, of a word of the masks, where one of some rows is not all zero.
template <int kRows>
inline std::uint64_t filled_in_rows(const std::uint64_t* const* masks, int word) {
  std::uint64_t filled = 0;
#pragma GCC unroll 4
  for (int r = 0; r < kRows; ++r) filled |= masks[r][word];
  return filled;
}

// Some rows over the columns of some words of the masks; `filled` are the groups of the first. Rows
// lie anywhere in memory: of those that come later, at `later`, what will be wanted is called for
// here, a little with each group, while the multiplications leave time.
template <class T, int kUnits, int kRows>
inline void masked_rows_block(const RowsProduct<T>& p, const std::uint64_t* const* masks,
                              std::uint64_t filled, int first, int first_word, int last_word,
                              const T* const* later, const T* start, int start_pitch) {
  using S = Strip<T, kUnits>;
  constexpr int kOwn = kSets<T, kUnits>;
  T* const out = p.out + static_cast<std::int64_t>(first) * S::pitch;
  StripBlock<T, kUnits, kRows> sums[kOwn];
#pragma GCC unroll 4
  for (int r = 0; r < kRows; ++r) {
#pragma GCC unroll 2
    for (int own = 0; own < kOwn; ++own)
      sums[own].strips[r] = own == 0 ? S::load(start + r * start_pitch) : S::zero();
  }
#pragma GCC unroll 2
  for (int own = 0; own < kOwn; ++own) sums[own].join();
  for (int w = first_word; w < last_word; ++w) {
    std::uint64_t bits = filled;
    if (w + 1 < last_word) filled = filled_in_rows<kRows>(masks + first, w + 1);
    const std::int64_t before = std::int64_t{w} * kPanel;
    const T* coefs = p.b + before * S::pitch;
    stay_as_sum(coefs);
    const T* a[kRows];
#pragma GCC unroll 4
    for (int r = 0; r < kRows; ++r) {
      a[r] = p.a[first + r] + before;
      stay_as_sum(a[r]);
    }
    for (unsigned turn = 0; bits != 0; bits &= bits - 1, ++turn) {
      const std::int64_t column = std::int64_t{lowest_bit(bits)} * kMaskColumns;
      const T* const b = coefs + column * S::pitch;
      prefetch(later[turn % kRows] + before + column);
#pragma GCC unroll 2
      for (int c = 0; c < kMaskColumns; ++c)
        sums[c % kOwn].add([&](int r) { return a[r][column + c]; }, S::load(b + c * S::pitch));
    }
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

// Takes sets of kRows rows from `first` on, as long as there are whole ones; returns the next row.
// What is filled in a set is known before the set ahead of it is done: a processor that has not
// foreseen the end of a loop goes on with it at once.
template <class T, int kUnits, int kRows>
inline int masked_rows_sets(const RowsProduct<T>& p, const std::uint64_t* const* masks, int first,
                            int first_word, int last_word, const T* start, int start_pitch) {
  constexpr int kAhead = 4;
  if (first + kRows > p.n) return first;
  std::uint64_t next = filled_in_rows<kRows>(masks + first, first_word);
  for (; first + kRows <= p.n; first += kRows) {
    const std::uint64_t filled = next;
    if (first + 2 * kRows <= p.n) next = filled_in_rows<kRows>(masks + first + kRows, first_word);
    const int later = first + kAhead + kRows <= p.n ? first + kAhead : first;
    masked_rows_block<T, kUnits, kRows>(p, masks, filled, first, first_word, last_word,
                                        p.a + later, start + first * start_pitch, start_pitch);
  }
  return first;
}

// The columns of a word of the masks, and of the last one too where that is short, are a panel whose
// part of B stays in the first-level cache while all rows pass.
template <class T, int kUnits>
void masked_rows_product_of(const RowsProduct<T>& p, const std::uint64_t* const* masks) {
  using S = Strip<T, kUnits>;
  constexpr int kShort = kMaskBits / 4, kTogether = kRowsTogether<T, kUnits>;
  const T* start = p.start;
  int start_pitch = p.start_is_row ? 0 : S::pitch;
  const int groups = p.k / kMaskColumns, columns = groups * kMaskColumns;  // that masks speak of
  const int words = (groups + kMaskBits - 1) / kMaskBits;
  const bool last_is_short = groups - (words - 1) * kMaskBits <= kShort;
  for (int word = 0, end; word < words; word = end) {
    end = last_is_short && word + 2 == words ? words : word + 1;
    const int i =
        masked_rows_sets<T, kUnits, kTogether>(p, masks, 0, word, end, start, start_pitch);
    masked_rows_sets<T, kUnits, 1>(p, masks, i, word, end, start, start_pitch);
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

// The rows, of 64, where one of some groups of columns is not all zero.
template <int kGroups>
inline std::uint64_t filled_in_groups(const std::uint64_t* bits) {
  std::uint64_t filled = 0;
#pragma GCC unroll 4
  for (int g = 0; g < kGroups; ++g) filled |= bits[g];
  return filled;
}

// Takes some neighbouring groups of columns at once, over the rows of some words where one of them
// is not all zero: a row of D is loaded once for all. `filled` are the first word's rows.
template <class T, int kUnits, int kGroups>
inline void masked_columns_block(const ColumnsProduct<T>& p, const std::uint64_t* bits, int groups,
                                 std::uint64_t filled, int first, int first_word, int last_word) {
  using S = Strip<T, kUnits>;
  constexpr int kColumns = kGroups * kMaskColumns;
  T* const out = p.out + static_cast<std::int64_t>(first) * S::pitch;
  StripBlock<T, kUnits, kColumns> sums;
  const bool goes_on = p.accumulate || first_word > 0;
#pragma GCC unroll 4
  for (int c = 0; c < kColumns; ++c)
    sums.strips[c] = goes_on ? S::load(out + c * S::pitch) : S::zero();
  sums.join();
  const int column = p.first + first;
  for (int w = first_word; w < last_word; ++w) {
    std::uint64_t rows = filled;
    if (w + 1 < last_word) filled = filled_in_groups<kGroups>(bits + (w + 1) * groups);
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

// Some words' rows of D stay in the first-level cache while all columns pass. As on the way
// forward, what is filled is known before it is needed.
template <class T, int kUnits>
void masked_columns_product_of(const ColumnsProduct<T>& p, const std::uint64_t* bits, int groups) {
  constexpr int kBytesOfWord = kMaskBits * Strip<T, kUnits>::pitch * static_cast<int>(sizeof(T));
  constexpr int kWords = kBytesOfWord < kBytesOfRows ? kBytesOfRows / kBytesOfWord : 1;
  constexpr int kGroups = 2, kColumns = kGroups * kMaskColumns;
  const int columns = p.count - p.count % kMaskColumns, last = columns - columns % kColumns;
  const int words = (p.n + kMaskBits - 1) / kMaskBits;
  const auto of = [&](int c) { return bits + (p.first + c) / kMaskColumns; };
  for (int w = 0; w < words; w += kWords) {
    const int end = w + kWords < words ? w + kWords : words;
    std::uint64_t next = last > 0 ? filled_in_groups<kGroups>(of(0) + w * groups) : 0;
    for (int c = 0; c < last; c += kColumns) {
      const std::uint64_t filled = next;
      if (c + kColumns < last) next = filled_in_groups<kGroups>(of(c + kColumns) + w * groups);
      masked_columns_block<T, kUnits, kGroups>(p, of(c), groups, filled, c, w, end);
    }
    if (last < columns)
      masked_columns_block<T, kUnits, 1>(p, of(last), groups, of(last)[w * groups], last, w, end);
  }
  columns_product_of<T, kUnits, 1>(p, columns);
}

template <class T>
void masked_columns_product(const ColumnsProduct<T>& p, const std::uint64_t* bits, int groups) {
  for_width(p.units, [&]<int kUnits>() { masked_columns_product_of<T, kUnits>(p, bits, groups); });
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
