// One thread or several? Whichever is sooner, as measured while the work goes on.
//
// Helpers pay where a step is long enough and their processors are free, which nobody can know
// before, and which may change: on a busy machine a helper that has begun a piece may be put aside
// for long. So steps are timed in windows: first alone, then some together, then the sooner way for
// many windows, with a trial of the other way now and then. A window may be slow by accident, but
// not fast: a fast one is believed at once, a slow one little by little. Results do not depend on it.
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
    if (steps_ < kLeastSteps || now - began_ < kWindow) return;
    learn(std::chrono::duration<double>(now - began_).count() / steps_);
    choose(now);
  }

 private:
  using Clock = std::chrono::steady_clock;
  static constexpr auto kWindow = std::chrono::microseconds(400);
  static constexpr int kLeastSteps = 4;
  static constexpr int kWaking = 4;  // windows in which helpers, and their processors, wake up
  static constexpr int kFewWindows = 16, kManyWindows = 128;

  void begin(Clock::time_point now) {
    began_ = now;
    steps_ = 0;
  }

  void learn(double seconds) {
    double& known = together_ ? together_seconds_ : alone_seconds_;
    if (known == 0 || seconds < known)
      known = seconds;
    else
      known += 0.3 * (std::min(seconds, 2 * known) - known);
  }

  void choose(Clock::time_point now) {
    const bool before = together_;
    if (stay_ > 0) {
      --stay_;
    } else if (together_seconds_ == 0) {
      together_ = true;
      stay_ = kWaking;
    } else {
      const bool better = together_seconds_ < alone_seconds_;
      if (trial_) {  // the longer nothing changes, the rarer the trials
        patience_ = better == settled_ ? std::min(2 * patience_, kManyWindows) : kFewWindows;
        left_ = patience_;
      }
      settled_ = better;
      trial_ = left_ == 0;
      together_ = trial_ ? !settled_ : settled_;
      stay_ = trial_ && together_ ? kWaking : 0;
      --left_;
    }
    begin(now);
    if (together_ != before) steps_ = -1;
  }

  int threads_;
  bool together_ = false, settled_ = false, trial_ = true;
  int stay_ = 0;  // windows for which this way is kept
  int patience_ = kFewWindows, left_ = 0;
  int steps_ = -1;
  Clock::time_point began_{};
  double alone_seconds_ = 0, together_seconds_ = 0;
};

}  // namespace glassnet
