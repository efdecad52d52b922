// What the passes read of a batch: pointers to its rows, and what the way back needs of their zeros.
#include <algorithm>

#include "training/propagation.hpp"

namespace glassnet {

template <class T>
void Propagation<T>::take(const std::int64_t* rows, int n, std::int64_t place) {
  n_ = n;
  place_ = place;
  chunk_ = rows;
  const Rows<T>& all = data_.rows;
  if (all.is_sparse()) {
    std::transform(rows, rows + n, sparse_.begin(), [&](auto row) { return all.sparse_row(row); });
    return;
  }
  if (all.is_masked())
    std::transform(rows, rows + n, masks_.begin(), [&](auto row) { return all.mask(row); });
  if (!all.is_streamed()) {
    std::transform(rows, rows + n, inputs_.begin(), [&](auto row) { return all.row(row); });
    return;
  }
  for (int i = 0; i < n; ++i)
    inputs_[static_cast<std::size_t>(i)] = fetched_.get() + std::int64_t{i} * all.d();
  team_->run(threads_, n, [&](int first, int last) {
    for (int i = first; i < last; ++i) all.fetch(rows[i], fetched_.get() + std::int64_t{i} * all.d());
  });
}

template <class T>
int Propagation<T>::n_preparations() const {
  if (!training_) return 0;
  return data_.rows.is_sparse() ? 1 : data_.rows.is_masked_backward() ? data_.rows.words() : 0;
}

template <class T>
void Propagation<T>::prepare(int piece) {
  if (data_.rows.is_sparse()) return collect_entries();
  turn_masks(piece);
}

template <class T>
void Propagation<T>::turn_masks(int word) {
  std::uint64_t* to = row_bits_.get() + std::int64_t{word} * kMaskBits;
  for (int first = 0; first < n_; first += kMaskBits, to += groups())
    kernels_.turn_masks(masks_.data() + first, std::min(kMaskBits, n_ - first), word, to);
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

template void Propagation<float>::take(const std::int64_t*, int, std::int64_t);
template int Propagation<float>::n_preparations() const;
template void Propagation<float>::prepare(int);
template void Propagation<float>::turn_masks(int);
template void Propagation<float>::collect_entries();
template void Propagation<double>::take(const std::int64_t*, int, std::int64_t);
template int Propagation<double>::n_preparations() const;
template void Propagation<double>::prepare(int);
template void Propagation<double>::turn_masks(int);
template void Propagation<double>::collect_entries();

}  // namespace glassnet
