// What the parts of the Python module share: arrays, rows, targets, and Ctrl-C.
#pragma once

#include <nanobind/nanobind.h>
#include <nanobind/ndarray.h>
#include <nanobind/stl/optional.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/variant.h>
#include <nanobind/stl/vector.h>

#include <atomic>
#include <chrono>
#include <map>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <variant>
#include <vector>

#include "data/rows.hpp"
#include "data/targets.hpp"
#include "model/network.hpp"
#include "training/member.hpp"
#include "training/numbers.hpp"

namespace glassnet {

namespace nb = nanobind;
using namespace nb::literals;

template <class T>
using Vector = nb::ndarray<const T, nb::ndim<1>, nb::c_contig, nb::device::cpu>;
template <class T>
using Matrix = nb::ndarray<const T, nb::ndim<2>, nb::c_contig, nb::device::cpu>;
using Floats = std::variant<Vector<float>, Vector<double>>;
// What the core writes into: the losses (e, n) of a ledger, and its bits (e, ceil(n / 8)).
using LedgerLosses = nb::ndarray<float, nb::ndim<2>, nb::c_contig, nb::device::cpu>;
using LedgerRights = nb::ndarray<std::uint8_t, nb::ndim<2>, nb::c_contig, nb::device::cpu>;

inline void require(bool condition, const std::string& sentence) {
  if (!condition) throw std::invalid_argument(sentence);
}

template <class E>
E named(const std::map<std::string, E>& names, const std::string& name, const char* what) {
  const auto found = names.find(name);
  require(found != names.end(), std::string(what) + " '" + name + "' is not known.");
  return found->second;
}

// A NumPy array of the given shape that owns the values.
template <class T>
nb::object array_of(std::vector<T> values, std::vector<std::size_t> shape = {}) {
  auto* kept = new std::vector<T>(std::move(values));
  nb::capsule owner(kept, [](void* p) noexcept { delete static_cast<std::vector<T>*>(p); });
  if (shape.empty()) shape = {kept->size()};
  return nb::cast(nb::ndarray<nb::numpy, T>(kept->data(), shape.size(), shape.data(), owner));
}

// Ctrl-C: asks Python now and then, on the calling thread alone. What a signal's handler raises
// stops all members; a KeyboardInterrupt is then forgotten, since they are returned as they stand.
class Signals final : public Interruption {
 public:
  bool requested() override {
    if (stopped_.load(std::memory_order_relaxed)) return true;
    if (std::this_thread::get_id() != caller_) return false;
    const auto now = std::chrono::steady_clock::now();
    if (now < next_) return false;
    next_ = now + std::chrono::milliseconds(20);
    const nb::gil_scoped_acquire gil;
    if (PyErr_CheckSignals() != 0) stop(nb::python_error());
    return stopped_.load(std::memory_order_relaxed);
  }

  // To be called with the GIL.
  void stop(nb::python_error&& error) {
    stopped_.store(true);
    if (!error.matches(PyExc_KeyboardInterrupt) && !failure_) failure_.emplace(std::move(error));
  }
  void rethrow() {
    if (failure_) throw std::move(*failure_);
  }
  bool stopped() const { return stopped_.load(); }

 private:
  const std::thread::id caller_ = std::this_thread::get_id();
  std::chrono::steady_clock::time_point next_ = std::chrono::steady_clock::now();
  std::atomic<bool> stopped_{false};
  std::optional<nb::python_error> failure_;
};

// X in the precision of the arithmetic, and what keeps its memory alive.
struct PyRows {
  std::variant<Rows<float>, Rows<double>> rows;
  std::vector<nb::object> keep;

  template <class F>
  decltype(auto) visit(F f) const {
    return std::visit(f, rows);
  }
  std::int64_t n() const {
    return visit([](const auto& r) { return r.n(); });
  }
  int d() const {
    return visit([](const auto& r) { return r.d(); });
  }
};

// y as the passes read it: classes (n,) for softmax, labels (n, q) for logistic outputs, numbers
// (n, q) for the others, where q is k or, for members that have a column of their own as target, anything.
struct PyTargets {
  Targets targets;
  int columns = 0;

  using Given =
      std::variant<Vector<std::int32_t>, Matrix<std::uint8_t>, Matrix<bool>, Matrix<double>>;
  PyTargets(const Network& network, std::int64_t n, const Given& y) {
    const bool softmax = network.output == Output::softmax, numbers = is_of_numbers(network.output);
    require(softmax == (y.index() == 0) && numbers == (y.index() == 3),
            "y must be classes (n,) of int32 for a softmax output, labels (n, k) of bool or uint8 "
            "for logistic outputs, numbers (n, k) of float64 for the others.");
    const auto rows = std::visit([](const auto& a) { return a.shape(0); }, y);
    require(static_cast<std::int64_t>(rows) == n, "X and y must have as many rows.");
    if (y.index() == 0) take_classes(std::get<0>(y), network.n_outputs());
    if (y.index() == 1) take_labels(std::get<1>(y));
    if (y.index() == 2) take_labels(std::get<2>(y));
    if (y.index() == 3) take_numbers(std::get<3>(y));
  }

 private:
  void take_classes(const Vector<std::int32_t>& y, int k) {
    for (std::size_t i = 0; i < y.size(); ++i)
      require(y.data()[i] >= 0 && y.data()[i] < k, "A class in y is outside 0 .. k - 1.");
    targets.classes = y.data();
    columns = k;
  }
  template <class B>
  void take_labels(const Matrix<B>& y) {
    static_assert(sizeof(B) == 1);
    targets.labels = reinterpret_cast<const std::uint8_t*>(y.data());
    targets.pitch = static_cast<std::int64_t>(y.shape(1));
    columns = static_cast<int>(y.shape(1));
  }
  void take_numbers(const Matrix<double>& y) {
    targets.numbers = y.data();
    targets.pitch = static_cast<std::int64_t>(y.shape(1));
    columns = static_cast<int>(y.shape(1));
  }
};

// A ledger in Python's arrays, none where there are no losses; it has room for so many epochs or more.
Ledger ledger_in(const std::optional<LedgerLosses>& losses,
                 const std::optional<LedgerRights>& rights, std::int64_t epochs, std::int64_t n,
                 const Network& network);

// Row numbers given by Python, all of 0 .. n - 1; all rows where none are given and `all`.
std::vector<std::int64_t> row_numbers(const std::optional<Vector<std::int64_t>>& given,
                                      std::int64_t n, bool all);

void bind_rows(nb::module_& m);
void bind_training(nb::module_& m);
void bind_products(nb::module_& m);

}  // namespace glassnet
