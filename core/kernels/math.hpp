// exp, tanh, log and what is made of them, of a vector.
//
// Each reduces its argument to a short interval and evaluates a polynomial there (near-minimax,
// fitted at Chebyshev points with 60 digits). The errors stated are bounds of what was found against
// long double over 10^7 arguments spread over each one's range, with and without fused multiply-add,
// for float and double. NaN stays NaN.
#pragma once

#include <limits>

#include "kernels/vector.hpp"

namespace glassnet::GLASSNET_ISA {

template <class T>
struct Format;

template <>
struct Format<float> {
  static constexpr int mantissa_bits = 23;
  static constexpr int bias = 127;
  static constexpr float round = 12582912.0f;  // 1.5 * 2^23: adding it rounds to an integer
  static constexpr float ln2_high = 0.69287109375f, ln2_low = 0.00027608680994530942f;
  static constexpr float exp_least = -86.6f, exp_most = 88.722839f;
  static constexpr float logistic_most = 87.0f;  // exp of it and of its negative are normal
  static constexpr float tanh_one = 9.1f;  // beyond it tanh rounds to 1
  static constexpr std::int32_t sqrt_half = 0x3f3504f3;
  static constexpr float exp_q[] = {0.0013926213466332443f, 0.0083632029715758550f,
                                    0.041666554437685939f, 0.16666576845993976f, 0.5f};
  static constexpr float log_p[] = {0.29580985929974423f, 0.39988757716604847f,
                                    0.66666685095429069f};
};

template <>
struct Format<double> {
  static constexpr int mantissa_bits = 52;
  static constexpr int bias = 1023;
  static constexpr double round = 6755399441055744.0;  // 1.5 * 2^52
  static constexpr double ln2_high = 0.6931471803691238, ln2_low = 1.908214929270587816e-10;
  static constexpr double exp_least = -708.0, exp_most = 709.78271289338399;
  static constexpr double logistic_most = 708.0;
  static constexpr double tanh_one = 19.1;
  static constexpr std::int64_t sqrt_half = 0x3fe6a09e667f3bcd;
  static constexpr double exp_q[] = {2.5100424157005066788e-8, 2.7620138719733995569e-7,
                                     2.7557268378684192873e-6, 2.4801521190217727651e-5,
                                     1.9841269863105968748e-4, 1.3888888917281793308e-3,
                                     8.3333333333300513464e-3, 4.1666666666623991516e-2,
                                     0.16666666666666667456,   0.50000000000000010262};
  static constexpr double log_p[] = {0.1461780715341732542,  0.15331611722055007842,
                                     0.18182892432536871202, 0.22222211089379496214,
                                     0.28571428626253837606, 0.39999999999898890514,
                                     0.66666666666666697077};
};

template <class T, class V, int n>
inline V horner(V x, const T (&coefs)[n]) {
  V value = broadcast<V>(coefs[0]);
#pragma GCC unroll 16
  for (int i = 1; i < n; ++i) value = value * x + coefs[i];
  return value;
}

// The larger or the smaller of two, b where one is NaN: one instruction of x86, which GCC does not
// find for vectors that are compared into masks.
#if defined(__AVX512F__) && defined(__GNUC__) && !defined(__clang__)
inline Vec<float> larger(Vec<float> a, Vec<float> b) {
  return __builtin_ia32_maxps512_mask(a, b, Vec<float>{}, static_cast<short>(-1), 4);
}
inline Vec<double> larger(Vec<double> a, Vec<double> b) {
  return __builtin_ia32_maxpd512_mask(a, b, Vec<double>{}, static_cast<char>(-1), 4);
}
inline Vec<float> smaller(Vec<float> a, Vec<float> b) {
  return __builtin_ia32_minps512_mask(a, b, Vec<float>{}, static_cast<short>(-1), 4);
}
inline Vec<double> smaller(Vec<double> a, Vec<double> b) {
  return __builtin_ia32_minpd512_mask(a, b, Vec<double>{}, static_cast<char>(-1), 4);
}
#else
template <class V>
inline V larger(V a, V b) {
  return select(a > b, a, b);
}
template <class V>
inline V smaller(V a, V b) {
  return select(a < b, a, b);
}
#endif

// x, or the limit where x is beyond it; NaN stays NaN.
template <class V, class T>
inline V at_least(V x, T least) {
  return larger(broadcast<V>(least), x);
}
template <class V, class T>
inline V at_most(V x, T most) {
  return smaller(broadcast<V>(most), x);
}

// x = exponent ln 2 + r with |r| <= ln 2 / 2, and expm1(r).
template <class T, class V>
struct Reduced {
  IntVec<T, sizeof(V)> exponent;
  V expm1;
};

template <class T, class V>
inline Reduced<T, V> reduce(V x) {
  using F = Format<T>;
  using I = IntVec<T, sizeof(V)>;
  const V shifted = x * static_cast<T>(1.442695040888963407) + F::round;
  const V n = shifted - F::round;
  const V r = (x - n * F::ln2_high) - n * F::ln2_low;
  const I exponent = bitcast<I>(shifted) - bitcast<I>(broadcast<V>(F::round));
  return {exponent, r + r * r * horner<T>(r, F::exp_q)};
}

template <class T, class V>
inline V power_of_two(IntVec<T, sizeof(V)> exponent) {
  using F = Format<T>;
  return bitcast<V>((exponent + F::bias) << F::mantissa_bits);
}

// exp(x): within 1.1 ULP. Results that would be below 2.5e-38
// (float) or 3.3e-308 (double), that is subnormal or nearly, are 0; beyond the largest, infinity.
template <class T, class V>
inline V exp(V x) {
  using F = Format<T>;
  const Reduced<T, V> part = reduce<T>(at_most(at_least(x, F::exp_least), F::exp_most));
  // Half the power first: 2^exponent itself may be just out of range.
  const V half = power_of_two<T, V>(part.exponent - 1);
  V value = (part.expm1 + T{1}) * T{2} * half;
  value = select(x < F::exp_least, V{}, value);
  return select(x > F::exp_most, broadcast<V>(std::numeric_limits<T>::infinity()), value);
}

// exp(x) for x <= 0 (or NaN), as exp has it.
template <class T, class V>
inline V exp_of_negative(V x) {
  using F = Format<T>;
  const Reduced<T, V> part = reduce<T>(at_least(x, F::exp_least));
  return select(x < F::exp_least, V{}, (part.expm1 + T{1}) * power_of_two<T, V>(part.exponent));
}

// 1 / (1 + exp(-x)): within 2.5 ULP for x >= -87 (float) or -708 (double). Below, what it is there:
// nearly the smallest normal number.
template <class T, class V>
inline V logistic(V x) {
  using F = Format<T>;
  const Reduced<T, V> part =
      reduce<T>(-at_least(at_most(x, F::logistic_most), -F::logistic_most));
  return T{1} / (T{1} + (part.expm1 + T{1}) * power_of_two<T, V>(part.exponent));
}

// tanh(x) = e / (e + 2) with e = expm1(2 |x|), and the sign of x: within 3 ULP.
template <class T, class V>
inline V tanh(V x) {
  using F = Format<T>;
  const V size = select(x < T{0}, -x, x);
  const Reduced<T, V> part = reduce<T>(at_most(size, F::tanh_one) * T{2});
  const V scale = power_of_two<T, V>(part.exponent);
  const V e = scale * part.expm1 + (scale - T{1});
  const V value = e / (e + T{2});
  return select(x < T{0}, -value, value);
}

// expm1(x) for x <= 0 (or NaN): within 2 ULP.
template <class T, class V>
inline V expm1_of_negative(V x) {
  using F = Format<T>;
  const Reduced<T, V> part = reduce<T>(at_least(x, F::exp_least));
  const V scale = power_of_two<T, V>(part.exponent);
  return scale * part.expm1 + (scale - T{1});
}

// log(x) for normal positive x (or NaN): within 1 ULP.
template <class T, class V>
inline V log(V x) {
  using F = Format<T>;
  using I = IntVec<T, sizeof(V)>;
  const I bits = bitcast<I>(x);
  const I exponent = (bits - F::sqrt_half) >> F::mantissa_bits;
  const V f = bitcast<V>(bits - (exponent << F::mantissa_bits)) - T{1};
  const V s = f / (f + T{2});
  const V z = s * s;
  const V n = convert_integers<V>(exponent);
  // log(1 + f) = 2 s + s z p(z) = f - s (f - z p(z))
  const V correction = s * (f - z * horner<T>(z, F::log_p));
  const V value = n * F::ln2_high + (f - (correction - n * F::ln2_low));
  return select(x == x, value, x);
}

// log(1 + exp(x)): within 3 ULP. The logarithm of the rounded sum is corrected by what was lost
// (Kahan's).
template <class T, class V>
inline V softplus(V x) {
  const V e = exp_of_negative<T>(select(x < T{0}, x, -x));
  const V sum = e + T{1};
  const V rounded = sum - T{1};
  const auto is_tiny = rounded == V{};
  const V log1p = select(is_tiny, e, log<T>(sum) * (e / select(is_tiny, sum, rounded)));
  return select(x < T{0}, log1p, x + log1p);
}

}  // namespace glassnet::GLASSNET_ISA
