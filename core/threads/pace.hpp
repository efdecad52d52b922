// One thread or several? Whichever is sooner, as measured while the work goes on.
//
// Helpers pay where a step is long enough and their processors are free, which nobody can know
// before, and which may change: on a busy machine a helper that has begun a piece may be put aside
// for long. So steps are timed in windows: first alone, then some together, then the sooner way,
// with a trial of the other way now and then: the longer nothing changes, and the more a trial
// costs, the later. A window may be slow by accident, but not fast: a fast one is believed at
// once, a slow one little by little. Results do not depend on it.
//
// Where processors are virtual, one that has slept was seen to need up to 90 ms of work until a step
// by two took less than a step alone. So at the start helpers are kept unless they cost much: put
// aside, they would sleep again.
#pragma once

#include <algorithm>
#include <chrono>

namespace glassnet {

class Pace {
 public:
  explicit Pace(int threads = 1) : threads_(threads) {}

  // The threads for the next step.
  int threads() const { return together_ ? threads_ : 1; }

  // To be called after each step.
  void step_ends() {
    if (threads_ == 1) return;
    const Clock::time_point now = Clock::now();
    if (steps_ < 0) return begin(now);  // the first step of a way pays for the change
    ++steps_;
    const Seconds window = now - began_;
    if (steps_ < kLeastSteps || window < kWindow) return;
    learn(window / steps_);
    const bool before = together_;
    choose(now);
    begin(now);
    if (together_ != before) steps_ = -1;
  }

 private:
  using Clock = std::chrono::steady_clock;
  using Seconds = std::chrono::duration<double>;
  static constexpr Seconds kWindow{400e-6}, kUnknown{0};
  static constexpr int kLeastSteps = 2;
  static constexpr Seconds kStart{100e-3};
  static constexpr double kMostLossAtStart = 1.2;
  static constexpr Seconds kWaking{2e-3};  // of a thread
  static constexpr Seconds kSoon{6e-3}, kRarely{50e-3};
  static constexpr double kMostTrials = 0.02;  // of the time, in what they cost

  void begin(Clock::time_point now) {
    if (began_ == Clock::time_point{}) start_ends_ = now + duration(kStart);
    began_ = now;
    steps_ = 0;
  }

  void learn(Seconds step) {
    Seconds& known = together_ ? together_step_ : alone_step_;
    if (known == kUnknown || step < known)
      known = step;
    else
      known += 0.3 * (std::min(step, 2 * known) - known);
  }

  void choose(Clock::time_point now) {
    const double most_loss = now < start_ends_ ? kMostLossAtStart : 1;
    const bool together_is_better = together_step_ < most_loss * alone_step_;
    if (together_step_ == kUnknown) {
      try_other(now);
    } else if (together_is_better != settled_) {
      settle(together_is_better, kSoon, now);
    } else if (trial_) {
      if (!together_ || now - trial_began_ >= kWaking)
        settle(settled_, std::min(2 * patience_, kRarely), now);
    } else if (now >= next_trial_) {
      try_other(now);
    }
  }

  void try_other(Clock::time_point now) {
    trial_ = true;
    trial_began_ = now;
    together_ = !settled_;
  }

  void settle(bool together, Seconds patience, Clock::time_point now) {
    trial_ = false;
    patience_ = patience;
    settled_ = together_ = together;
    next_trial_ = now + duration(std::max(patience, cost_of_trial() / kMostTrials));
  }

  Seconds cost_of_trial() const {
    const Seconds own = settled_ ? together_step_ : alone_step_;
    const Seconds other = settled_ ? alone_step_ : together_step_;
    const Seconds lasts = std::max(kWaking, (kLeastSteps + 1) * other);
    return lasts * std::max(0.0, 1 - own / other);
  }

  static Clock::duration duration(Seconds seconds) {
    return std::chrono::duration_cast<Clock::duration>(seconds);
  }

  int threads_;
  bool together_ = false, settled_ = false, trial_ = false;
  int steps_ = -1;  // in this window
  Clock::time_point began_{}, start_ends_{}, trial_began_{}, next_trial_{};
  Seconds alone_step_{kUnknown}, together_step_{kUnknown};
  Seconds patience_{kSoon};
};

}  // namespace glassnet
