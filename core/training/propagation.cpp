#include "training/propagation.hpp"

#include <algorithm>

#include "kernels/dispatch.hpp"

namespace glassnet {
namespace {

constexpr int kRowsOfPiece = 8;       // the most rows that a kernel's block holds
constexpr int kLeastFeatures = 16;    // of a piece
constexpr int kMostFeatures = 64;     // their gradient stays in the first-level cache
constexpr int kPiecesOfLayer = 64;
constexpr int kMostPitch = 64;        // no strip's rows are longer
constexpr int kRowWords = kChunkRows / kMaskBits;

// What preparing costs, in multiply-adds of the same time: a word of the masks, an element.
constexpr double kWorkOfWord = 5e4;
constexpr double kWorkOfEntry = 100;

int features_of_piece(int features) {
  const int share = (features + kPiecesOfLayer - 1) / kPiecesOfLayer;
  const int rounded = (share + kLeastFeatures - 1) / kLeastFeatures * kLeastFeatures;
  return std::clamp(rounded, kLeastFeatures, kMostFeatures);
}

template <class T>
Parameters<T> shifted(const Parameters<T>& p, std::int64_t start, T* gradient) {
  return {p.theta + start, gradient, p.first == nullptr ? nullptr : p.first + start,
          p.second == nullptr ? nullptr : p.second + start};
}

// Intercepts are not penalised.
template <class T>
Update<T> without_penalty(Update<T> update) {
  update.alpha = T{0};
  update.shrink = T{1};
  return update;
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
    row_bits_ = Buffer<std::uint64_t>(std::int64_t{data.rows.words()} * kMaskBits * kRowWords);
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
    const int step = features_of_piece(network_.fan_in(l));
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
void Propagation<T>::take(const std::int64_t* rows, int n, std::int64_t place) {
  n_ = n;
  place_ = place;
  chunk_ = rows;
  for (int i = 0; i < n; ++i) {
    const auto place = static_cast<std::size_t>(i);
    if (data_.rows.is_sparse()) {
      sparse_[place] = data_.rows.sparse_row(rows[i]);
    } else {
      inputs_[place] = data_.rows.is_streamed() ? fetched_.get() + std::int64_t{i} * data_.rows.d()
                                                : data_.rows.row(rows[i]);
      if (data_.rows.is_masked()) masks_[place] = data_.rows.mask(rows[i]);
    }
  }
  if (!data_.rows.is_streamed()) return;
  team_->run(threads_, n, [&](int first, int last) {
    for (int i = first; i < last; ++i)
      data_.rows.fetch(rows[i], fetched_.get() + std::int64_t{i} * data_.rows.d());
  });
}

template <class T>
int Propagation<T>::n_preparations() const {
  if (!training_) return 0;
  return data_.rows.is_sparse() ? 1 : data_.rows.is_masked_backward() ? data_.rows.words() : 0;
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
void Propagation<T>::prepare(int piece) {
  if (data_.rows.is_sparse()) return collect_entries();
  turn_masks(piece);
}

template <class T>
void Propagation<T>::turn_masks(int word) {
  const int words = (n_ + kMaskBits - 1) / kMaskBits;
  std::uint64_t bits[kMaskBits];
  for (int w = 0; w < words; ++w) {
    for (int i = 0; i < kMaskBits; ++i) {
      const int row = w * kMaskBits + i;
      bits[i] = row < n_ ? masks_[static_cast<std::size_t>(row)][word] : 0;
    }
    kernels_.transpose_bits(bits);
    std::uint64_t* const to = row_bits_.get() + std::int64_t{word} * kMaskBits * words;
    for (int group = 0; group < kMaskBits; ++group) to[group * words + w] = bits[group];
  }
}

// Sorts the elements of the chunk's sparse rows by column; within a column rows keep their order.
template <class T>
void Propagation<T>::collect_entries() {
  std::fill(entry_starts_.begin(), entry_starts_.end(), 0);
  std::size_t total = 0;
  // Counts are kept two places on, so that filling moves them to their final places.
  for (int i = 0; i < n_; ++i) {
    const SparseRow<T>& row = sparse_[static_cast<std::size_t>(i)];
    total += static_cast<std::size_t>(row.count);
    for (int e = 0; e < row.count; ++e) ++entry_starts_[static_cast<std::size_t>(row.columns[e]) + 2];
  }
  for (std::size_t j = 2; j < entry_starts_.size(); ++j) entry_starts_[j] += entry_starts_[j - 1];
  if (entries_.size() < total) entries_.resize(total);
  for (int i = 0; i < n_; ++i) {
    const SparseRow<T>& row = sparse_[static_cast<std::size_t>(i)];
    for (int e = 0; e < row.count; ++e) {
      std::int32_t& place = entry_starts_[static_cast<std::size_t>(row.columns[e]) + 1];
      entries_[static_cast<std::size_t>(place++)] = {i, row.values[e]};
    }
  }
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
    if (layer == 0) {
      multiply_input(product, first);
    } else {
      const Matrix& from = activations_[static_cast<std::size_t>(layer) - 1];
      for (int s = 0; s < from.strips.count(); ++s) {
        const Strip& part = from.strips[s];
        product.a = rows_of(from, s, first);
        product.k = part.columns;
        product.b = coefs + std::int64_t{part.column} * strip.pitch;
        kernels_.rows_product(product);
        product.start = out;
        product.start_is_row = false;
      }
    }
    activate(layer, strip, first, last);
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
        kernels_.rows_product(product);
        product.start = out;
        product.start_is_row = false;
      }
      const std::int64_t size = std::int64_t{last - first} * strip.pitch;
      if (slopes_.empty())
        kernels_.times_derivative(network_.activation, at(activations_[layer - 1], strip, first),
                                  out, size);
      else
        kernels_.multiply(slope_at(l - 1, strip, first), out, size);
    }
  }
}

template <class T>
double Propagation<T>::backward(const Parameters<T>& p, const Update<T>& update, bool first,
                                bool last) {
  team_->run_shares(shares_, [&](int begin, int end) {
    for (int i = begin; i < end; ++i) {
      const auto place = static_cast<std::size_t>(i);
      squares_[place] = update_piece(pieces_[place], p, update, first, last);
    }
  });
  double squares = 0;
  for (const double part : squares_) squares += part;
  return squares;
}

// The gradient of a piece's coefs, strip by strip, and what the optimizer makes of it. The
// gradient itself is kept only where it is asked for, or where chunks are to follow.
template <class T>
double Propagation<T>::update_piece(const Piece& piece, const Parameters<T>& p,
                                    const Update<T>& update, bool first, bool last) {
  alignas(64) T scratch[kMostFeatures * kMostPitch];
  const LayerPlace& place = layout_[piece.layer];
  const int fan_in = network_.fan_in(piece.layer);
  const bool keep = !(first && last) || update.rule == Rule::none;
  const bool is_intercepts = piece.count == 0;
  const Update<T> own = is_intercepts ? without_penalty(update) : update;
  double squares = 0;
  for (const Strip& strip : place.strips) {
    const std::int64_t start =
        is_intercepts ? place.intercepts + strip.padded
                      : place.coefs + Strips::offset(strip, fan_in) +
                            std::int64_t{piece.first} * strip.pitch;
    const std::int64_t count = std::int64_t{is_intercepts ? 1 : piece.count} * strip.pitch;
    T* const gradient = keep ? p.gradient + start : scratch;
    const bool ends_in_half = strip.units * kernels_.unit != strip.pitch;
    if (!keep && ends_in_half) std::fill_n(scratch, count, T{0});  // products leave the rest alone
    ColumnsProduct<T> product{nullptr, n_,         piece.first, piece.count, nullptr,
                              strip.units, gradient, !first};
    sum_columns(piece, product, strip);
    if (!last) continue;
    const double added = kernels_.update(own, shifted(p, start, gradient), count);
    if (!is_intercepts) squares += added;
  }
  if (last && update.rule != Rule::none && piece.layer > 0 && !is_intercepts)
    transpose_piece(piece, p.theta);
  return squares;
}

// Calls f(start, count) for each run of neighbouring parameters of a piece.
template <class T>
template <class F>
void Propagation<T>::each_run(const Piece& piece, F f) const {
  const LayerPlace& place = layout_[piece.layer];
  for (const Strip& strip : place.strips) {
    if (piece.count == 0)
      f(place.intercepts + strip.padded, std::int64_t{strip.pitch});
    else
      f(place.coefs + Strips::offset(strip, network_.fan_in(piece.layer)) +
            std::int64_t{piece.first} * strip.pitch,
        std::int64_t{piece.count} * strip.pitch);
  }
}

template <class T>
double Propagation<T>::square_norm(const T* gradient) {
  team_->run_shares(shares_, [&](int begin, int end) {
    for (int i = begin; i < end; ++i) {
      double& squares = squares_[static_cast<std::size_t>(i)] = 0;
      each_run(pieces_[static_cast<std::size_t>(i)], [&](std::int64_t start, std::int64_t count) {
        squares += kernels_.sum_of_squares(gradient + start, count);
      });
    }
  });
  double squares = 0;
  for (const double part : squares_) squares += part;
  return squares;
}

template <class T>
void Propagation<T>::descend(const Parameters<T>& p, const Update<T>& update) {
  team_->run_shares(shares_, [&](int begin, int end) {
    for (int i = begin; i < end; ++i) {
      const Piece& piece = pieces_[static_cast<std::size_t>(i)];
      const Update<T> own = piece.count == 0 ? without_penalty(update) : update;
      each_run(piece, [&](std::int64_t start, std::int64_t count) {
        kernels_.update(own, shifted(p, start, p.gradient + start), count);
      });
      if (piece.layer > 0 && piece.count > 0) transpose_piece(piece, p.theta);
    }
  });
}

template <class T>
void Propagation<T>::sum_columns(const Piece& piece, ColumnsProduct<T> product,
                                 const Strip& strip) {
  const auto layer = static_cast<std::size_t>(piece.layer);
  Matrix& errors =
      piece.layer + 1 == network_.n_layers() ? activations_[layer] : errors_[layer + 1];
  product.d = at(errors, strip, 0);
  if (piece.count == 0) return kernels_.row_sum(product);
  if (piece.layer > 0) {
    const Matrix& from = activations_[layer - 1];
    product.a = rows_of(from, piece.strip, 0);
    product.first -= from.strips[piece.strip].column;
    return kernels_.columns_product(product);
  }
  if (data_.rows.is_sparse())
    return kernels_.sparse_columns_product(product, entries_.data(), entry_starts_.data());
  product.a = inputs_.data();
  if (data_.rows.is_masked_backward())
    return kernels_.masked_columns_product(product, row_bits_.get(),
                                           (n_ + kMaskBits - 1) / kMaskBits);
  kernels_.columns_product(product);
}

template <class T>
void Propagation<T>::transpose_piece(const Piece& piece, const T* theta) {
  const LayerPlace& place = layout_[piece.layer];
  const int fan_in = network_.fan_in(piece.layer), fan_out = network_.fan_out(piece.layer);
  const Strip& to = layout_[piece.layer - 1].strips[piece.strip];
  T* const transposed = transposed_[static_cast<std::size_t>(piece.layer)].get() +
                        Strips::offset(to, fan_out) + (piece.first - to.column);
  for (const Strip& strip : place.strips)
    kernels_.transpose(theta + place.coefs + Strips::offset(strip, fan_in) +
                           std::int64_t{piece.first} * strip.pitch,
                       strip.pitch, piece.count, strip.columns,
                       transposed + std::int64_t{strip.column} * to.pitch, to.pitch);
}

template <class T>
void Propagation<T>::transpose_coefs(const T* theta) {
  for (const Piece& piece : pieces_)
    if (piece.layer > 0 && piece.count > 0) transpose_piece(piece, theta);
}

template class Propagation<float>;
template class Propagation<double>;

}  // namespace glassnet
