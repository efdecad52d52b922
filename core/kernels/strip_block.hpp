// Strips of several rows of a result, which all grow by multiples of the same strip. Where strips end
// in half a vector, the halves of two rows share a whole one and take one multiply-add together:
// twelve for eight rows of twenty-four columns, not sixteen. The sums are the same, bit for bit.
#pragma once

#include "kernels/strip.hpp"

namespace glassnet::GLASSNET_ISA {

// A half twice. GCC reads it so from memory with its own instruction alone, which spares a shuffle.
template <class T, class Part>
inline Vec<T> twice(Part half) {
#if defined(__AVX512DQ__) && defined(__GNUC__) && !defined(__clang__)
  if constexpr (sizeof(T) == 4)
    return __builtin_ia32_broadcastf32x8_512_mask(half, Vec<T>{}, static_cast<short>(-1));
  else
    return __builtin_ia32_broadcastf64x4_512(half, Vec<T>{}, static_cast<char>(-1));
#else
  return side_by_side<T>(half, half);
#endif
}

// The upper half of a vector.
template <class Part, class T>
inline Part high_part(Vec<T> v) {
  return [&]<int... kLane>(std::integer_sequence<int, kLane...>) {
    return pick<Part>(v, std::integer_sequence<int, (kLanes<T> / 2 + kLane)...>{});
  }(std::make_integer_sequence<int, sizeof(Part) / sizeof(T)>{});
}

// The lower half of one vector, the upper half of the other.
template <class T>
inline Vec<T> low_and_high(Vec<T> low, Vec<T> high) {
  IntVec<T> is_high{};
  for (int lane = kLanes<T> / 2; lane < kLanes<T>; ++lane) is_high[lane] = -1;
  return select(is_high, high, low);
}

template <class T, int kUnits, int kRows>
struct StripBlock {
  using S = Strip<T, kUnits>;
  using Part = typename S::Part;
  // Half a vector alone gains nothing: to read the factors takes as long.
  static constexpr bool joins = S::half && S::full > 0 && kRows % 2 == 0;

  S strips[kRows];  // between join() and part() without their `last`, where halves are joined
  Vec<T> halves[joins ? kRows / 2 : 1];

  void join() {
    if constexpr (joins) {
#pragma GCC unroll 4
      for (int r = 0; r < kRows; r += 2)
        halves[r / 2] = side_by_side<T>(strips[r].last, strips[r + 1].last);
    }
  }

  void part() {
    if constexpr (joins) {
#pragma GCC unroll 4
      for (int r = 0; r < kRows; r += 2) {
        strips[r].last = low_part<Part, T>(halves[r / 2]);
        strips[r + 1].last = high_part<Part, T>(halves[r / 2]);
      }
    }
  }

  // Strip r += factor(r) * row, fused where the machine can.
  template <class F>
  void add(F factor, const S& row) {
    if constexpr (joins) {
      const Vec<T> both = twice<T>(row.last);
#pragma GCC unroll 4
      for (int r = 0; r < kRows; r += 2) {
        Vec<T> f = broadcast<Vec<T>>(factor(r)), g = broadcast<Vec<T>>(factor(r + 1));
        stay_in_register(f);
        stay_in_register(g);
#pragma GCC unroll 4
        for (int v = 0; v < S::full; ++v) strips[r].vectors[v] += f * row.vectors[v];
#pragma GCC unroll 4
        for (int v = 0; v < S::full; ++v) strips[r + 1].vectors[v] += g * row.vectors[v];
        halves[r / 2] += low_and_high<T>(f, g) * both;
      }
    } else {
#pragma GCC unroll 8
      for (int r = 0; r < kRows; ++r) strips[r].add(factor(r), row);
    }
  }
};

}  // namespace glassnet::GLASSNET_ISA
