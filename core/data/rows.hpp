// X (n, d): dense rows used where they lie, or sparse rows (CSR), in the arithmetic's precision.
//
// Dense rows with many zeros get a mask, a bit for every two neighbouring columns that are not both
// zero, so that the products pass over the rest; it takes 1/64 of the rows' memory (float).
#pragma once

#include <cstdint>
#include <type_traits>

#include "kernels/kernels.hpp"
#include "model/buffer.hpp"
#include "threads/team.hpp"

namespace glassnet {

// Skipping zeros pays where at most these shares of the columns' neighbours are not all zero: what
// is taken costs more than in the dense products, whose registers hold more at a time. Forward
// takes columns by two, back by four. Measured on digit images of several sizes.
constexpr double kPairsPayBelow = 0.75;
constexpr double kFoursPayBelow = 0.8;

// Rows of the other type are converted into a copy of up to this many bytes; more of them batch by
// batch, at some hundredths of the time, so that X is never there twice.
constexpr std::int64_t kMostCopied = std::int64_t{1} << 25;

template <class T>
class Rows {
 public:
  using Other = std::conditional_t<std::is_same_v<T, float>, double, float>;

  // Dense rows in C order, of either type. To look for zeros does not pay for rows that are read
  // but once.
  template <class From>
  static Rows dense(const From* data, std::int64_t n, int d, Lease& lease, bool once = false);

  // Sparse rows; throws std::invalid_argument where starts or columns do not fit.
  static Rows sparse(const T* values, const std::int32_t* columns, Buffer<std::int64_t> starts,
                     std::int64_t n, int d);

  std::int64_t n() const { return n_; }
  int d() const { return d_; }
  bool is_sparse() const { return columns_ != nullptr; }
  bool is_streamed() const { return other_ != nullptr; }  // no row() is there, fetch() instead
  bool is_masked() const { return !masks_.empty(); }
  bool is_plain() const { return !is_sparse() && !is_masked(); }
  bool is_masked_backward() const { return is_masked() && filled_fours_ <= kFoursPayBelow; }
  // Share of the elements (sparse) or the pairs of columns (dense) that are not zero; of the dense
  // products' work that is to be done.
  double filled() const { return filled_; }
  double work_share() const { return is_sparse() || is_masked() ? filled_ : 1; }

  const T* row(std::int64_t i) const { return values_ + i * d_; }
  void fetch(std::int64_t i, T* to) const;
  const std::uint64_t* mask(std::int64_t i) const { return masks_.get() + i * words(); }
  // Sorts n row numbers by kind, each kind's in the order given; of masked rows. Rows of a kind
  // begin with about as many zeros, and have more of the others in common too: four neighbours are
  // all zero in 36 % of the pairs of columns, and in 29 % if they come as they may (digit images).
  void by_kind(const std::int64_t* rows, std::int64_t n, std::int64_t* sorted) const;
  int words() const { return (d_ / kMaskColumns + kMaskBits - 1) / kMaskBits; }
  SparseRow<T> sparse_row(std::int64_t i) const {
    const std::int64_t first = starts_[i];
    return {values_ + first, columns_ + first, static_cast<int>(starts_[i + 1] - first)};
  }

 private:
  std::int64_t n_ = 0;
  int d_ = 0;
  const T* values_ = nullptr;
  const Other* other_ = nullptr;
  const std::int32_t* columns_ = nullptr;
  double filled_ = 1, filled_fours_ = 1;
  Buffer<T> own_;
  Buffer<std::int64_t> starts_;
  Buffer<std::uint64_t> masks_;
  Buffer<std::uint8_t> kinds_;  // a function of the row alone
};

}  // namespace glassnet
