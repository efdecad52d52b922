// Networks and rows, as Python makes them.
#include <algorithm>

#include "bindings/common.hpp"
#include "kernels/dispatch.hpp"

namespace glassnet {
namespace {

Network make_network(std::vector<int> layer_sizes, const std::string& activation,
                     const std::string& output) {
  static const std::map<std::string, Activation> activations{{"identity", Activation::identity},
                                                             {"logistic", Activation::logistic},
                                                             {"tanh", Activation::tanh},
                                                             {"relu", Activation::relu},
                                                             {"leaky_relu", Activation::leaky_relu},
                                                             {"elu", Activation::elu},
                                                             {"softplus", Activation::softplus},
                                                             {"silu", Activation::silu},
                                                             {"gelu", Activation::gelu}};
  static const std::map<std::string, Output> outputs{{"softmax", Output::softmax},
                                                     {"logistic", Output::logistic},
                                                     {"identity", Output::identity},
                                                     {"exp", Output::exponential}};
  Network network{std::move(layer_sizes), named(activations, activation, "The activation"),
                  named(outputs, output, "The output")};
  network.check();
  return network;
}

template <class T, class From>
PyRows dense_rows(const Matrix<From>& X, int threads) {
  require(X.shape(1) >= 1 && X.shape(1) < (std::size_t{1} << 31), "X must have a column or more.");
  const nb::gil_scoped_release release;
  Lease lease(threads);
  return {Rows<T>::dense(X.data(), static_cast<std::int64_t>(X.shape(0)),
                         static_cast<int>(X.shape(1)), lease),
          {}};
}

PyRows make_dense(const std::variant<Matrix<float>, Matrix<double>>& X, bool single, int threads) {
  PyRows rows = std::visit(
      [&](const auto& x) {
        return single ? dense_rows<float>(x, threads) : dense_rows<double>(x, threads);
      },
      X);
  rows.keep.push_back(std::visit([](const auto& x) { return nb::cast(x); }, X));
  return rows;
}

template <class T, class I>
PyRows csr_rows(const Vector<T>& values, const Vector<std::int32_t>& columns,
                const Vector<I>& starts, int d) {
  require(starts.size() >= 1 && d >= 1, "indptr needs n + 1 elements, and X a column or more.");
  const auto n = static_cast<std::int64_t>(starts.size()) - 1;
  Buffer<std::int64_t> copied(n + 1);
  for (std::int64_t i = 0; i <= n; ++i) copied[i] = static_cast<std::int64_t>(starts.data()[i]);
  require(copied[0] >= 0 && copied[n] <= static_cast<std::int64_t>(values.size()) &&
              columns.size() == values.size(),
          "indptr of the sparse rows points outside data and indices.");
  return {Rows<T>::sparse(values.data(), columns.data(), std::move(copied), n, d),
          {nb::cast(values), nb::cast(columns)}};
}

template <class T>
bool all_finite(const Matrix<T>& X, int threads) {
  constexpr std::int64_t kPiece = 1 << 15;  // elements: some microseconds
  const auto n = static_cast<std::int64_t>(X.size());
  const T* const values = X.data();
  const Kernels<T>& chosen = kernels<T>();  // here, where that may fail: a piece must not throw
  const nb::gil_scoped_release release;
  Lease lease(n > 2 * kPiece ? threads : 1);
  std::atomic<bool> finite{true};
  lease.team().run(lease.threads(), static_cast<int>((n + kPiece - 1) / kPiece),
                   [&](int first, int last) {
                     const std::int64_t from = first * kPiece, until = std::min(n, last * kPiece);
                     if (finite && !chosen.is_finite(values + from, until - from))
                       finite = false;
                   });
  return finite;
}

bool is_finite(const std::variant<Matrix<float>, Matrix<double>>& X, int threads) {
  return std::visit([&](const auto& x) { return all_finite(x, threads); }, X);
}

PyRows make_csr(const Floats& values, const Vector<std::int32_t>& columns,
                const std::variant<Vector<std::int32_t>, Vector<std::int64_t>>& starts, int d) {
  return std::visit([&](const auto& v, const auto& s) { return csr_rows(v, columns, s, d); }, values,
                    starts);
}

}  // namespace

Ledger ledger_in(const std::optional<LedgerLosses>& losses,
                 const std::optional<LedgerRights>& rights, std::int64_t epochs, std::int64_t n,
                 const Network& network) {
  require(losses || !rights, "A ledger of what is right needs one of the losses.");
  if (!losses) return {};
  const auto fits = [epochs](const auto& array, std::int64_t columns) {
    return static_cast<std::int64_t>(array.shape(0)) >= epochs &&
           static_cast<std::int64_t>(array.shape(1)) == columns;
  };
  require(fits(*losses, n) && (!rights || fits(*rights, Page::bytes_of(n))),
          "A ledger needs a line for each epoch, with an element, or a bit, for each row of X.");
  require(!rights || !is_of_numbers(network.output), "Numbers are neither right nor wrong.");
  return {losses->data(), rights ? rights->data() : nullptr, n};
}

std::vector<std::int64_t> row_numbers(const std::optional<Vector<std::int64_t>>& given,
                                      std::int64_t n, bool all) {
  std::vector<std::int64_t> rows;
  if (given) {
    rows.assign(given->data(), given->data() + given->size());
    for (const std::int64_t row : rows)
      require(row >= 0 && row < n, "A row number is outside 0 .. n - 1.");
  } else if (all) {
    for (std::int64_t i = 0; i < n; ++i) rows.push_back(i);
  }
  return rows;
}

void bind_rows(nb::module_& m) {
  m.def("is_finite", &is_finite, "X"_a.noconvert(), "n_threads"_a = 1);
  nb::class_<Network>(m, "Network")
      .def("__init__",
           [](Network* self, std::vector<int> layer_sizes, const std::string& activation,
              const std::string& output) {
             new (self) Network(make_network(std::move(layer_sizes), activation, output));
           },
           "layer_sizes"_a, "activation"_a = "relu", "output"_a = "softmax")
      .def_prop_ro("n_parameters", &Network::n_parameters);
  nb::class_<PyRows>(m, "Rows")
      .def_static("dense", &make_dense, "X"_a.noconvert(), "single"_a, "n_threads"_a = 1)
      .def_static("csr", &make_csr, "data"_a.noconvert(), "indices"_a.noconvert(),
                  "indptr"_a.noconvert(), "n_features"_a)
      .def_prop_ro("n", &PyRows::n)
      .def_prop_ro("n_features", &PyRows::d)
      .def_prop_ro("single", [](const PyRows& r) { return r.rows.index() == 0; })
      .def_prop_ro("filled",
                   [](const PyRows& r) { return r.visit([](auto& x) { return x.filled(); }); })
      .def_prop_ro("skips_zeros", [](const PyRows& r) {
        return r.visit([](auto& x) { return x.is_sparse() || x.is_masked(); });
      });
}

}  // namespace glassnet
