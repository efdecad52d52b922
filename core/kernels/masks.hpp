// Masks of zeros: a bit a row for every group of columns, set where the group is not all zero.
#pragma once

#include "kernels/kernels.hpp"
#include "kernels/vector.hpp"

namespace glassnet::GLASSNET_ISA {

inline int lowest_bit(std::uint64_t bits) {
#if defined(__GNUC__)
  return __builtin_ctzll(bits);
#else
  int place = 0;
  for (; !(bits & 1); bits >>= 1) ++place;
  return place;
#endif
}

// The bits of one vector's groups, by or-ing a bit of its own from every lane that is not zero.
template <class T>
inline std::uint64_t filled_groups(const T* from) {
  using I = IntVec<T>;
  I own{};
  for (int lane = 0; lane < kLanes<T>; ++lane) own[lane] = 1 << (lane / kMaskColumns);
  const auto zero = load<Vec<T>>(from) == Vec<T>{};
  const I bits = select(zero, I{}, own);
  return static_cast<std::uint64_t>(fold(bits, [](I a, I b) { return a | b; })[0]);
}

template <class T>
void mark(const T* row, int groups, std::uint64_t* mask) {
  constexpr int kStep = kLanes<T> / kMaskColumns;
  for (int first = 0; first < groups; first += kMaskBits) {
    const int last = first + kMaskBits < groups ? first + kMaskBits : groups;
    std::uint64_t word = 0;
    int g = first;
    for (; g + kStep <= last; g += kStep)
      word |= filled_groups(row + g * kMaskColumns) << (g - first);
    for (; g < last; ++g)
      for (int c = 0; c < kMaskColumns; ++c)
        word |= std::uint64_t{row[g * kMaskColumns + c] != T{0}} << (g - first);
    *mask++ = word;
  }
}

// Swaps the quarters off the diagonal of every block of 2 * kSize bits, in words that lie kApart
// words apart: at least eight, so that vectors hold neighbours.
template <int kApart, int kSize>
inline void swap_quarters(std::int64_t* words, std::int64_t low) {
  using V = IntVec<double>;
  constexpr int kStep = kLanes<double>;
  for (int block = 0; block < 64; block += 2 * kApart) {
#pragma GCC unroll 4
    for (int i = block; i < block + kApart; i += kStep) {
      const V above = load<V>(words + i), below = load<V>(words + i + kApart);
      const V change = ((above >> kSize) ^ below) & low;
      store(words + i, above ^ (change << kSize));
      store(words + i + kApart, below ^ change);
    }
  }
}

// Transposes a word of n masks, at most 64, to a bit a mask for each of the word's groups: quarters
// of ever smaller blocks change places (Warren, "Hacker's Delight", 2nd edition, 2012, section 7-3).
// For the small blocks words are put so that those which meet are never neighbours: word 8 i + j in
// the place of 8 j + i.
inline void turn_masks(const std::uint64_t* const* masks, int n, int word, std::uint64_t* to) {
  std::int64_t rows[kMaskBits] = {}, turned[kMaskBits];
  for (int i = 0; i < n; ++i) rows[i] = static_cast<std::int64_t>(masks[i][word]);
  swap_quarters<32, 32>(rows, 0x00000000ffffffff);
  swap_quarters<16, 16>(rows, 0x0000ffff0000ffff);
  swap_quarters<8, 8>(rows, 0x00ff00ff00ff00ff);
  for (int i = 0; i < 8; ++i)
    for (int j = 0; j < 8; ++j) turned[8 * j + i] = rows[8 * i + j];
  swap_quarters<32, 4>(turned, 0x0f0f0f0f0f0f0f0f);
  swap_quarters<16, 2>(turned, 0x3333333333333333);
  swap_quarters<8, 1>(turned, 0x5555555555555555);
  for (int i = 0; i < 8; ++i)
    for (int j = 0; j < 8; ++j) to[8 * i + j] = static_cast<std::uint64_t>(turned[8 * j + i]);
}

}  // namespace glassnet::GLASSNET_ISA
