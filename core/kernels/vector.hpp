// Vectors of the instruction set that this file is compiled for, for float and double.
//
// With GCC and Clang these are vector extensions: plain operators on a built-in type, which the
// compiler turns into the registers at hand. Other compilers get a struct of four lanes with the
// same operators. Included by isa.cpp alone, inside a namespace named after the instruction set,
// so that no function compiled for a newer machine can be linked into code for an older one.
#pragma once

#include <cstdint>
#include <cstring>
#include <utility>

#if !defined(__GNUC__)
#include "kernels/portable_vector.hpp"
#endif

namespace glassnet::GLASSNET_ISA {

#if defined(__AVX512F__)
constexpr int kVectorBytes = 64;
constexpr bool kHasHalf = true;  // narrow layers may end in half a vector
constexpr int kMostVectors = 3;  // of a strip: with kBlockRows rows, all sums stay in registers
constexpr int kBlockRows = 8;
#elif defined(__AVX2__)
constexpr int kVectorBytes = 32;
constexpr bool kHasHalf = false;
constexpr int kMostVectors = 3;
constexpr int kBlockRows = 4;
#else
constexpr int kVectorBytes = 16;
constexpr bool kHasHalf = false;
constexpr int kMostVectors = 2;
constexpr int kBlockRows = 4;
#endif

inline void prefetch(const void* address) {
#if defined(__GNUC__)
  __builtin_prefetch(address);
#else
  (void)address;
#endif
}

template <class T>
struct IntegerOf;
template <>
struct IntegerOf<float> {
  using type = std::int32_t;
};
template <>
struct IntegerOf<double> {
  using type = std::int64_t;
};

#if defined(__GNUC__)
template <class T, int kBytes>
struct VectorOf {
  typedef T type __attribute__((vector_size(kBytes), may_alias));
  typedef T in_memory __attribute__((vector_size(kBytes), may_alias, aligned(sizeof(T))));
};
template <class T, int kBytes = kVectorBytes>
using Vec = typename VectorOf<T, kBytes>::type;

template <class To, class From>
inline To bitcast(From from) {
  return (To)from;
}

template <class V, class M>
inline V select(M mask, V yes, V no) {
  return mask ? yes : no;
}

template <class V, class I>
inline V convert_integers(I integers) {
  return __builtin_convertvector(integers, V);
}
#else
template <class T, int kBytes = kVectorBytes>
using Vec = portable::Lanes<T, kBytes / sizeof(T)>;
using portable::bitcast;
using portable::convert_integers;
using portable::select;
#endif

template <class T>
constexpr int kLanes = kVectorBytes / sizeof(T);

// The step in which the width of a strip grows: half a vector where there are halves.
template <class T>
constexpr int kUnit = kHasHalf ? kLanes<T> / 2 : kLanes<T>;

constexpr int kMostUnits = kMostVectors * (kHasHalf ? 2 : 1);

// A strip alone of a few columns is one narrow vector: 0 units.
constexpr int kNarrowBytes = 16;
constexpr int kLeastUnits = kVectorBytes > kNarrowBytes ? 0 : 1;
template <class T>
constexpr int kNarrow = kNarrowBytes / sizeof(T);

template <class T, int kBytes = kVectorBytes>
using IntVec = Vec<typename IntegerOf<T>::type, kBytes>;

// Not by memcpy, after which the compiler would keep arrays of vectors in memory.
template <class V, class T>
inline V load(const T* from) {
#if defined(__GNUC__)
  return *reinterpret_cast<const typename VectorOf<T, sizeof(V)>::in_memory*>(from);
#else
  V v;
  std::memcpy(&v, from, sizeof v);
  return v;
#endif
}

template <class V, class T>
inline void store(T* to, V v) {
#if defined(__GNUC__)
  *reinterpret_cast<typename VectorOf<T, sizeof(V)>::in_memory*>(to) = v;
#else
  std::memcpy(to, &v, sizeof v);
#endif
}

template <class V, class T>
inline V broadcast(T value) {
  return value - V{};  // x - 0 is x even for -0, so that no subtraction is left of it
}

template <class V>
inline void stay_in_register([[maybe_unused]] V& v) {
#if defined(__GNUC__) && defined(__AVX__)
  asm("" : "+v"(v));
#endif
}

// Keeps a place in one register: the compiler would rather add its parts anew for each use.
template <class T>
inline void stay_as_sum([[maybe_unused]] const T*& place) {
#if defined(__GNUC__)
  asm("" : "+r"(place));
#endif
}

// The given lanes of v, in their order.
template <class To, class V, int... kLane>
inline To pick(V v, std::integer_sequence<int, kLane...>) {
#if defined(__clang__) || __GNUC__ >= 12
  return To(__builtin_shufflevector(v, v, kLane...));
#else
  To picked{};
  int to = 0;
  ((picked[to++] = v[kLane]), ...);
  return picked;
#endif
}

// Combines all lanes by f, as a tree; every lane of the result holds the whole.
template <int kStep, class V, class F, int... kLane>
inline V fold_step(V v, F f, std::integer_sequence<int, kLane...> lanes) {
  const V folded = f(v, pick<V>(v, std::integer_sequence<int, (kLane ^ kStep)...>{}));
  if constexpr (kStep > 1) {
    return fold_step<kStep / 2>(folded, f, lanes);
  } else {
    return folded;
  }
}

// The same of every kGroup neighbouring lanes, for themselves.
template <int kGroup, class V, class F>
inline V fold_groups(V v, F f) {
  constexpr int lanes = sizeof v / sizeof v[0];
  return fold_step<kGroup / 2>(v, f, std::make_integer_sequence<int, lanes>{});
}

template <class V, class F>
inline V fold(V v, F f) {
  return fold_groups<sizeof v / sizeof v[0]>(v, f);
}

template <class T, int kGroup = kLanes<T>>
inline Vec<T> sum_of_lanes(Vec<T> v) {
  return fold_groups<kGroup>(v, [](Vec<T> a, Vec<T> b) { return a + b; });
}

template <class T, int kGroup = kLanes<T>>
inline Vec<T> largest_lane(Vec<T> v) {
  return fold_groups<kGroup>(v, [](Vec<T> a, Vec<T> b) { return select(b > a, b, a); });
}

}  // namespace glassnet::GLASSNET_ISA
