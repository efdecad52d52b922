// What the passes start back from: the errors of each kind of output, and the losses.
#include <algorithm>
#include <cmath>

#include "training/numbers.hpp"
#include "training/propagation.hpp"

#include "kernels/dispatch.hpp"

namespace glassnet {
namespace {

constexpr int kLookElements = 512;
constexpr int kLookRoom = kLookElements + 64;  // whole vectors, of whatever machine

// e = exp(e) and the logarithms of 1 + e, of n elements in arrays of kLookRoom.
void exp_and_log1p(double* e, double* logs, int n) {
  std::fill(e + n, e + (n + 7) / 8 * 8, 0.0);
  kernels<double>().exp_and_log1p(e, logs, (n + 7) / 8 * 8);
}

// Probabilities p of scores z, and sum_i s_i (max(z_i, 0) + log(1 + exp(-|z_i|)) - y_i z_i): both
// from the same exponential, which is at most 1, so that nothing overflows.
double sigmoid_look(const double* z, const double* y, const double* weights, double* p, int n) {
  alignas(64) double e[kLookRoom], logs[kLookRoom];
  for (int i = 0; i < n; ++i) e[i] = -std::abs(z[i]);
  exp_and_log1p(e, logs, n);
  double losses = 0;
  for (int i = 0; i < n; ++i) {
    p[i] = (z[i] >= 0 ? 1.0 : e[i]) / (1 + e[i]);
    losses += weights[i] * (logs[i] + std::max(z[i], 0.0) - y[i] * z[i]);
  }
  return losses;
}

// The same of a softmax: each row's largest score is taken off first, and what the others add to its
// 1 stays apart, so that the smallest losses are exact as well.
double softmax_look(const double* z, const double* y, const double* weights, double* p, int n,
                    int q) {
  alignas(64) double e[kLookRoom], logs[kLookRoom];
  double losses = 0;
  for (int i = 0; i < n; ++i, z += q, y += q, p += q) {
    const int largest = static_cast<int>(std::max_element(z, z + q) - z);
    double others = 0, taken = 0;
    for (int first = 0; first < q; first += kLookElements) {
      const int count = std::min(kLookElements, q - first);
      for (int c = 0; c < count; ++c) e[c] = z[first + c] - z[largest];
      for (int c = 0; c < count; ++c) taken += y[first + c] * e[c];
      exp_and_log1p(e, logs, count);
      for (int c = 0; c < count; ++c) p[first + c] = e[c];
    }
    p[largest] = 0;
    for (int c = 0; c < q; ++c) others += p[c];
    p[largest] = 1;
    for (int c = 0; c < q; ++c) p[c] /= 1 + others;
    losses += weights[i] * (std::log1p(others) - taken);
  }
  return losses;
}

}  // namespace

// D[L] = s (A[L] - y), and the true class's probability for the loss.
template <class T>
void Propagation<T>::softmax_errors(int first, int last) {
  Matrix& outputs = activations_.back();
  const std::int64_t* const chunk = chunk_;
  const double* const weights = data_.weights;
  T* const probabilities = probabilities_.get();
  for (const Strip& strip : outputs.strips) {
    const int columns = strip.columns, pitch = strip.pitch;
    T* delta = at(outputs, strip, first);
    for (int i = first; i < last; ++i, delta += pitch) {
      const int truth = data_.targets.class_of(chunk[i]) - strip.column;
      if (truth >= 0 && truth < columns) {
        probabilities[i] = delta[truth];
        delta[truth] -= T{1};
      }
      if (weights == nullptr) continue;
      const T weight = static_cast<T>(weights[chunk[i]]);
      for (int c = 0; c < columns; ++c) delta[c] *= weight;
    }
  }
}

// The same for sigmoids.
template <class T>
void Propagation<T>::logistic_errors(int first, int last) {
  Matrix& outputs = activations_.back();
  const int k = network_.n_outputs();
  if (k == 1) return single_errors(first, last);
  for (int i = first; i < last; ++i) {
    const std::int64_t row = chunk_[i];
    const T weight = data_.weights == nullptr ? T{1} : static_cast<T>(data_.weights[row]);
    for (const Strip& strip : outputs.strips) {
      T* const delta = at(outputs, strip, i);
      const std::int64_t place = std::int64_t{i} * k + strip.column;
      for (int c = 0; c < strip.columns; ++c) {
        const T truth = data_.targets.template truth<T>(row, strip.column + c);
        probabilities_[place + c] = delta[c];
        truths_[place + c] = truth;
        delta[c] = (delta[c] - truth) * weight;
      }
      // Columns that only fill the strip must add nothing to the coefs of the fillers.
      for (int c = strip.columns; c < strip.pitch; ++c) delta[c] = T{0};
    }
  }
}

// The same of one output, as two classes have: loops over columns would take longer than the rest.
template <class T>
void Propagation<T>::single_errors(int first, int last) {
  constexpr int kPitch = 16 / sizeof(T);  // the narrowest, of every instruction set
  Matrix& outputs = activations_.back();
  const Targets targets = data_.targets;
  const double* const weights = data_.weights;
  const std::int64_t* const chunk = chunk_;
  T *const probabilities = probabilities_.get(), *const truths = truths_.get();
  T* delta = at(outputs, outputs.strips[0], first);
  for (int i = first; i < last; ++i, delta += kPitch) {
    const T p = delta[0], truth = targets.truth<T>(chunk[i], 0);
    probabilities[i] = p;
    truths[i] = truth;
    delta[0] = (p - truth) * (weights == nullptr ? T{1} : static_cast<T>(weights[chunk[i]]));
    for (int c = 1; c < kPitch; ++c) delta[c] = T{0};
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
  if (data_.bend == Bend::look) return look(first, last);
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

// A few rows at a time, so that what is computed of them stays in the cache.
template <class T>
void Propagation<T>::look(int first, int last) {
  Looks& looks = *data_.looks;
  const int step = std::max(1, kLookElements / looks.q);
  for (; first < last; first += step) {
    const int count = std::min(step, last - first);
    for (std::size_t part = 0; part < looks.parts.size(); ++part)
      look_at(looks.parts[part], static_cast<int>(part) * looks.q, first, count,
              looks.losses[part]);
  }
}

// Rows of a chunk follow each other in X.
template <class T>
void Propagation<T>::look_at(Look part, int column, int first, int count, double& losses) {
  const int q = data_.looks->q, n = count * q;
  const std::int64_t start = chunk_[first], offset = start * q;
  const double *const y = part.y + offset, *const weights = part.weights + start;
  double *const z = part.scores + offset, *const p = part.probabilities + offset;
  Matrix& outputs = activations_.back();
  for (const Strip& strip : outputs.strips) {
    const int from = std::max(strip.column, column);
    const int to = std::min(strip.column + strip.columns, column + q);
    for (int i = 0; i < count; ++i)
      for (int c = from; c < to; ++c)
        z[i * q + c - column] = at(outputs, strip, first + i)[c - strip.column];
  }
  if (part.before != nullptr)
    for (int i = 0; i < n; ++i) z[i] += part.before[offset + i];
  if (data_.looks->softmax) {
    losses += softmax_look(z, y, weights, p, count, q);
  } else {
    losses += sigmoid_look(z, y, weights, p, count);
  }
  for (const Strip& strip : outputs.strips) {
    const int from = std::max(strip.column, column);
    const int to = std::min(strip.column + strip.columns, column + q);
    for (int i = 0; i < count; ++i)
      for (int c = from; c < to; ++c) {
        const int place = i * q + c - column;
        at(outputs, strip, first + i)[c - strip.column] =
            static_cast<T>((p[place] - y[place]) * weights[i]);
      }
  }
}

// Whether the rows' classes are right; as NumPy's argmax, the first of equal outputs counts.
template <class T>
void Propagation<T>::mark_rights(int first, int last) {
  Matrix& outputs = activations_.back();
  for (int i = first; i < last; ++i) {
    const std::int64_t row = chunk_[i];
    bool right = true;
    if (network_.output == Output::softmax) {
      right = is_right_class(i, data_.targets.class_of(row));
    } else {
      for (const Strip& strip : outputs.strips) {
        const T* const a = at(outputs, strip, i);
        for (int c = 0; c < strip.columns; ++c)
          right &= (a[c] > T(0.5)) == data_.targets.is_on(row, strip.column + c);
      }
    }
    rights_[static_cast<std::size_t>(i)] = right ? 1 : 0;
  }
}

template <class T>
bool Propagation<T>::is_right_class(int row, int truth) {
  Matrix& outputs = activations_.back();
  const bool one = outputs.strips.count() == 1;
  const T own = one ? at(outputs, outputs.strips[0], row)[truth] : output(row, truth);
  int rivals = 0, above = 0, before = 0;  // the class is among its rivals
  for (const Strip& strip : outputs.strips) {
    const T* const a = at(outputs, strip, row);
    for (int c = 0; c < strip.columns; ++c) rivals += !(a[c] < own);
  }
  if (rivals == 1) return true;
  for (const Strip& strip : outputs.strips) {
    const T* const a = at(outputs, strip, row);
    for (int c = 0; c < strip.columns; ++c) {
      above += !(a[c] <= own);
      before += a[c] == own && strip.column + c < truth;
    }
  }
  return above == 0 && before == 0;
}

// The losses - sum_c t_c log p_c, and of logistic outputs - sum_c (1 - t_c) log (1 - p_c) with them.
template <class T>
void Propagation<T>::smoothed_losses() {
  const bool softmax = network_.output == Output::softmax;
  const int k = network_.n_outputs();
  const std::int64_t count = std::int64_t{n_} * k;
  const std::int64_t rounded = (count + kernels_.lanes - 1) / kernels_.lanes * kernels_.lanes;
  T *const p = probabilities_.get(), *const q = complements_.get(), *const t = truths_.get();
  std::fill(p + count, p + rounded, T{1});
  std::transform(p, p + rounded, q, [](T x) { return T{1} - x; });
  kernels_.log_probabilities(p, nullptr, rounded);
  if (!softmax) kernels_.log_probabilities(q, nullptr, rounded);
  for (int i = 0; i < n_; ++i) {
    double loss = 0;
    for (std::int64_t c = std::int64_t{i} * k; c < (std::int64_t{i} + 1) * k; ++c)
      loss -= softmax ? t[c] * p[c] : t[c] * p[c] + (T{1} - t[c]) * q[c];
    losses_[static_cast<std::size_t>(i)] = loss;
  }
}

// The same where the targets are 0 and 1: a logarithm is enough for each.
template <class T>
void Propagation<T>::log_losses() {
  const bool softmax = network_.output == Output::softmax;
  const int k = softmax ? 1 : network_.n_outputs();
  T* const p = probabilities_.get();
  const std::int64_t count = std::int64_t{n_} * k;
  const std::int64_t rounded = (count + kernels_.lanes - 1) / kernels_.lanes * kernels_.lanes;
  std::fill(p + count, p + rounded, T{1});
  kernels_.log_probabilities(p, softmax ? nullptr : truths_.get(), rounded);
  for (int i = 0; i < n_; ++i) {
    double loss = 0;
    for (int c = 0; c < k; ++c) loss -= p[std::int64_t{i} * k + c];
    losses_[static_cast<std::size_t>(i)] = loss;
  }
}

// Those of numbers are there already.
template <class T>
double Propagation<T>::loss() {
  if (!is_of_numbers(network_.output)) data_.smoothing > 0 ? smoothed_losses() : log_losses();
  double total = 0;
  for (int i = 0; i < n_; ++i) {
    const double loss = losses_[static_cast<std::size_t>(i)];
    total += data_.weights == nullptr ? loss : loss * data_.weights[chunk_[i]];
  }
  return total;
}

template <class T>
void Propagation<T>::write(const Page& page, double share) const {
  for (int i = 0; i < n_; ++i) {
    const auto place = static_cast<std::size_t>(i);
    page.write(chunk_[i], losses_[place] * share, !rights_.empty() && rights_[place] != 0);
  }
}

template void Propagation<float>::softmax_errors(int, int);
template void Propagation<float>::logistic_errors(int, int);
template void Propagation<float>::single_errors(int, int);
template void Propagation<float>::linear_errors(int, int);
template void Propagation<float>::look(int, int);
template void Propagation<float>::number_errors(int, int);
template void Propagation<float>::smoothed_errors(int, int);
template double Propagation<float>::loss();
template void Propagation<float>::mark_rights(int, int);
template void Propagation<float>::write(const Page&, double) const;
template void Propagation<double>::softmax_errors(int, int);
template void Propagation<double>::logistic_errors(int, int);
template void Propagation<double>::single_errors(int, int);
template void Propagation<double>::linear_errors(int, int);
template void Propagation<double>::look(int, int);
template void Propagation<double>::number_errors(int, int);
template void Propagation<double>::smoothed_errors(int, int);
template double Propagation<double>::loss();
template void Propagation<double>::mark_rights(int, int);
template void Propagation<double>::write(const Page&, double) const;

}  // namespace glassnet
