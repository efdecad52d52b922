// The loss of all rows at once, and its gradient: what lbfgs asks for.
#pragma once

#include <vector>

#include "threads/pace.hpp"
#include "training/member.hpp"
#include "training/propagation.hpp"
#include "training/stochastic.hpp"

namespace glassnet {

// J = sum_i s_i loss_i / S + alpha / (2 S) |coefs|^2 with S = sum_i s_i, in buffers made once.
template <class T>
class Objective {
 public:
  Objective(const Network& network, const Data<T>& data, std::vector<std::int64_t> rows,
            double alpha);

  // Returns J at theta (p,) and leaves its gradient (p,) in `gradient`, both in the order outside.
  // Writes down each row's loss, where there is a page. Where the user interrupts, returns NaN and
  // sets `interrupted`.
  double evaluate(const T* theta, T* gradient, const Page& page, Crew crew,
                  Interruption& interruption, bool& interrupted);

 private:
  const Network network_;
  const Data<T> data_;
  const std::vector<std::int64_t> rows_;
  const double alpha_;
  double weight_sum_;
  const Layout layout_;
  Propagation<T> passes_;
  Pace pace_;
  int pace_threads_ = 1;
  Buffer<T> theta_, gradient_;
};

}  // namespace glassnet
