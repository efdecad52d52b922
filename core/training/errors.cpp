// What the passes start back from: the errors of each kind of output, and the losses.
#include <algorithm>

#include "training/numbers.hpp"
#include "training/propagation.hpp"

namespace glassnet {

// D[L] = s (A[L] - y), and the true class's probability for the loss.
template <class T>
void Propagation<T>::softmax_errors(int first, int last) {
  Matrix& outputs = activations_.back();
  for (int i = first; i < last; ++i) {
    const std::int64_t row = chunk_[i];
    const std::int32_t truth = data_.targets.class_of(row);
    for (const Strip& strip : outputs.strips) {
      T* const delta = at(outputs, strip, i);
      if (truth >= strip.column && truth < strip.column + strip.columns) {
        probabilities_[i] = delta[truth - strip.column];
        delta[truth - strip.column] -= T{1};
      }
      if (data_.weights == nullptr) continue;
      const T weight = static_cast<T>(data_.weights[row]);
      for (int c = 0; c < strip.columns; ++c) delta[c] *= weight;
    }
  }
}

// The same for sigmoids.
template <class T>
void Propagation<T>::logistic_errors(int first, int last) {
  Matrix& outputs = activations_.back();
  const int k = network_.n_outputs();
  for (int i = first; i < last; ++i) {
    const std::int64_t row = chunk_[i];
    const T weight = data_.weights == nullptr ? T{1} : static_cast<T>(data_.weights[row]);
    for (const Strip& strip : outputs.strips) {
      T* const delta = at(outputs, strip, i);
      const std::int64_t place = std::int64_t{i} * k + strip.column;
      for (int c = 0; c < strip.columns; ++c) {
        const T truth = data_.targets.is_on(row, strip.column + c) ? T{1} : T{0};
        probabilities_[place + c] = delta[c];
        truths_[place + c] = truth;
        delta[c] = (delta[c] - truth) * weight;
      }
      // Columns that only fill the strip must add nothing to the coefs of the fillers.
      for (int c = strip.columns; c < strip.pitch; ++c) delta[c] = T{0};
    }
  }
}

// The errors of numbers, and the losses of their rows.
template <class T>
void Propagation<T>::number_errors(int first, int last) {
  Matrix& outputs = activations_.back();
  for (int i = first; i < last; ++i) {
    const std::int64_t row = chunk_[i];
    const T weight = data_.weights == nullptr ? T{1} : static_cast<T>(data_.weights[row]);
    double loss = 0;
    for (const Strip& strip : outputs.strips) {
      T* const delta = at(outputs, strip, i);
      for (int c = 0; c < strip.columns; ++c) {
        const T truth = static_cast<T>(data_.targets.number(row, strip.column + c));
        loss += loss_of_number(network_.output, static_cast<double>(delta[c]),
                               static_cast<double>(truth));
        delta[c] = (delta[c] - truth) * weight;
      }
      for (int c = strip.columns; c < strip.pitch; ++c) delta[c] = T{0};  // exp(0) of the fillers
    }
    losses_[static_cast<std::size_t>(i)] = loss;
  }
}

// The errors of softmax or logistic outputs whose targets are smoothed: (1 - s) y + s / k, where k
// is 2 for each logistic output.
template <class T>
void Propagation<T>::smoothed_errors(int first, int last) {
  Matrix& outputs = activations_.back();
  const bool softmax = network_.output == Output::softmax;
  const int k = network_.n_outputs();
  const T off = static_cast<T>(data_.smoothing / (softmax ? k : 2));
  const T on = static_cast<T>(1 - data_.smoothing) + off;
  for (int i = first; i < last; ++i) {
    const std::int64_t row = chunk_[i];
    const T weight = data_.weights == nullptr ? T{1} : static_cast<T>(data_.weights[row]);
    for (const Strip& strip : outputs.strips) {
      T* const delta = at(outputs, strip, i);
      const std::int64_t place = std::int64_t{i} * k + strip.column;
      for (int c = 0; c < strip.columns; ++c) {
        const int output = strip.column + c;
        const bool is_on = softmax ? data_.targets.class_of(row) == output
                                   : data_.targets.is_on(row, output);
        probabilities_[place + c] = delta[c];
        truths_[place + c] = is_on ? on : off;
        delta[c] = (delta[c] - truths_[place + c]) * weight;
      }
      for (int c = strip.columns; c < strip.pitch; ++c) delta[c] = T{0};
    }
  }
}

// The errors of a linear output; see Bend. The loops over a row's columns have no branches: they
// took a third of a Hessian product's time when they had.
template <class T>
void Propagation<T>::linear_errors(int first, int last) {
  Matrix& outputs = activations_.back();
  const int k = network_.n_outputs();
  for (int i = first; i < last; ++i) {
    const std::int64_t row = chunk_[i];
    const T* const values = data_.values + row * k;
    if (data_.bend == Bend::given) {
      for (const Strip& strip : outputs.strips)
        std::copy_n(values + strip.column, strip.columns, at(outputs, strip, i));
      continue;
    }
    const T weight = data_.weights == nullptr ? T{1} : static_cast<T>(data_.weights[row]);
    T mean = 0;
    if (data_.bend == Bend::softmax) {
      for (const Strip& strip : outputs.strips) {
        const T* const scores = at(outputs, strip, i);
        for (int c = 0; c < strip.columns; ++c) mean += values[strip.column + c] * scores[c];
      }
    }
    for (const Strip& strip : outputs.strips) {
      T* const __restrict delta = at(outputs, strip, i);
      const T* const __restrict own = values + strip.column;
      const int columns = strip.columns;
      for (int c = 0; c < columns; ++c) delta[c] = weight * own[c] * (delta[c] - mean);
    }
  }
}

// The losses - sum_c t_c log p_c, and of logistic outputs - sum_c (1 - t_c) log (1 - p_c) with them.
template <class T>
double Propagation<T>::smoothed_loss() {
  const bool softmax = network_.output == Output::softmax;
  const int k = network_.n_outputs();
  const std::int64_t count = std::int64_t{n_} * k;
  const std::int64_t rounded = (count + kernels_.lanes - 1) / kernels_.lanes * kernels_.lanes;
  T *const p = probabilities_.get(), *const q = complements_.get(), *const t = truths_.get();
  std::fill(p + count, p + rounded, T{1});
  std::transform(p, p + rounded, q, [](T x) { return T{1} - x; });
  kernels_.log_probabilities(p, nullptr, rounded);
  if (!softmax) kernels_.log_probabilities(q, nullptr, rounded);
  double total = 0;
  for (int i = 0; i < n_; ++i) {
    double loss = 0;
    for (std::int64_t c = std::int64_t{i} * k; c < (std::int64_t{i} + 1) * k; ++c)
      loss -= softmax ? t[c] * p[c] : t[c] * p[c] + (T{1} - t[c]) * q[c];
    total += data_.weights == nullptr ? loss : loss * data_.weights[chunk_[i]];
  }
  return total;
}

template <class T>
double Propagation<T>::loss() {
  if (is_of_numbers(network_.output)) {
    double total = 0;
    for (int i = 0; i < n_; ++i) {
      const double loss = losses_[static_cast<std::size_t>(i)];
      total += data_.weights == nullptr ? loss : loss * data_.weights[chunk_[i]];
    }
    return total;
  }
  if (data_.smoothing > 0) return smoothed_loss();
  const bool softmax = network_.output == Output::softmax;
  const int k = softmax ? 1 : network_.n_outputs();
  T* const p = probabilities_.get();
  const std::int64_t count = std::int64_t{n_} * k;
  const std::int64_t rounded = (count + kernels_.lanes - 1) / kernels_.lanes * kernels_.lanes;
  std::fill(p + count, p + rounded, T{1});
  kernels_.log_probabilities(p, softmax ? nullptr : truths_.get(), rounded);
  double total = 0;
  for (int i = 0; i < n_; ++i) {
    double loss = 0;
    for (int c = 0; c < k; ++c) loss -= p[std::int64_t{i} * k + c];
    total += data_.weights == nullptr ? loss : loss * data_.weights[chunk_[i]];
  }
  return total;
}

template void Propagation<float>::softmax_errors(int, int);
template void Propagation<float>::logistic_errors(int, int);
template void Propagation<float>::linear_errors(int, int);
template void Propagation<float>::number_errors(int, int);
template void Propagation<float>::smoothed_errors(int, int);
template double Propagation<float>::loss();
template void Propagation<double>::softmax_errors(int, int);
template void Propagation<double>::logistic_errors(int, int);
template void Propagation<double>::linear_errors(int, int);
template void Propagation<double>::number_errors(int, int);
template void Propagation<double>::smoothed_errors(int, int);
template double Propagation<double>::loss();

}  // namespace glassnet
