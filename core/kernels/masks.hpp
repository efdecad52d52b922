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

// Transposes 64 x 64 bits: quarters of ever smaller blocks change places (Warren, "Hacker's
// Delight", 2nd edition, 2012, section 7-3).
inline void transpose_bits(std::uint64_t* words) {
  std::uint64_t low = 0x00000000ffffffffULL;
  for (int size = 32; size > 0; size /= 2, low ^= low << size) {
    for (int block = 0; block < 64; block += 2 * size) {
      for (int i = block; i < block + size; ++i) {
        const std::uint64_t change = ((words[i] >> size) ^ words[i + size]) & low;
        words[i] ^= change << size;
        words[i + size] ^= change;
      }
    }
  }
}

}  // namespace glassnet::GLASSNET_ISA
