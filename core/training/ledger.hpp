// What a net says of each row as it meets it: the row's loss, and whether it is right.
//
// The memory is somebody else's: losses (e, n) of e epochs and n rows, and for classes a bit for each
// row, (e, ceil(n / 8)), the first row's the highest of its byte, as NumPy packs them.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>

namespace glassnet {

// An epoch's part of it.
struct Page {
  float* losses = nullptr;         // none: nothing is kept
  std::uint8_t* rights = nullptr;  // none for numbers

  // The loss of a row that is not met is not a number.
  void begin(std::int64_t n) const {
    std::fill_n(losses, n, std::numeric_limits<float>::quiet_NaN());
    if (rights != nullptr) std::fill_n(rights, bytes_of(n), std::uint8_t{0});
  }

  // A row that is met twice is as it was the last time.
  void write(std::int64_t row, double loss, bool right) const {
    losses[row] = static_cast<float>(loss);
    if (rights == nullptr) return;
    const auto bit = static_cast<std::uint8_t>(0x80U >> (row % 8));
    const auto others = static_cast<std::uint8_t>(rights[row / 8] & ~bit);
    const bool counts = right && std::isfinite(loss);
    rights[row / 8] = static_cast<std::uint8_t>(others | (counts ? bit : 0));
  }

  static std::int64_t bytes_of(std::int64_t n) { return (n + 7) / 8; }
};

struct Ledger {
  float* losses = nullptr;
  std::uint8_t* rights = nullptr;
  std::int64_t n = 0;  // rows of X

  bool is_kept() const { return losses != nullptr; }
  Page page(std::int64_t epoch) const {
    return {losses + epoch * n, rights == nullptr ? nullptr : rights + epoch * Page::bytes_of(n)};
  }
};

}  // namespace glassnet
