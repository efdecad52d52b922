// NumPy's legacy random stream: the Mersenne twister MT19937 (Matsumoto and Nishimura, ACM
// Transactions on Modeling and Computer Simulation 8, 1998) and RandomState.shuffle on top of it.
#pragma once

#include <algorithm>
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

  // A whole number of 0 .. most: draws of as many bits, until one is not above. `mask` has these
  // bits set.
  std::uint64_t interval(std::uint64_t most, std::uint64_t mask) {
    std::uint64_t value;
    do {
      value = most <= 0xffffffffU ? next() : (std::uint64_t{next()} << 32 | next());
      value &= mask;
    } while (value > most);
    return value;
  }

  // Permutes n values as RandomState.shuffle does an array. Shuffling an order of rows in place is
  // the same as taking it in the order of a shuffled 0 .. n - 1.
  void shuffle(std::int64_t* values, std::int64_t n) {
    std::uint64_t mask = std::bit_ceil(static_cast<std::uint64_t>(std::max<std::int64_t>(n, 1))) - 1;
    for (std::int64_t i = n - 1; i > 0; --i) {
      const auto most = static_cast<std::uint64_t>(i);
      if (mask >> 1 >= most) mask >>= 1;
      std::swap(values[i], values[interval(most, mask)]);
    }
  }

 private:
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
