// Which hidden units a step leaves out: a hash of the seed, the step, the layer, the row's place in
// its batch and the unit, so that threads need not agree on an order. training/dropout.py has the
// same.
#pragma once

#include <cstdint>

namespace glassnet {

struct Dropout {
  double share = 0;  // of the units that are left out, below 1; 0 for none
  std::uint64_t seed = 0;

  std::uint32_t below() const { return static_cast<std::uint32_t>(share * 4294967296.0); }
  double scale() const { return 1 / (1 - share); }
};

// The next number of SplitMix64 (Steele, Lea and Flood, "Fast splittable pseudorandom number
// generators", OOPSLA 2014), `count` steps after `key`.
inline std::uint64_t key_after(std::uint64_t key, std::uint64_t count) {
  std::uint64_t z = key + (count + 1) * 0x9e3779b97f4a7c15ULL;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
  return z ^ (z >> 31);
}

}  // namespace glassnet
