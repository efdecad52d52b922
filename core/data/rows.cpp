#include "data/rows.hpp"

#include <algorithm>
#include <limits>
#include <stdexcept>
#include <vector>

namespace glassnet {
namespace {

constexpr std::int64_t kSampledRows = 256;
constexpr std::int64_t kPieceElements = 1 << 16;

// Marks the groups of columns of one row that are not all zero; returns how many there are.
template <class T>
int mark(const T* row, int groups, std::uint64_t* mask) {
  int filled = 0;
  for (int first = 0; first < groups; first += kMaskBits, ++mask) {
    std::uint64_t bits = 0;
    const int count = std::min(kMaskBits, groups - first);
    for (int b = 0; b < count; ++b) {
      bool any = false;
      for (int c = 0; c < kMaskColumns; ++c) any |= row[(first + b) * kMaskColumns + c] != T{0};
      bits |= std::uint64_t{any} << b;
      filled += any;
    }
    *mask = bits;
  }
  return filled;
}

// Calls f(first, last) on parts of 0 .. n rows of d elements, in parallel.
template <class F>
void each_part(Lease& lease, std::int64_t n, int d, F f) {
  const std::int64_t step = std::max<std::int64_t>(1, kPieceElements / std::max(d, 1));
  const auto parts = static_cast<int>((n + step - 1) / step);
  lease.team().run(lease.threads(), parts, [&](int first, int last) {
    f(first * step, std::min(n, last * step));
  });
}

}  // namespace

template <class T>
template <class From>
Rows<T> Rows<T>::dense(const From* data, std::int64_t n, int d, Lease& lease) {
  Rows rows;
  rows.n_ = n;
  rows.d_ = d;
  if constexpr (std::is_same_v<From, T>) {
    rows.values_ = data;
  } else {
    rows.own_ = Buffer<T>(n * d, Uninitialized{});
    T* const own = rows.own_.get();
    each_part(lease, n, d, [&](std::int64_t first, std::int64_t last) {
      std::transform(data + first * d, data + last * d, own + first * d,
                     [](From value) { return static_cast<T>(value); });
    });
    rows.values_ = own;
  }
  rows.find_zeros(lease);
  return rows;
}

// A sample decides whether a mask pays, so that rows without zeros cost next to nothing.
template <class T>
void Rows<T>::find_zeros(Lease& lease) {
  const int groups = d_ / kMaskColumns;
  if (groups == 0 || n_ == 0) return;
  std::vector<std::uint64_t> scratch(static_cast<std::size_t>(words()));
  const std::int64_t sampled = std::min(n_, kSampledRows);
  std::int64_t filled = 0;
  for (std::int64_t i = 0; i < sampled; ++i) filled += mark(row(i * n_ / sampled), groups, scratch.data());
  filled_ = static_cast<double>(filled) / static_cast<double>(sampled * groups);
  if (filled_ > kMaskPaysBelow) return;
  masks_ = Buffer<std::uint64_t>(n_ * words());
  each_part(lease, n_, d_, [&](std::int64_t first, std::int64_t last) {
    for (std::int64_t i = first; i < last; ++i) mark(row(i), groups, masks_.get() + i * words());
  });
}

template <class T>
Rows<T> Rows<T>::sparse(const T* values, const std::int32_t* columns, Buffer<std::int64_t> starts,
                        std::int64_t n, int d) {
  for (std::int64_t i = 0; i < n; ++i)
    if (starts[i + 1] < starts[i] ||
        starts[i + 1] - starts[i] > std::numeric_limits<std::int32_t>::max())
      throw std::invalid_argument("indptr of the sparse rows must not decrease.");
  for (std::int64_t e = starts[0]; e < starts[n]; ++e)
    if (columns[e] < 0 || columns[e] >= d)
      throw std::invalid_argument("A column index of the sparse rows is outside 0 .. d - 1.");
  Rows rows;
  rows.n_ = n;
  rows.d_ = d;
  rows.values_ = values;
  rows.columns_ = columns;
  rows.filled_ = static_cast<double>(starts[n] - starts[0]) /
                 std::max(1.0, static_cast<double>(n) * static_cast<double>(d));
  rows.starts_ = std::move(starts);
  return rows;
}

template <class T>
double Rows<T>::work_share() const {
  return is_sparse() || is_masked() ? filled_ : 1;
}

template class Rows<float>;
template class Rows<double>;
template Rows<float> Rows<float>::dense(const float*, std::int64_t, int, Lease&);
template Rows<float> Rows<float>::dense(const double*, std::int64_t, int, Lease&);
template Rows<double> Rows<double>::dense(const float*, std::int64_t, int, Lease&);
template Rows<double> Rows<double>::dense(const double*, std::int64_t, int, Lease&);

}  // namespace glassnet
