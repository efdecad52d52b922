#include "training/judge.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "training/numbers.hpp"
#include "training/watch.hpp"

namespace glassnet {

namespace {

int most_rows(const std::vector<std::int64_t>& rows) {
  return static_cast<int>(std::min<std::int64_t>(static_cast<std::int64_t>(rows.size()), kChunkRows));
}

}  // namespace

template <class T>
Judge<T>::Judge(const Network& network, const Layout& layout, const Data<T>& data,
                const std::vector<std::int64_t>& rows)
    : network_(network),
      data_(data),
      rows_(rows),
      passes_(network, layout, data, most_rows(rows), false),
      right_(rows.size()),
      losses_(rows.size()),
      outputs_(static_cast<std::size_t>(network.n_outputs())) {
  if (is_of_numbers(network.output)) predicted_.resize(rows.size() * outputs_.size());
}

template <class T>
std::optional<typename Judge<T>::Verdict> Judge<T>::of(const T* theta, Crew crew,
                                                      Interruption& interruption) {
  passes_.share(crew.team, crew.threads);
  finite_ = true;
  const auto n = static_cast<std::int64_t>(rows_.size());
  for (std::int64_t start = 0; start < n; start += kChunkRows) {
    if (interruption.requested()) return std::nullopt;
    const auto count = static_cast<int>(std::min<std::int64_t>(kChunkRows, n - start));
    passes_.take(rows_.data() + start, count);
    passes_.forward(theta);
    for (int i = 0; i < count; ++i) read(i, start + i);
  }
  const double loss = mean(losses_);
  if (!finite_) return Verdict{std::numeric_limits<double>::quiet_NaN(), loss};
  return Verdict{predicted_.empty() ? mean(right_) : determination_of_rows(), loss};
}

// Reads the outputs of a row of the chunk, the one at `place` among all.
template <class T>
void Judge<T>::read(int row, std::int64_t place) {
  passes_.outputs_of(row, outputs_.data());
  finite_ = finite_ && std::all_of(outputs_.begin(), outputs_.end(), [](T a) { return std::isfinite(a); });
  const auto at = static_cast<std::size_t>(place);
  losses_[at] = loss_of(rows_[at]);
  if (predicted_.empty())
    right_[at] = is_right(rows_[at]) ? 1 : 0;
  else
    std::copy(outputs_.begin(), outputs_.end(), predicted_.data() + at * outputs_.size());
}

template <class T>
bool Judge<T>::is_right(std::int64_t row) const {
  if (network_.output == Output::softmax) {
    const auto best = std::max_element(outputs_.begin(), outputs_.end());
    return best - outputs_.begin() == data_.targets.class_of(row);
  }
  for (int c = 0; c < network_.n_outputs(); ++c)
    if ((outputs_[static_cast<std::size_t>(c)] > T(0.5)) != data_.targets.is_on(row, c)) return false;
  return true;
}

// The loss as it is told; the log loss as scikit-learn's, of probabilities away from 0 and 1.
template <class T>
double Judge<T>::loss_of(std::int64_t row) const {
  constexpr T eps = std::numeric_limits<T>::epsilon();
  const auto p = [&](int c) {
    const T a = outputs_[static_cast<std::size_t>(c)];
    return std::isnan(a) ? a : std::clamp(a, eps, T{1} - eps);
  };
  if (network_.output == Output::softmax) return -std::log(p(data_.targets.class_of(row)));
  double loss = 0;
  if (is_of_numbers(network_.output)) {
    for (int c = 0; c < network_.n_outputs(); ++c)
      loss += loss_of_number(network_.output,
                             static_cast<double>(outputs_[static_cast<std::size_t>(c)]),
                             data_.targets.number(row, c));
    return loss * network_.told_share();
  }
  for (int c = 0; c < network_.n_outputs(); ++c)
    loss -= data_.targets.is_on(row, c) ? std::log(p(c)) : std::log1p(-p(c));
  return loss;
}

// The weighted mean; weights that sum to 0 count as equal.
template <class T>
double Judge<T>::mean(const std::vector<double>& values) const {
  const auto n = static_cast<std::int64_t>(values.size());
  const auto value = [&](std::int64_t i) { return values[static_cast<std::size_t>(i)]; };
  const auto weight = [&](std::int64_t i) { return data_.weights[rows_[static_cast<std::size_t>(i)]]; };
  const double total = data_.weights == nullptr ? 0 : pairwise_sum(weight, 0, n);
  if (total == 0) return pairwise_sum(value, 0, n) / static_cast<double>(n);
  return pairwise_sum([&](std::int64_t i) { return value(i) * weight(i); }, 0, n) / total;
}

template <class T>
double Judge<T>::determination_of_rows() const {
  const auto row = [&](std::int64_t i) { return rows_[static_cast<std::size_t>(i)]; };
  const bool weighted = data_.weights != nullptr &&
                        std::any_of(rows_.begin(), rows_.end(),
                                    [&](std::int64_t r) { return data_.weights[r] != 0; });
  const int k = network_.n_outputs();
  return determination(
      static_cast<std::int64_t>(rows_.size()), k,
      [&](std::int64_t i, int c) { return predicted_[static_cast<std::size_t>(i * k + c)]; },
      [&](std::int64_t i, int c) { return data_.targets.number(row(i), c); },
      [&](std::int64_t i) { return weighted ? data_.weights[row(i)] : 1.0; });
}

template class Judge<float>;
template class Judge<double>;

}  // namespace glassnet
