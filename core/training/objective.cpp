#include "training/objective.hpp"

#include <algorithm>
#include <limits>

#include "kernels/dispatch.hpp"
#include "training/watch.hpp"

namespace glassnet {

template <class T>
Objective<T>::Objective(const Network& network, const Data<T>& data,
                        std::vector<std::int64_t> rows, double alpha)
    : network_(network),
      data_(data),
      rows_(std::move(rows)),
      alpha_(alpha),
      layout_(network_, kernels<T>()),
      passes_(network_, layout_, data_,
              static_cast<int>(std::min<std::size_t>(rows_.size(), kChunkRows)), true),
      theta_(layout_.size()),
      gradient_(layout_.size()) {
  const auto weight = [&](std::int64_t i) {
    return data_.weights == nullptr ? 1.0 : data_.weights[rows_[static_cast<std::size_t>(i)]];
  };
  weight_sum_ = pairwise_sum(weight, 0, static_cast<std::int64_t>(rows_.size()));
}

template <class T>
double Objective<T>::evaluate(const T* theta, T* gradient, const Page& page, Crew crew,
                              Interruption& interruption, bool& interrupted) {
  const auto n = static_cast<std::int64_t>(rows_.size());
  const auto chunk = static_cast<double>(std::min<std::int64_t>(n, kChunkRows));
  const int threads = worthwhile_threads(network_, chunk, data_.rows.work_share(), crew.threads);
  if (threads != pace_threads_) pace_ = Pace(pace_threads_ = threads);
  layout_.pack(theta, theta_.get());
  passes_.transpose_coefs(theta_.get());
  Update<T> update{};
  update.rule = Rule::none;
  update.alpha = static_cast<T>(alpha_);
  update.scale = static_cast<T>(1 / weight_sum_);
  const Parameters<T> parameters{theta_.get(), gradient_.get(), nullptr, nullptr};
  if (page.losses != nullptr) page.begin(data_.rows.n());
  double losses = 0, squares = 0;
  for (std::int64_t start = 0; start < n; start += kChunkRows) {
    interrupted = interruption.requested();
    if (interrupted) return std::numeric_limits<double>::quiet_NaN();
    const std::int64_t count = std::min<std::int64_t>(kChunkRows, n - start);
    passes_.share(crew.team, pace_.threads());
    passes_.take(rows_.data() + start, static_cast<int>(count));
    passes_.forward(theta_.get());
    losses += passes_.loss();
    if (page.losses != nullptr) passes_.write(page, 1.0);
    squares += passes_.backward(parameters, update, start == 0, start + count == n);
    pace_.step_ends();
  }
  layout_.unpack(gradient_.get(), gradient);
  return (losses + 0.5 * alpha_ * squares) / weight_sum_;
}

template class Objective<float>;
template class Objective<double>;

}  // namespace glassnet
