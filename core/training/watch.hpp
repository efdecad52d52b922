// When a net has learned enough: counts the epochs that bring no improvement.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>

namespace glassnet {

class Watch {
 public:
  Watch(double tol, double patience, double best_loss, double best_score, std::int64_t count)
      : tol_(tol), patience_(patience), best_loss_(best_loss), best_score_(best_score),
        count_(count) {}

  void hears_loss(double loss) {
    count_ = loss > best_loss_ - tol_ ? count_ + 1 : 0;
    if (loss < best_loss_) best_loss_ = loss;
  }

  // Returns whether the score is the best so far.
  bool hears_score(double score) {
    count_ = score < best_score_ + tol_ ? count_ + 1 : 0;
    const bool best = score > best_score_;
    if (best) best_score_ = score;
    return best;
  }

  bool is_plateau() const { return static_cast<double>(count_) > patience_; }
  void starts_anew() { count_ = 0; }

  double best_loss() const { return best_loss_; }
  double best_score() const { return best_score_; }
  std::int64_t count() const { return count_; }

 private:
  double tol_, patience_, best_loss_, best_score_;
  std::int64_t count_;
};

// Sum in NumPy's order (pairwise, eight sums at a time; Higham, "The accuracy of floating point
// summation", 1993), so that weighted scores that are equal there are equal here.
template <class F>
double pairwise_sum(F value, std::int64_t first, std::int64_t n) {
  constexpr std::int64_t kBlock = 128;
  if (n < 8) {
    double sum = -0.0;
    for (std::int64_t i = 0; i < n; ++i) sum += value(first + i);
    return sum;
  }
  if (n <= kBlock) {
    double part[8];
    for (int r = 0; r < 8; ++r) part[r] = value(first + r);
    std::int64_t i = 8;
    for (; i < n - n % 8; i += 8)
      for (int r = 0; r < 8; ++r) part[r] += value(first + i + r);
    double sum = ((part[0] + part[1]) + (part[2] + part[3])) +
                 ((part[4] + part[5]) + (part[6] + part[7]));
    for (; i < n; ++i) sum += value(first + i);
    return sum;
  }
  std::int64_t half = n / 2;
  half -= half % 8;
  return pairwise_sum(value, first, half) + pairwise_sum(value, first + half, n - half);
}

}  // namespace glassnet
