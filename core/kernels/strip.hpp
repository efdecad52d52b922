// A strip: the few vectors, held in registers, that span a strip's columns.
//
// A matrix with more columns than fit is cut into strips, stored one after the other, each row by
// row (see model/strips.hpp). kUnits is a strip's width; its last unit may be half a vector. 0 units
// are a narrow vector alone.
#pragma once

#include "kernels/vector.hpp"

namespace glassnet::GLASSNET_ISA {

// The lower part of a vector, which costs no instruction.
template <class Part, class T>
inline Part low_part(Vec<T> v) {
  return pick<Part>(v, std::make_integer_sequence<int, sizeof(Part) / sizeof(T)>{});
}

// The elements of one half, then those of the other.
template <class T, class Part>
inline Vec<T> side_by_side(Part one, Part other) {
  Vec<T> both{};
#if defined(__clang__) || __GNUC__ >= 12
  both = [&]<int... kLane>(std::integer_sequence<int, kLane...>) {
    return Vec<T>(__builtin_shufflevector(one, other, kLane...));
  }(std::make_integer_sequence<int, kLanes<T>>{});
#else
  constexpr int half = kLanes<T> / 2;
  for (int lane = 0; lane < half; ++lane) {
    both[lane] = one[lane];
    both[half + lane] = other[lane];
  }
#endif
  return both;
}

template <class T, int kUnits>
struct Strip {
  static constexpr int full = kHasHalf ? kUnits / 2 : kUnits;
  static constexpr bool half = kUnits == 0 || (kHasHalf && kUnits % 2 == 1);
  static constexpr int part_bytes = kUnits == 0 ? kNarrowBytes : kVectorBytes / (kHasHalf ? 2 : 1);
  using Part = Vec<T, part_bytes>;
  // From one row of the strip to the next: whole vectors, or a part alone, so that none straddles
  // cache lines.
  static constexpr int pitch =
      full == 0 ? part_bytes / static_cast<int>(sizeof(T)) : (full + (half ? 1 : 0)) * kLanes<T>;

  Vec<T> vectors[full > 0 ? full : 1];
  Part last;

  static Strip zero() {
    Strip s;
#pragma GCC unroll 4
    for (int v = 0; v < full; ++v) s.vectors[v] = Vec<T>{};
    if constexpr (half) s.last = Part{};
    return s;
  }

  static Strip load(const T* from) {
    Strip s;
#pragma GCC unroll 4
    for (int v = 0; v < full; ++v)
      s.vectors[v] = GLASSNET_ISA::load<Vec<T>>(from + v * kLanes<T>);
    if constexpr (half) s.last = GLASSNET_ISA::load<Part>(from + full * kLanes<T>);
    return s;
  }

  void store(T* to) const {
#pragma GCC unroll 4
    for (int v = 0; v < full; ++v) GLASSNET_ISA::store(to + v * kLanes<T>, vectors[v]);
    if constexpr (half) GLASSNET_ISA::store(to + full * kLanes<T>, last);
  }

  // The same with zeros in what fills the row to its pitch.
  void store_row(T* to) const {
    if constexpr (half && full > 0) {
      Strip<T, kUnits + 1> row;
#pragma GCC unroll 4
      for (int v = 0; v < full; ++v) row.vectors[v] = vectors[v];
      row.vectors[full] = side_by_side<T>(last, Part{});
      row.store(to);
    } else {
      store(to);
    }
  }

  // this += factor * other, one fused multiply-add each where the machine has it
  void add(T factor, const Strip& other) {
    const Vec<T> factors = broadcast<Vec<T>>(factor);
#pragma GCC unroll 4
    for (int v = 0; v < full; ++v) vectors[v] += factors * other.vectors[v];
    if constexpr (half) last += low_part<Part, T>(factors) * other.last;
  }

  // 0 where the other is 0 or less; NaN stays NaN
  void keep_positive(const Strip& other) {
#pragma GCC unroll 4
    for (int v = 0; v < full; ++v)
      vectors[v] = select(other.vectors[v] <= T{0}, Vec<T>{}, vectors[v]);
    if constexpr (half) last = select(other.last <= T{0}, Part{}, last);
  }

  void add(const Strip& other) {
#pragma GCC unroll 4
    for (int v = 0; v < full; ++v) vectors[v] += other.vectors[v];
    if constexpr (half) last += other.last;
  }
};

}  // namespace glassnet::GLASSNET_ISA
