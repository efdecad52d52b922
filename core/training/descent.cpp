// The way back over features: their gradients, and what the optimizer makes of them.
#include <algorithm>
#include <cmath>

#include "training/propagation.hpp"

namespace glassnet {
namespace {

constexpr int kMostOutputsTurned = 16;  // no vector holds more

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

}  // namespace

template <class T>
double Propagation<T>::backward(const Parameters<T>& p, const Update<T>& update, bool first,
                                bool last) {
  return sum_over_pieces(
      [&](const Piece& piece) { return update_piece(piece, p, update, first, last); });
}

// The sum of f(piece), always in the order of the pieces, whichever thread takes which.
template <class T>
template <class F>
double Propagation<T>::sum_over_pieces(F f) {
  team_->run_shares(shares_, [&](int begin, int end) {
    for (int i = begin; i < end; ++i) {
      const auto place = static_cast<std::size_t>(i);
      squares_[place].value = f(pieces_[place]);
    }
  });
  double sum = 0;
  for (const Sum& part : squares_) sum += part.value;
  return sum;
}

// The gradient of a piece's coefs, strip by strip, and what the optimizer makes of it. The
// gradient itself is kept only where it is asked for, or where chunks are to follow.
template <class T>
double Propagation<T>::update_piece(const Piece& piece, const Parameters<T>& p,
                                    const Update<T>& update, bool first, bool last) {
  alignas(64) T scratch[(kMostFeatures + 1) * kMostPitch];
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
    // The optimizer takes whole vectors, and transposing leaves alone what fills a row.
    if (!keep && strip.columns % kernels_.lanes != 0) {
      if (!is_intercepts && is_turned(piece.layer)) std::fill_n(scratch, count, T{0});
      std::fill_n(scratch + count, kernels_.lanes, T{0});
    }
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
  return sum_over_pieces([&](const Piece& piece) {
    double squares = 0;
    each_run(piece, [&](std::int64_t start, std::int64_t count) {
      squares += kernels_.sum_of_squares(gradient + start, count);
    });
    return squares;
  });
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
    if (is_turned(piece.layer) && !product.accumulate)
      return sum_columns_turned(piece, product, strip);
    const Matrix& from = activations_[layer - 1];
    product.a = rows_of(from, piece.strip, 0);
    product.first -= from.strips[piece.strip].column;
    return kernels_.columns_product(product);
  }
  if (data_.rows.is_sparse())
    return kernels_.sparse_columns_product(product, entries_.data(), entry_starts_.data());
  product.a = inputs_.data();
  if (data_.rows.is_masked_backward())
    return kernels_.masked_columns_product(product, row_bits_.get(), groups());
  kernels_.columns_product(product);
}

// The same by turns of the roles: each output's sums are a row, as wide as the strip of features.
template <class T>
void Propagation<T>::sum_columns_turned(const Piece& piece, const ColumnsProduct<T>& product,
                                        const Strip& strip) {
  alignas(64) T sums[kMostOutputsTurned * kMostPitch];
  const auto layer = static_cast<std::size_t>(piece.layer);
  const Matrix& errors =
      piece.layer + 1 == network_.n_layers() ? activations_[layer] : errors_[layer + 1];
  Matrix& from = activations_[layer - 1];
  const Strip& features = from.strips[piece.strip];
  kernels_.columns_product({rows_of(errors, 0, 0), n_, 0, strip.columns, at(from, features, 0),
                            features.units, sums, false});
  kernels_.transpose(sums, features.pitch, strip.columns, piece.count, product.out, strip.pitch);
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

template double Propagation<float>::backward(const Parameters<float>&, const Update<float>&, bool,
                                           bool);
template double Propagation<float>::update_piece(const Piece&, const Parameters<float>&,
                                               const Update<float>&, bool, bool);
template double Propagation<float>::square_norm(const float*);
template void Propagation<float>::descend(const Parameters<float>&, const Update<float>&);
template void Propagation<float>::sum_columns(const Piece&, ColumnsProduct<float>, const Strip&);
template void Propagation<float>::sum_columns_turned(const Piece&, const ColumnsProduct<float>&,
                                                    const Strip&);
template void Propagation<float>::transpose_piece(const Piece&, const float*);
template void Propagation<float>::transpose_coefs(const float*);
template double Propagation<double>::backward(const Parameters<double>&, const Update<double>&, bool,
                                           bool);
template double Propagation<double>::update_piece(const Piece&, const Parameters<double>&,
                                               const Update<double>&, bool, bool);
template double Propagation<double>::square_norm(const double*);
template void Propagation<double>::descend(const Parameters<double>&, const Update<double>&);
template void Propagation<double>::sum_columns(const Piece&, ColumnsProduct<double>, const Strip&);
template void Propagation<double>::sum_columns_turned(const Piece&, const ColumnsProduct<double>&,
                                                     const Strip&);
template void Propagation<double>::transpose_piece(const Piece&, const double*);
template void Propagation<double>::transpose_coefs(const double*);

}  // namespace glassnet
