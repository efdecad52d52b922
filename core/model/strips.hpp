// How a matrix is laid out: cut into strips of columns, stored one after the other, each row by
// row. A strip is as wide as the kernels' registers allow, so that a product with it reads memory
// in order; nothing is ever repacked. Rows end on whole vectors: the columns beyond the matrix's
// own are zero, and stay zero. A strip alone that is narrower than a vector is kept without a gap:
// then a vector holds several rows.
#pragma once

#include <cstdint>
#include <vector>

#include "kernels/kernels.hpp"

namespace glassnet {

struct Strip {
  int column;   // first column of the matrix
  int columns;  // how many
  int units;    // width as the kernels count it; 0: a narrow vector
  int pitch;    // from one row to the next
  int padded;   // columns stored before this strip, a row
};

class Strips {
 public:
  Strips() = default;

  template <class T>
  Strips(int columns, const Kernels<T>& kernels) : columns_(columns) {
    for (const int pitch : {kernels.narrow, kernels.unit}) {
      if (columns > pitch || pitch == kernels.lanes) continue;
      list_.push_back({0, columns, pitch == kernels.unit ? 1 : 0, pitch, 0});
      padded_ = pitch;
      return;
    }
    const int units = (columns + kernels.unit - 1) / kernels.unit;
    const int per_vector = kernels.lanes / kernels.unit;
    const int vectors = (units + per_vector - 1) / per_vector;
    const int most = kernels.most_units / per_vector;
    const int count = (vectors + most - 1) / most;
    int column = 0;
    for (int s = 0; s < count; ++s) {
      // As even as whole vectors can be; only the last strip may end in part of one.
      const int wide = vectors / count + (s < vectors % count ? 1 : 0);
      const int own = s + 1 < count ? wide * kernels.lanes : columns - column;
      const int own_units = (own + kernels.unit - 1) / kernels.unit;
      list_.push_back({column, own, own_units, wide * kernels.lanes, padded_});
      column += own;
      padded_ += wide * kernels.lanes;
    }
  }

  int columns() const { return columns_; }
  int padded() const { return padded_; }  // columns stored a row
  int count() const { return static_cast<int>(list_.size()); }
  const Strip& operator[](int s) const { return list_[static_cast<std::size_t>(s)]; }
  auto begin() const { return list_.begin(); }
  auto end() const { return list_.end(); }

  // Where a strip of a matrix of `rows` rows begins.
  static std::int64_t offset(const Strip& strip, std::int64_t rows) { return strip.padded * rows; }

 private:
  int columns_ = 0;
  int padded_ = 0;
  std::vector<Strip> list_;
};

}  // namespace glassnet
