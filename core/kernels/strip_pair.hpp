// Two strips side by side: two neighbouring rows of a matrix, or the sums of their own that even and
// odd columns have. Where strips end in half a vector, both halves share a whole one, element by
// element in turns, and take one multiply-add together: five for two times forty columns, not six.
#pragma once

#include "kernels/strip.hpp"

namespace glassnet::GLASSNET_ISA {

// The elements of two halves in turns.
template <class T, class Part>
inline Vec<T> interleave(Part one, Part other) {
  Vec<T> both{};
#if defined(__clang__) || __GNUC__ >= 12
  constexpr int half = kLanes<T> / 2;
  both = [&]<int... kLane>(std::integer_sequence<int, kLane...>) {
    return Vec<T>(__builtin_shufflevector(one, other, (kLane / 2 + kLane % 2 * half)...));
  }(std::make_integer_sequence<int, kLanes<T>>{});
#else
  for (int lane = 0; lane < kLanes<T>; ++lane) both[lane] = (lane % 2 ? other : one)[lane / 2];
#endif
  return both;
}

// Every other element, from the first (0) or the second (1) on.
template <class Part, int kFirst, class T>
inline Part every_other(Vec<T> v) {
  return [&]<int... kLane>(std::integer_sequence<int, kLane...>) {
    return pick<Part>(v, std::integer_sequence<int, (2 * kLane + kFirst)...>{});
  }(std::make_integer_sequence<int, sizeof(Part) / sizeof(T)>{});
}

// The even elements of one vector and the odd ones of the other.
template <class T>
inline Vec<T> alternate(Vec<T> even, Vec<T> odd) {
  IntVec<T> is_odd{};
  for (int lane = 1; lane < kLanes<T>; lane += 2) is_odd[lane] = -1;
  return select(is_odd, odd, even);
}

template <class T, int kUnits>
struct StripPair {
  using S = Strip<T, kUnits>;
  using Part = typename S::Part;
  static constexpr bool joins = S::half && kUnits > 0;

  S one, other;  // where halves are joined, without their `last`
  Vec<T> halves{};

  static StripPair of(const S& one, const S& other) {
    StripPair pair{one, other};
    if constexpr (joins) pair.halves = interleave<T>(one.last, other.last);
    return pair;
  }

  static StripPair load(const T* from) { return of(S::load(from), S::load(from + S::pitch)); }

  S first() const {
    S strip = one;
    if constexpr (joins) strip.last = every_other<Part, 0, T>(halves);
    return strip;
  }

  S second() const {
    S strip = other;
    if constexpr (joins) strip.last = every_other<Part, 1, T>(halves);
    return strip;
  }

  // Keeps the pair in registers: the compiler would rather load it again for each use.
  void stay() {
#pragma GCC unroll 4
    for (int v = 0; v < S::full; ++v) {
      stay_in_register(one.vectors[v]);
      stay_in_register(other.vectors[v]);
    }
    if constexpr (joins) stay_in_register(halves);
  }

  // Each strip += its own of two factors * its own of the other pair's, fused where the machine can.
  void add(const T* factors, const StripPair& pair) {
    Vec<T> f = broadcast<Vec<T>>(factors[0]), g = broadcast<Vec<T>>(factors[1]);
    if constexpr (joins) {
      stay_in_register(f);
      stay_in_register(g);
    }
#pragma GCC unroll 4
    for (int v = 0; v < S::full; ++v) one.vectors[v] += f * pair.one.vectors[v];
#pragma GCC unroll 4
    for (int v = 0; v < S::full; ++v) other.vectors[v] += g * pair.other.vectors[v];
    if constexpr (joins) {
      halves += alternate<T>(f, g) * pair.halves;
    } else if constexpr (S::half) {
      one.last += low_part<Part, T>(f) * pair.one.last;
      other.last += low_part<Part, T>(g) * pair.other.last;
    }
  }
};

}  // namespace glassnet::GLASSNET_ISA
