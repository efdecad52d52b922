// A strip: the few vectors, held in registers, that span a strip's columns.
//
// A matrix with more columns than fit is cut into strips, stored one after the other, each row by
// row (see model/strips.hpp). kUnits is a strip's width; its last unit may be half a vector.
#pragma once

#include "kernels/vector.hpp"

namespace glassnet::GLASSNET_ISA {

// The lower half of a vector, which costs no instruction.
template <class T>
inline auto low_half(Vec<T> v) {
  return pick<Vec<T, kVectorBytes / 2>>(v, std::make_integer_sequence<int, kLanes<T> / 2>{});
}

template <class T, int kUnits>
struct Strip {
  static constexpr int full = kHasHalf ? kUnits / 2 : kUnits;
  static constexpr bool half = kHasHalf && kUnits % 2 == 1;
  // From one row of the strip to the next: whole vectors, so that none straddles cache lines.
  static constexpr int pitch = (full + (half ? 1 : 0)) * kLanes<T>;
  using Half = Vec<T, kHasHalf ? kVectorBytes / 2 : kVectorBytes>;

  Vec<T> vectors[full > 0 ? full : 1];
  Half last;

  static Strip zero() {
    Strip s;
#pragma GCC unroll 4
    for (int v = 0; v < full; ++v) s.vectors[v] = Vec<T>{};
    if constexpr (half) s.last = Half{};
    return s;
  }

  static Strip load(const T* from) {
    Strip s;
#pragma GCC unroll 4
    for (int v = 0; v < full; ++v)
      s.vectors[v] = GLASSNET_ISA::load<Vec<T>>(from + v * kLanes<T>);
    if constexpr (half) s.last = GLASSNET_ISA::load<Half>(from + full * kLanes<T>);
    return s;
  }

  void store(T* to) const {
#pragma GCC unroll 4
    for (int v = 0; v < full; ++v) GLASSNET_ISA::store(to + v * kLanes<T>, vectors[v]);
    if constexpr (half) GLASSNET_ISA::store(to + full * kLanes<T>, last);
  }

  // this += factor * other, one fused multiply-add each where the machine has it
  void add(T factor, const Strip& other) {
    const Vec<T> factors = broadcast<Vec<T>>(factor);
#pragma GCC unroll 4
    for (int v = 0; v < full; ++v) vectors[v] += factors * other.vectors[v];
    if constexpr (half) last += low_half<T>(factors) * other.last;
  }

  void add(const Strip& other) {
#pragma GCC unroll 4
    for (int v = 0; v < full; ++v) vectors[v] += other.vectors[v];
    if constexpr (half) last += other.last;
  }
};

}  // namespace glassnet::GLASSNET_ISA
