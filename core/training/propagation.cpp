#include "training/propagation.hpp"

#include <algorithm>

#include "kernels/dispatch.hpp"

namespace glassnet {
namespace {

constexpr int kRowsOfPiece = 8;       // the most rows that a kernel's block holds
constexpr int kLeastFeatures = 32;    // of a piece
constexpr int kPiecesOfLayer = 64;
constexpr int kRowWords = kChunkRows / kMaskBits;

// What preparing costs, in multiply-adds of the same time: a word of the masks, an element.
constexpr double kWorkOfWord = 5e4;
constexpr double kWorkOfEntry = 100;

int features_of_piece(int features) {
  const int share = (features + kPiecesOfLayer - 1) / kPiecesOfLayer;
  const int rounded = (share + kLeastFeatures - 1) / kLeastFeatures * kLeastFeatures;
  return std::clamp(rounded, kLeastFeatures, kMostFeatures);
}

Activation output_activation(Output output) {
  return output == Output::logistic      ? Activation::logistic
         : output == Output::exponential ? Activation::exponential
                                         : Activation::identity;
}

}  // namespace

template <class T>
Propagation<T>::Propagation(const Network& network, const Layout& layout, const Data<T>& data,
                            int most_rows, bool training)
    : network_(network),
      layout_(layout),
      data_(data),
      kernels_(kernels<T>()),
      most_rows_((most_rows + kRowsOfPiece - 1) / kRowsOfPiece * kRowsOfPiece),
      training_(training) {
  const auto layers = static_cast<std::size_t>(network.n_layers());
  const auto room = static_cast<std::size_t>(most_rows_);
  activations_.resize(layers);
  errors_.resize(layers);
  transposed_.resize(layers);
  for (int l = 0; l < network.n_layers(); ++l) {
    make_matrix(activations_[static_cast<std::size_t>(l)], layout[l].strips);
    if (!training || l == 0) continue;
    const Strips& below = layout[l - 1].strips;
    make_matrix(errors_[static_cast<std::size_t>(l)], below);
    transposed_[static_cast<std::size_t>(l)] =
        Buffer<T>(std::int64_t{below.padded()} * network.fan_out(l));
  }
  for (const Strip& strip : activations_.back().strips) output_pitches_.push_back(strip.pitch);
  inputs_.resize(room);
  if (data.rows.is_streamed())
    fetched_ = Buffer<T>(std::int64_t{most_rows_} * data.rows.d(), Uninitialized{});
  if (data.rows.is_masked()) masks_.resize(room);
  if (training && data.rows.is_masked_backward())
    row_bits_ = Buffer<std::uint64_t>(std::int64_t{groups()} * kRowWords);
  if (data.rows.is_sparse()) {
    sparse_.resize(room);
    if (training) entry_starts_.resize(static_cast<std::size_t>(data.rows.d()) + 2);
  }
  zeros_ = Buffer<T>(kMostPitch);
  if (!training) return;
  if (network.keeps_slopes() || data.dropout.share > 0)
    for (int l = 0; l + 1 < network.n_layers(); ++l)
      slopes_.emplace_back(std::int64_t{layout[l].strips.padded()} * most_rows_);
  const std::int64_t losses = std::int64_t{most_rows_} * network.n_outputs() + kMostPitch;
  probabilities_ = Buffer<T>(losses);
  if (network.output == Output::logistic || data.smoothing > 0) truths_ = Buffer<T>(losses);
  if (data.smoothing > 0) complements_ = Buffer<T>(losses);
  losses_.resize(room);
  if (data.marks_rights) rights_.resize(room);
  make_pieces();
}

template <class T>
void Propagation<T>::make_matrix(Matrix& matrix, const Strips& strips) {
  matrix.strips = strips;
  matrix.values = Buffer<T>(std::int64_t{strips.padded()} * most_rows_);
  for (const Strip& strip : strips)
    for (int row = 0; row < most_rows_; ++row) matrix.rows.push_back(at(matrix, strip, row));
}

template <class T>
void Propagation<T>::make_pieces() {
  for (int l = 0; l < network_.n_layers(); ++l) {
    const int step = is_turned(l) ? kMostFeatures : features_of_piece(network_.fan_in(l));
    const auto cut = [&](int strip, int column, int columns) {
      for (int first = 0; first < columns; first += step)
        pieces_.push_back({l, strip, column + first, std::min(step, columns - first)});
    };
    if (l == 0) {
      cut(0, 0, network_.n_features());
    } else {
      const Strips& below = layout_[l - 1].strips;
      for (int s = 0; s < below.count(); ++s) cut(s, below[s].column, below[s].columns);
    }
    pieces_.push_back({l, 0, 0, 0});
  }
  squares_.resize(pieces_.size());
}

// Cuts the pieces of features into shares of equal work.
template <class T>
void Propagation<T>::share(Team* team, int threads) {
  team_ = team;
  if (threads == threads_ && !shares_.empty()) return;
  threads_ = threads;
  std::vector<double> before{0};
  for (const Piece& piece : pieces_) {
    const double filled = piece.layer == 0 ? data_.rows.work_share() : 1;
    // Features are summed over a batch's rows, then changed, which weighs as some rows more.
    const double work = (kChunkRows * filled + 16) * (piece.count == 0 ? 1 : piece.count);
    before.push_back(before.back() + work * layout_[piece.layer].strips.padded());
  }
  row_shares_.resize(static_cast<std::size_t>(threads) + 1);
  shares_.assign(1, 0);
  for (int t = 1; t <= threads; ++t) {
    const double until = before.back() * t / threads;
    const auto found = std::lower_bound(before.begin(), before.end() - 1, until);
    shares_.push_back(static_cast<int>(found - before.begin()));
  }
}

template <class T>
void Propagation<T>::forward(const T* theta) {
  const int before = n_preparations();
  const int row_pieces = (n_ + kRowsOfPiece - 1) / kRowsOfPiece;
  const double of_row = work_of_row(network_, training_);
  const double of_preparation = data_.rows.is_sparse()
                                    ? kWorkOfEntry * data_.rows.filled() * data_.rows.d() * n_
                                    : kWorkOfWord;
  // The preparations, which come first, count as so many pieces of rows.
  const double ahead = before * of_preparation / (of_row * kRowsOfPiece);
  for (int t = 0; t <= threads_; ++t) {
    const double until = (ahead + row_pieces) * t / threads_;
    const double place = until < ahead ? before * until / ahead : before + until - ahead;
    row_shares_[static_cast<std::size_t>(t)] = static_cast<int>(place + 0.5);
  }
  team_->run_shares(row_shares_, [&](int first, int last) {
    for (; first < std::min(before, last); ++first) prepare(first);
    if (first < last)
      forward_rows(theta, (first - before) * kRowsOfPiece,
                   std::min(n_, (last - before) * kRowsOfPiece));
  });
}

template <class T>
void Propagation<T>::forward_rows(const T* theta, int first, int last) {
  const bool skips = network_.output == Output::linear && training_ && data_.bend == Bend::given;
  for (int l = 0; l < network_.n_layers() && !skips; ++l) multiply(theta, l, first, last);
  output_rows(first, last);
  if (training_) backward_rows(first, last);
}

// A[l+1] = f(A[l] W[l] + b[l]) of some rows, f for hidden layers and for logistic outputs.
template <class T>
void Propagation<T>::multiply(const T* theta, int layer, int first, int last) {
  const LayerPlace& place = layout_[layer];
  Matrix& to = activations_[static_cast<std::size_t>(layer)];
  const int fan_in = network_.fan_in(layer), n = last - first;
  for (const Strip& strip : place.strips) {
    const T* const coefs = theta + place.coefs + Strips::offset(strip, fan_in);
    T* const out = at(to, strip, first);
    RowsProduct<T> product{nullptr,     n,    fan_in, coefs, strip.units,
                           theta + place.intercepts + strip.padded, true, out};
    const bool is_hidden = layer + 1 < network_.n_layers();
    const bool fuses = is_hidden && fuses_relu() && (layer > 0 || data_.rows.is_plain());
    if (layer == 0) {
      product.relu = fuses;
      multiply_input(product, first);
    } else {
      const Matrix& from = activations_[static_cast<std::size_t>(layer) - 1];
      for (int s = 0; s < from.strips.count(); ++s) {
        const Strip& part = from.strips[s];
        product.a = rows_of(from, s, first);
        product.k = part.columns;
        product.b = coefs + std::int64_t{part.column} * strip.pitch;
        product.relu = fuses && s + 1 == from.strips.count();
        kernels_.rows_product(product);
        product.start = out;
        product.start_is_row = false;
      }
    }
    if (!fuses) activate(layer, strip, first, last);
  }
}

// The activations of some rows of a strip, given their weighted inputs in its place.
template <class T>
void Propagation<T>::activate(int layer, const Strip& strip, int first, int last) {
  const auto l = static_cast<std::size_t>(layer);
  T* const a = at(activations_[l], strip, first);
  const std::int64_t size = std::int64_t{last - first} * strip.pitch;
  if (layer + 1 == network_.n_layers())
    return kernels_.activate(output_activation(network_.output), a, size);
  if (slopes_.empty()) return kernels_.activate(network_.activation, a, size);
  T* const slope = slope_at(layer, strip, first);
  kernels_.activate_keeping(network_.activation, a, slope, size);
  const Dropout& dropout = data_.dropout;
  if (dropout.share == 0) return;
  const std::uint64_t key = key_after(step_key_, static_cast<std::uint64_t>(layer));
  for (int i = first; i < last; ++i) {
    const std::uint64_t row = key_after(key, static_cast<std::uint64_t>(place_ + i));
    const std::int64_t offset = std::int64_t{i - first} * strip.pitch;
    kernels_.drop({row, strip.column, dropout.below(), static_cast<T>(dropout.scale())},
                  a + offset, slope + offset, strip.columns);
  }
}

template <class T>
void Propagation<T>::multiply_input(RowsProduct<T> product, int first) {
  if (data_.rows.is_sparse())
    return kernels_.sparse_rows_product(product, sparse_.data() + first);
  product.a = inputs_.data() + first;
  if (data_.rows.is_masked())
    return kernels_.masked_rows_product(product, masks_.data() + first);
  kernels_.rows_product(product);
}

template <class T>
void Propagation<T>::output_rows(int first, int last) {
  Matrix& outputs = activations_.back();
  if (network_.output == Output::softmax) {
    kernels_.softmax({outputs.values.get(), most_rows_, output_pitches_.data(),
                      outputs.strips.count(), first, last - first, network_.n_outputs()});
  }
  if (!training_) return;
  if (!rights_.empty()) mark_rights(first, last);
  switch (network_.output) {
    case Output::softmax:
      return data_.smoothing > 0 ? smoothed_errors(first, last) : softmax_errors(first, last);
    case Output::logistic:
      return data_.smoothing > 0 ? smoothed_errors(first, last) : logistic_errors(first, last);
    case Output::identity:
    case Output::exponential:
      return number_errors(first, last);
    case Output::linear:
      return linear_errors(first, last);
  }
}

template <class T>
T Propagation<T>::output(int row, int column) const {
  const Matrix& outputs = activations_.back();
  const Strip* of = &outputs.strips[0];
  for (const Strip& strip : outputs.strips)
    if (column >= strip.column) of = &strip;
  return outputs.values[Strips::offset(*of, most_rows_) + std::int64_t{row} * of->pitch + column -
                        of->column];
}

template <class T>
void Propagation<T>::outputs_of(int row, T* to) const {
  const Matrix& outputs = activations_.back();
  for (const Strip& strip : outputs.strips)
    std::copy_n(outputs.values.get() + Strips::offset(strip, most_rows_) +
                    std::int64_t{row} * strip.pitch,
                strip.columns, to + strip.column);
}

// D[l] = (D[l+1] W[l]^T) f'(A[l]) of some rows, from the last layer down.
template <class T>
void Propagation<T>::backward_rows(int first, int last) {
  for (int l = network_.n_layers() - 1; l > 0; --l) {
    const auto layer = static_cast<std::size_t>(l);
    Matrix& to = errors_[layer];
    const Matrix& from =
        l + 1 == network_.n_layers() ? activations_[layer] : errors_[layer + 1];
    for (const Strip& strip : to.strips) {
      const T* const coefs =
          transposed_[layer].get() + Strips::offset(strip, network_.fan_out(l));
      T* const out = at(to, strip, first);
      RowsProduct<T> product{nullptr, last - first, 0, nullptr, strip.units, zeros_.get(), true, out};
      for (int s = 0; s < from.strips.count(); ++s) {
        const Strip& part = from.strips[s];
        product.a = rows_of(from, s, first);
        product.k = part.columns;
        product.b = coefs + std::int64_t{part.column} * strip.pitch;
        if (fuses_relu() && s + 1 == from.strips.count())
          product.gate = at(activations_[layer - 1], strip, first);
        kernels_.rows_product(product);
        product.start = out;
        product.start_is_row = false;
      }
      if (fuses_relu()) continue;
      const std::int64_t size = std::int64_t{last - first} * strip.pitch;
      if (slopes_.empty())
        kernels_.times_derivative(network_.activation, at(activations_[layer - 1], strip, first),
                                  out, size);
      else
        kernels_.multiply(slope_at(l - 1, strip, first), out, size);
    }
  }
}

template class Propagation<float>;
template class Propagation<double>;

}  // namespace glassnet
