#include "data/rows.hpp"

#include <algorithm>
#include <bit>
#include <limits>
#include <stdexcept>
#include <type_traits>
#include <vector>

#include "kernels/dispatch.hpp"

namespace glassnet {
namespace {

constexpr std::int64_t kSampledRows = 256;
constexpr std::int64_t kPieceElements = 1 << 16;
constexpr int kMostKinds = 64;

// Calls f(first, last) on parts of 0 .. n rows of d elements, in parallel.
template <class F>
void each_part(Lease& lease, std::int64_t n, int d, F f) {
  const std::int64_t step = std::max<std::int64_t>(1, kPieceElements / std::max(d, 1));
  const auto parts = static_cast<int>((n + step - 1) / step);
  lease.team().run(lease.threads(), parts, [&](int first, int last) {
    f(first * step, std::min(n, last * step));
  });
}

struct Filled {
  double pairs, fours;
};

// The shares of the groups of columns, and of neighbouring groups, that are not all zero, in a
// sample: rows without zeros shall cost next to nothing.
template <class From>
Filled filled_shares(const From* data, std::int64_t n, int d) {
  const int groups = d / kMaskColumns;
  if (groups == 0 || n == 0) return {1, 1};
  std::vector<std::uint64_t> mask(static_cast<std::size_t>((groups + kMaskBits - 1) / kMaskBits));
  const std::int64_t sampled = std::min(n, kSampledRows);
  std::int64_t pairs = 0, fours = 0;
  for (std::int64_t i = 0; i < sampled; ++i) {
    kernels<From>().mark(data + i * n / sampled * d, groups, mask.data());
    for (const std::uint64_t word : mask) {
      pairs += std::popcount(word);
      fours += std::popcount((word | word >> 1) & 0x5555555555555555ULL);
    }
  }
  const double all = static_cast<double>(sampled) * groups;
  return {static_cast<double>(pairs) / all, 2 * static_cast<double>(fours) / all};
}

// Where a row's first group of columns lies that is not all zero, in equal parts of all groups.
std::uint8_t first_filled(const std::uint64_t* mask, int words, int groups) {
  int word = 0;
  while (word < words && mask[word] == 0) ++word;
  if (word == words) return kMostKinds - 1;
  const std::int64_t group = std::int64_t{word} * kMaskBits + std::countr_zero(mask[word]);
  return static_cast<std::uint8_t>(group * kMostKinds / groups);
}

}  // namespace

template <class T>
template <class From>
Rows<T> Rows<T>::dense(const From* data, std::int64_t n, int d, Lease& lease, bool once) {
  Rows rows;
  rows.n_ = n;
  rows.d_ = d;
  const int groups = d / kMaskColumns;
  const Filled filled = once ? Filled{1, 1} : filled_shares(data, n, d);
  rows.filled_ = filled.pairs;
  rows.filled_fours_ = filled.fours;
  if (rows.filled_ <= kPairsPayBelow) {
    rows.masks_ = Buffer<std::uint64_t>(n * rows.words());
    rows.kinds_ = Buffer<std::uint8_t>(n);
  }
  T* own = nullptr;
  if constexpr (std::is_same_v<From, T>) {
    rows.values_ = data;
  } else if (n * d * static_cast<std::int64_t>(sizeof(T)) > kMostCopied) {
    rows.other_ = data;
  } else {
    rows.own_ = Buffer<T>(n * d, Uninitialized{});
    rows.values_ = own = rows.own_.get();
  }
  if (own == nullptr && !rows.is_masked()) return rows;
  const Kernels<T>& of_result = kernels<T>();  // chosen here, where that may fail
  const Kernels<From>& of_source = kernels<From>();
  each_part(lease, n, d, [&](std::int64_t first, std::int64_t last) {
    for (std::int64_t i = first; i < last; ++i) {
      const From* const from = data + i * d;
      if constexpr (!std::is_same_v<From, T>)
        if (own != nullptr) of_result.convert(from, own + i * d, d);
      if (!rows.is_masked()) continue;
      std::uint64_t* const mask = rows.masks_.get() + i * rows.words();
      of_source.mark(from, groups, mask);
      rows.kinds_[i] = first_filled(mask, rows.words(), groups);
    }
  });
  return rows;
}

template <class T>
void Rows<T>::by_kind(const std::int64_t* rows, std::int64_t n, std::int64_t* sorted) const {
  std::int64_t starts[kMostKinds + 1] = {};
  for (std::int64_t i = 0; i < n; ++i) ++starts[kinds_[rows[i]] + 1];
  for (int kind = 0; kind < kMostKinds; ++kind) starts[kind + 1] += starts[kind];
  for (std::int64_t i = 0; i < n; ++i) sorted[starts[kinds_[rows[i]]]++] = rows[i];
}

template <class T>
void Rows<T>::fetch(std::int64_t i, T* to) const {
  kernels<T>().convert(other_ + i * d_, to, d_);
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

template class Rows<float>;
template class Rows<double>;
template Rows<float> Rows<float>::dense(const float*, std::int64_t, int, Lease&, bool);
template Rows<float> Rows<float>::dense(const double*, std::int64_t, int, Lease&, bool);
template Rows<double> Rows<double>::dense(const float*, std::int64_t, int, Lease&, bool);
template Rows<double> Rows<double>::dense(const double*, std::int64_t, int, Lease&, bool);

}  // namespace glassnet
