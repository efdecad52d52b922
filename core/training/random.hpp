// NumPy's legacy random stream: the Mersenne twister MT19937 (Matsumoto and Nishimura, ACM
// Transactions on Modeling and Computer Simulation 8, 1998) and RandomState.shuffle on top of it.
#pragma once

#include <bit>
#include <cstdint>
#include <utility>

namespace glassnet {

struct RandomState {
  static constexpr int kWords = 624;
  std::uint32_t key[kWords];
  int pos;

  std::uint32_t next() {
    if (pos >= kWords) refill();
    std::uint32_t y = key[pos++];
    y ^= y >> 11;
    y ^= (y << 7) & 0x9d2c5680U;
    y ^= (y << 15) & 0xefc60000U;
    return y ^ (y >> 18);
  }

  // Permutes n values as RandomState.shuffle does an array. Shuffling an order of rows in place is
  // the same as taking it in the order of a shuffled 0 .. n - 1.
  void shuffle(std::int64_t* values, std::int64_t n) {
    std::int64_t i = n - 1;
    for (; i > 0xffffffff; --i) std::swap(values[i], values[long_interval(i)]);
    // Draws of as many bits as i has, until one is not above it: one that is changes nothing here. A
    // branch would be foreseen wrong at every third.
    std::uint32_t bits = ~0U;
    while (i > 0) {
      const auto most = static_cast<std::uint32_t>(i);
      while (most <= bits >> 1) bits >>= 1;
      const std::uint32_t drawn = next() & bits;
      const std::int64_t with = drawn <= most ? drawn : most;
      std::swap(values[i], values[with]);
      i -= drawn <= most ? 1 : 0;
    }
  }

 private:
  // A whole number of 0 .. most, for more than 32 bits.
  std::int64_t long_interval(std::int64_t most) {
    const std::uint64_t mask = ~std::uint64_t{0} >> std::countl_zero(static_cast<std::uint64_t>(most));
    while (true) {
      const std::uint64_t high = next();
      const auto value = static_cast<std::int64_t>((high << 32 | next()) & mask);
      if (value <= most) return value;
    }
  }

  static std::uint32_t twist(std::uint32_t high, std::uint32_t low) {
    const std::uint32_t y = (high & 0x80000000U) | (low & 0x7fffffffU);
    return (y >> 1) ^ ((y & 1) != 0 ? 0x9908b0dfU : 0);
  }

  void refill() {
    constexpr int m = 397;
    int i = 0;
    for (; i < kWords - m; ++i) key[i] = key[i + m] ^ twist(key[i], key[i + 1]);
    for (; i < kWords - 1; ++i) key[i] = key[i + m - kWords] ^ twist(key[i], key[i + 1]);
    key[i] = key[m - 1] ^ twist(key[i], key[0]);
    pos = 0;
  }
};

}  // namespace glassnet
