// Activations and their derivatives, and units that are left out, element by element.
#pragma once

#include "kernels/kernels.hpp"
#include "kernels/math.hpp"

namespace glassnet::GLASSNET_ISA {

constexpr double kLeak = 0.01;           // slope of leaky_relu where the unit is off
constexpr double kGeluScale = 0.79788456080286535588;  // sqrt(2 / pi)
constexpr double kGeluCube = 0.044715;

template <class T, class F>
inline void each_vector(std::int64_t n, F f) {
  for (std::int64_t i = 0; i < n; i += kLanes<T>) f(i);
}

// values = f(values)
template <class T, class F>
inline void apply(T* values, std::int64_t n, F f) {
  each_vector<T>(n, [=](auto i) { store(values + i, f(load<Vec<T>>(values + i))); });
}

// delta = f(a, delta)
template <class T, class F>
inline void apply(const T* a, T* delta, std::int64_t n, F f) {
  each_vector<T>(n, [=](auto i) {
    store(delta + i, f(load<Vec<T>>(a + i), load<Vec<T>>(delta + i)));
  });
}

// tanh(sqrt(2 / pi) (x + 0.044715 x^3))
template <class T>
inline Vec<T> gelu_gate(Vec<T> x) {
  const T cube = static_cast<T>(kGeluCube), scale = static_cast<T>(kGeluScale);
  return tanh<T>((x + x * x * x * cube) * scale);
}

template <class T>
void activate(Activation activation, T* z, std::int64_t n) {
  using V = Vec<T>;
  switch (activation) {
    case Activation::identity:
      break;
    case Activation::logistic:
      apply(z, n, [](V x) { return logistic<T>(x); });
      break;
    case Activation::tanh:
      apply(z, n, [](V x) { return tanh<T>(x); });
      break;
    case Activation::relu:
      apply(z, n, [](V x) { return select(x < T{0}, V{}, x); });  // NaN stays NaN
      break;
    case Activation::leaky_relu:
      apply(z, n, [](V x) { return select(x < T{0}, x * static_cast<T>(kLeak), x); });
      break;
    case Activation::elu:
      apply(z, n, [](V x) {
        return select(x < T{0}, expm1_of_negative<T>(select(x < T{0}, x, V{})), x);
      });
      break;
    case Activation::softplus:
      apply(z, n, [](V x) { return softplus<T>(x); });
      break;
    case Activation::silu:
      apply(z, n, [](V x) { return x * logistic<T>(x); });
      break;
    case Activation::gelu:
      apply(z, n, [](V x) { return x * (gelu_gate<T>(x) + T{1}) * static_cast<T>(0.5); });
      break;
    case Activation::exponential:
      apply(z, n, [](V x) { return exp<T>(x); });
      break;
  }
}

template <class T>
void times_derivative(Activation activation, const T* a, T* delta, std::int64_t n) {
  using V = Vec<T>;
  switch (activation) {
    case Activation::logistic:
      apply(a, delta, n, [](V x, V d) { return d * x * (T{1} - x); });
      break;
    case Activation::tanh:
      apply(a, delta, n, [](V x, V d) { return d * (T{1} - x * x); });
      break;
    case Activation::relu:
      apply(a, delta, n, [](V x, V d) { return select(x > T{0}, d, V{}); });
      break;
    case Activation::leaky_relu:
      apply(a, delta, n, [](V x, V d) { return select(x > T{0}, d, d * static_cast<T>(kLeak)); });
      break;
    case Activation::elu:
      apply(a, delta, n, [](V x, V d) { return select(x > T{0}, d, d * (x + T{1})); });
      break;
    case Activation::softplus:
      apply(a, delta, n, [](V x, V d) { return -(d * expm1_of_negative<T>(-x)); });
      break;
    default:  // the identity, whose derivative is 1, and those that keep it
      break;
  }
}

template <class T>
void silu_keeping(T* z, T* slope, std::int64_t n) {
  each_vector<T>(n, [=](auto i) {
    const Vec<T> x = load<Vec<T>>(z + i), gate = logistic<T>(x);
    store(slope + i, gate * (x * (T{1} - gate) + T{1}));
    store(z + i, x * gate);
  });
}

template <class T>
void gelu_keeping(T* z, T* slope, std::int64_t n) {
  constexpr T half = static_cast<T>(0.5);
  each_vector<T>(n, [=](auto i) {
    const Vec<T> x = load<Vec<T>>(z + i), gate = gelu_gate<T>(x);
    const Vec<T> inner = (x * x * static_cast<T>(3 * kGeluCube) + T{1}) * static_cast<T>(kGeluScale);
    store(slope + i, (gate + T{1} + x * (T{1} - gate * gate) * inner) * half);
    store(z + i, x * (gate + T{1}) * half);
  });
}

template <class T>
void activate_keeping(Activation activation, T* z, T* slope, std::int64_t n) {
  if (activation == Activation::silu) return silu_keeping(z, slope, n);
  if (activation == Activation::gelu) return gelu_keeping(z, slope, n);
  activate(activation, z, n);
  each_vector<T>(n, [=](auto i) { store(slope + i, broadcast<Vec<T>>(T{1})); });
  times_derivative(activation, z, slope, n);
}

template <class T>
void multiply(const T* factors, T* values, std::int64_t n) {
  apply(factors, values, n, [](Vec<T> factor, Vec<T> x) { return x * factor; });
}

// The last mix of MurmurHash3 (Appleby, 2011), a bijection of 32 bits that any bit of x turns half
// of.
inline std::uint32_t mixed(std::uint32_t x) {
  x = (x ^ (x >> 16)) * 0x85ebca6bU;
  x = (x ^ (x >> 13)) * 0xc2b2ae35U;
  return x ^ (x >> 16);
}

// training/dropout.py does the same.
template <class T>
void drop(const Drop<T>& d, T* a, T* slope, int n) {
  const auto low = static_cast<std::uint32_t>(d.key), high = static_cast<std::uint32_t>(d.key >> 32);
  const auto first = static_cast<std::uint32_t>(d.first);
  // The factors first, so that compilers see that they are of one vector each and depend on nothing.
  constexpr int kBlock = 64;
  T factors[kBlock];
  const std::uint32_t below = d.below;
  const T scale = d.scale;
  for (int start = 0; start < n; start += kBlock) {
    const int count = n - start < kBlock ? n - start : kBlock;
    const std::uint32_t unit = first + static_cast<std::uint32_t>(start);
    for (int i = 0; i < kBlock; ++i) {
      const std::uint32_t hash = mixed(mixed((unit + static_cast<std::uint32_t>(i)) ^ low) + high);
      factors[i] = hash < below ? T{0} : scale;
    }
    for (int i = 0; i < count; ++i) a[start + i] *= factors[i];
    for (int i = 0; i < count; ++i) slope[start + i] *= factors[i];
  }
}

}  // namespace glassnet::GLASSNET_ISA
