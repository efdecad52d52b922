// What is done to each element: logarithms of probabilities, the optimizers' steps.
#pragma once

#include <math.h>

#include <limits>

#include "kernels/activations.hpp"
#include "kernels/kernels.hpp"
#include "kernels/math.hpp"

namespace glassnet::GLASSNET_ISA {

template <class From, class T>
void convert(const From* from, T* __restrict to, std::int64_t n) {
  for (std::int64_t i = 0; i < n; ++i) to[i] = static_cast<T>(from[i]);
}

// log(1 + e) for e >= 0, with the digits that 1 + e has lost (Kahan's correction).
template <class T>
inline Vec<T> log1p(Vec<T> e) {
  using V = Vec<T>;
  const V u = T{1} + e, kept = u - T{1};
  const auto lost_all = kept == V{};
  return select(lost_all, e, log<T>(u) * (e / select(lost_all, u, kept)));
}

template <class T>
void exp_and_log1p(T* z, T* logs, std::int64_t n) {
  using V = Vec<T>;
  each_vector<T>(n, [=](auto i) {
    const V e = exp<T>(load<V>(z + i));
    store(z + i, e);
    store(logs + i, log1p<T>(e));
  });
}

// Log probabilities of what is true, clipped as scikit-learn's: of p, or where `truths` are given, of
// p where they are 1 and of 1 - p where they are 0. log1p(-p) is log(q) p / (1 - q) with q = 1 - p
// rounded, which keeps the digits that q has lost (Kahan's correction).
template <class T>
void log_probabilities(T* p, const T* truths, std::int64_t n) {
  using V = Vec<T>;
  constexpr T eps = std::numeric_limits<T>::epsilon();
  const V one = broadcast<V>(T{1});
  each_vector<T>(n, [=](auto i) {
    const V x = at_most(at_least(load<V>(p + i), eps), T{1} - eps);
    if (truths == nullptr) return store(p + i, log<T>(x));
    const auto is_off = load<V>(truths + i) == V{};
    const V q = T{1} - x;
    store(p + i, log<T>(select(is_off, q, x)) * select(is_off, x / (T{1} - q), one));
  });
}

inline float root(float x) { return ::sqrtf(x); }
inline double root(double x) { return ::sqrt(x); }

template <class V>
inline V roots(V v) {
  for (unsigned lane = 0; lane < sizeof v / sizeof v[0]; ++lane) v[lane] = root(v[lane]);
  return v;
}

// What a step starts from: theta, smaller by the weight decay where there is one.
template <bool kShrinks, class T>
inline Vec<T> before_step(const Update<T>& u, const Parameters<T>& p, std::int64_t i) {
  const Vec<T> theta = load<Vec<T>>(p.theta + i);
  if constexpr (kShrinks) return theta * u.shrink;
  return theta;
}

template <bool kShrinks, class T>
inline void sgd_step(const Update<T>& u, const Parameters<T>& p, std::int64_t i, Vec<T> g) {
  using V = Vec<T>;
  const V step = g * u.rate;
  const V velocity = load<V>(p.first + i) * u.momentum - step;
  store(p.first + i, velocity);
  const V theta = before_step<kShrinks>(u, p, i);
  store(p.theta + i, u.nesterov ? (theta - step) + velocity * u.momentum : theta + velocity);
}

template <bool kShrinks, class T>
inline void adam_step(const Update<T>& u, const Parameters<T>& p, std::int64_t i, Vec<T> g) {
  using V = Vec<T>;
  const V mean = load<V>(p.first + i) * u.beta_1 + g * (T{1} - u.beta_1);
  const V square = load<V>(p.second + i) * u.beta_2 + g * g * (T{1} - u.beta_2);
  store(p.first + i, mean);
  store(p.second + i, square);
  store(p.theta + i, before_step<kShrinks>(u, p, i) - mean / (roots(square) + u.epsilon) * u.rate);
}

// Applies an update to n parameters; returns the sum of their squares before it. Takes copies: what
// is given might change with the parameters, for all that the compiler knows, and would be read
// again for each vector.
template <bool kShrinks, class T>
double update_of(const Update<T> u, const Parameters<T> p, std::int64_t n) {
  using V = Vec<T>;
  V squares{};
  const auto gradient = [&](std::int64_t i) {
    const V theta = load<V>(p.theta + i);
    squares += theta * theta;
    return (load<V>(p.gradient + i) + theta * u.alpha) * u.scale;
  };
  switch (u.rule) {
    case Rule::none:
      each_vector<T>(n, [&](auto i) { store(p.gradient + i, gradient(i)); });
      break;
    case Rule::sgd:
      each_vector<T>(n, [&](auto i) { sgd_step<kShrinks>(u, p, i, gradient(i)); });
      break;
    case Rule::adam:
      each_vector<T>(n, [&](auto i) { adam_step<kShrinks>(u, p, i, gradient(i)); });
      break;
  }
  return sum_of_lanes<T>(squares)[0];
}

template <class T>
double update(const Update<T>& u, const Parameters<T>& p, std::int64_t n) {
  return u.shrink == T{1} ? update_of<false>(u, p, n) : update_of<true>(u, p, n);
}

template <class T>
double sum_of_squares(const T* values, std::int64_t n) {
  Vec<T> squares{};
  each_vector<T>(n, [&](auto i) {
    const Vec<T> x = load<Vec<T>>(values + i);
    squares += x * x;
  });
  return sum_of_lanes<T>(squares)[0];
}

// Whether no value is infinite or NaN: 0 times any other is 0.
template <class T>
bool is_finite(const T* values, std::int64_t n) {
  using V = Vec<T>;
  constexpr int kSums = 4;
  V sums[kSums]{};
  std::int64_t i = 0;
  for (; i + kSums * kLanes<T> <= n; i += kSums * kLanes<T>)
#pragma GCC unroll 4
    for (int s = 0; s < kSums; ++s) sums[s] += load<V>(values + i + s * kLanes<T>) * T{0};
  T sum = sum_of_lanes<T>((sums[0] + sums[1]) + (sums[2] + sums[3]))[0];
  for (; i < n; ++i) sum += values[i] * T{0};
  return sum == T{0};
}

}  // namespace glassnet::GLASSNET_ISA
