// X (n, d): dense rows used where they lie, or sparse rows (CSR), in the arithmetic's precision.
//
// Dense rows with many zeros get a mask, a bit for every two neighbouring columns that are not both
// zero, so that the products pass over the rest; it takes 1/64 of the rows' memory (float).
#pragma once

#include <cstdint>

#include "kernels/kernels.hpp"
#include "model/buffer.hpp"
#include "threads/team.hpp"

namespace glassnet {

// Where at most this share of the pairs of columns is not zero, skipping the others pays: a taken
// pair costs more than in the dense products, where the registers hold several rows.
constexpr double kMaskPaysBelow = 0.75;

template <class T>
class Rows {
 public:
  // Dense rows in C order; `From` other than T is converted into memory of our own.
  template <class From>
  static Rows dense(const From* data, std::int64_t n, int d, Lease& lease);

  // Sparse rows; throws std::invalid_argument where starts or columns do not fit.
  static Rows sparse(const T* values, const std::int32_t* columns, Buffer<std::int64_t> starts,
                     std::int64_t n, int d);

  std::int64_t n() const { return n_; }
  int d() const { return d_; }
  bool is_sparse() const { return columns_ != nullptr; }
  bool is_masked() const { return !masks_.empty(); }
  double filled() const { return filled_; }  // share of the pairs of columns that are not zero
  double work_share() const;                 // of the dense products' work that is to be done

  const T* row(std::int64_t i) const { return values_ + i * d_; }
  const std::uint64_t* mask(std::int64_t i) const { return masks_.get() + i * words(); }
  int words() const { return (d_ / kMaskColumns + kMaskBits - 1) / kMaskBits; }
  SparseRow<T> sparse_row(std::int64_t i) const {
    const std::int64_t first = starts_[i];
    return {values_ + first, columns_ + first, static_cast<int>(starts_[i + 1] - first)};
  }

 private:
  void find_zeros(Lease& lease);

  std::int64_t n_ = 0;
  int d_ = 0;
  const T* values_ = nullptr;
  const std::int32_t* columns_ = nullptr;
  double filled_ = 1;
  Buffer<T> own_;
  Buffer<std::int64_t> starts_;
  Buffer<std::uint64_t> masks_;
};

}  // namespace glassnet
