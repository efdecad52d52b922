// Schedules that change the learning rate at every step; src/glassnet/training/schedules has the same.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>

#include "training/member.hpp"

namespace glassnet {

constexpr double kFirstDivisor = 25;  // of one_cycle's highest rate: its first
constexpr double kLastDivisor = 1e4;  // of one_cycle's first rate: its last

inline bool is_by_step(Schedule schedule) {
  return schedule == Schedule::cosine || schedule == Schedule::one_cycle;
}

// From `high` at 0 to `low` at 1, along half a cosine.
inline double along_cosine(double high, double low, double share) {
  return low + (high - low) * 0.5 * (1 + std::cos(3.14159265358979323846 * share));
}

// The rate of step 0, 1, ...; after the last one it stays.
inline double rate_at(const Solver& s, std::int64_t step) {
  const double high = s.learning_rate_init;
  const auto warmup = static_cast<double>(s.warmup_steps);
  const auto rest = static_cast<double>(std::max<std::int64_t>(s.total_steps - s.warmup_steps, 1));
  const double share = std::min((static_cast<double>(step) - warmup) / rest, 1.0);
  if (s.schedule == Schedule::cosine)
    return step < s.warmup_steps ? high * static_cast<double>(step + 1) / warmup
                                 : along_cosine(high, 0, share);
  const double first = high / kFirstDivisor;
  return step < s.warmup_steps ? along_cosine(first, high, static_cast<double>(step) / warmup)
                               : along_cosine(high, first / kLastDivisor, share);
}

}  // namespace glassnet
