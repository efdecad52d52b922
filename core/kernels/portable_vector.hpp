// Vectors for compilers without vector extensions: arrays whose loops the compiler may vectorise.
#pragma once

#include <cstdint>
#include <cstring>
#include <type_traits>
#include <utility>

namespace glassnet::portable {

template <class T>
struct MaskOf {
  using type = T;
};
template <>
struct MaskOf<float> {
  using type = std::int32_t;
};
template <>
struct MaskOf<double> {
  using type = std::int64_t;
};

template <class T, int kCount>
struct Lanes {
  T values[kCount]{};
  using Mask = Lanes<typename MaskOf<T>::type, kCount>;

  T operator[](int lane) const { return values[lane]; }
  T& operator[](int lane) { return values[lane]; }

  template <class F>
  static Lanes each(F f) {
    Lanes out;
    for (int lane = 0; lane < kCount; ++lane) out.values[lane] = f(lane);
    return out;
  }
  template <class F>
  static Mask test(F f) {
    Mask out;
    for (int lane = 0; lane < kCount; ++lane) out.values[lane] = f(lane) ? -1 : 0;
    return out;
  }
  static Lanes all(T value) {
    return each([&](int) { return value; });
  }

  friend Lanes operator+(const Lanes& a, const Lanes& b) {
    return each([&](int i) { return static_cast<T>(a[i] + b[i]); });
  }
  friend Lanes operator-(const Lanes& a, const Lanes& b) {
    return each([&](int i) { return static_cast<T>(a[i] - b[i]); });
  }
  friend Lanes operator*(const Lanes& a, const Lanes& b) {
    return each([&](int i) { return static_cast<T>(a[i] * b[i]); });
  }
  friend Lanes operator/(const Lanes& a, const Lanes& b) {
    return each([&](int i) { return static_cast<T>(a[i] / b[i]); });
  }
  friend Lanes operator+(const Lanes& a, T b) { return a + all(b); }
  friend Lanes operator-(const Lanes& a, T b) { return a - all(b); }
  friend Lanes operator*(const Lanes& a, T b) { return a * all(b); }
  friend Lanes operator/(const Lanes& a, T b) { return a / all(b); }
  friend Lanes operator+(T a, const Lanes& b) { return all(a) + b; }
  friend Lanes operator-(T a, const Lanes& b) { return all(a) - b; }
  friend Lanes operator*(T a, const Lanes& b) { return all(a) * b; }
  friend Lanes operator/(T a, const Lanes& b) { return all(a) / b; }
  Lanes operator-() const { return all(T{}) - *this; }
  Lanes& operator+=(const Lanes& b) { return *this = *this + b; }
  Lanes& operator*=(const Lanes& b) { return *this = *this * b; }
  friend Lanes operator|(const Lanes& a, const Lanes& b) {
    return each([&](int i) { return static_cast<T>(a[i] | b[i]); });
  }
  friend Lanes operator^(const Lanes& a, const Lanes& b) {
    return each([&](int i) { return static_cast<T>(a[i] ^ b[i]); });
  }
  friend Lanes operator&(const Lanes& a, T b) {
    return each([&](int i) { return static_cast<T>(a[i] & b); });
  }
  friend Lanes operator<<(const Lanes& a, int bits) {
    return each([&](int i) { return static_cast<T>(a[i] << bits); });
  }
  friend Lanes operator>>(const Lanes& a, int bits) {
    return each([&](int i) { return static_cast<T>(a[i] >> bits); });
  }
  friend Mask operator<(const Lanes& a, const Lanes& b) {
    return test([&](int i) { return a[i] < b[i]; });
  }
  friend Mask operator<(const Lanes& a, T b) { return a < all(b); }
  friend Mask operator>(const Lanes& a, const Lanes& b) { return b < a; }
  friend Mask operator>(const Lanes& a, T b) { return all(b) < a; }
  friend Mask operator<=(const Lanes& a, T b) {
    return test([&](int i) { return a[i] <= b; });
  }
  friend Mask operator==(const Lanes& a, const Lanes& b) {
    return test([&](int i) { return a[i] == b[i]; });
  }
};

template <class To, class From>
To bitcast(const From& from) {
  static_assert(sizeof(To) == sizeof(From));
  To to;
  std::memcpy(&to, &from, sizeof to);
  return to;
}

template <class V, class M>
V select(const M& mask, const V& yes, const V& no) {
  return V::each([&](int i) { return mask[i] ? yes[i] : no[i]; });
}

template <class V, class I>
V convert_integers(const I& integers) {
  using T = std::remove_cvref_t<decltype(std::declval<V&>()[0])>;
  return V::each([&](int i) { return static_cast<T>(integers[i]); });
}

}  // namespace glassnet::portable
