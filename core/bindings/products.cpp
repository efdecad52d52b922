// What is asked for net by net: loss and gradient, outputs, and products with X.
#include <memory>
#include <mutex>

#include "bindings/common.hpp"
#include "training/conjugate_gradient.hpp"
#include "training/linear.hpp"
#include "training/objective.hpp"
#include "training/prediction.hpp"

namespace glassnet {
namespace {

template <class T>
using Out = nb::ndarray<T, nb::ndim<1>, nb::c_contig, nb::device::cpu>;
using Written = nb::ndarray<double, nb::ndim<2>, nb::c_contig, nb::device::cpu>;
template <class T>
using Arrays = std::vector<nb::ndarray<const T, nb::c_contig, nb::device::cpu>>;

// The loss of all rows of one net; it keeps the arrays that it was made of. Calls from several
// Python threads wait for each other: they share its buffers.
struct PyObjective {
  std::variant<std::unique_ptr<Objective<float>>, std::unique_ptr<Objective<double>>> objective;
  Network network;
  std::int64_t n;
  bool marks_rights;
  nb::object rows, y, weights;
  std::mutex busy{};
};

void init_objective(PyObjective* self, const Network& network, nb::object rows, nb::object y,
                    double alpha, const std::optional<Vector<std::int64_t>>& numbers,
                    std::optional<Vector<double>> weights, double label_smoothing,
                    bool marks_rights) {
  const auto& given = nb::cast<const PyRows&>(rows);
  const PyTargets targets(network, given.n(), nb::cast<PyTargets::Given>(y, false));
  require(given.d() == network.n_features(), "X must have the columns that the network expects.");
  require(targets.columns == network.n_outputs(), "The columns of y must fit the outputs.");
  require(!weights || static_cast<std::int64_t>(weights->size()) == given.n(),
          "row_weights must have one element a row of X.");
  std::vector<std::int64_t> own = row_numbers(numbers, given.n(), true);
  require(!own.empty(), "There must be a row or more.");
  require(!marks_rights || !is_of_numbers(network.output), "Numbers are neither right nor wrong.");
  new (self) PyObjective{{}, network, given.n(), marks_rights, rows, y,
                         weights ? nb::cast(*weights) : nb::object(nb::none())};
  given.visit([&]<class T>(const Rows<T>& x) {
    self->objective = std::make_unique<Objective<T>>(
        network,
        Data<T>{.rows = x,
                .targets = targets.targets,
                .weights = weights ? weights->data() : nullptr,
                .smoothing = label_smoothing,
                .marks_rights = marks_rights},
        std::move(own), alpha);
  });
}

// Raises what a signal's handler has raised, or KeyboardInterrupt.
void raise_where(Signals& signals, bool interrupted) {
  signals.rethrow();
  if (!interrupted) return;
  PyErr_SetNone(PyExc_KeyboardInterrupt);
  throw nb::python_error();
}

template <class T>
double evaluate(PyObjective& self, const Vector<T>& theta, const Out<T>& gradient, int threads,
                const std::optional<LedgerLosses>& losses,
                const std::optional<LedgerRights>& rights) {
  auto* const objective = std::get_if<std::unique_ptr<Objective<T>>>(&self.objective);
  require(objective != nullptr, "theta must have the dtype of the rows.");
  require(static_cast<std::int64_t>(theta.size()) == self.network.n_parameters() &&
              theta.size() == gradient.size(),
          "theta and gradient must have one element a parameter of the network.");
  require(!rights || self.marks_rights, "The objective was not made to mark what is right.");
  const Ledger ledger = ledger_in(losses, rights, 1, self.n, self.network);
  const Page page = ledger.is_kept() ? ledger.page(0) : Page{};
  Signals signals;
  bool interrupted = false;
  double loss = 0;
  {
    const nb::gil_scoped_release release;
    const std::scoped_lock lock(self.busy);
    Lease lease(threads);
    loss = (*objective)->evaluate(theta.data(), gradient.data(), page,
                                  {&lease.team(), lease.threads()}, signals, interrupted);
  }
  raise_where(signals, interrupted);
  return loss;
}

template <class T>
std::vector<const T*> parts_of(const Network& network, const Arrays<T>& coefs,
                               const Arrays<T>& intercepts) {
  const auto layers = static_cast<std::size_t>(network.n_layers());
  require(coefs.size() == layers && intercepts.size() == layers,
          "There must be coefs and intercepts for each layer.");
  std::vector<const T*> parts;
  for (std::size_t l = 0; l < layers; ++l) {
    const auto size = static_cast<std::size_t>(network.fan_in(static_cast<int>(l))) *
                      static_cast<std::size_t>(network.fan_out(static_cast<int>(l)));
    require(coefs[l].size() == size, "The coefs of a layer must be (fan_in, fan_out).");
    parts.push_back(coefs[l].data());
  }
  for (std::size_t l = 0; l < layers; ++l) {
    require(intercepts[l].size() == static_cast<std::size_t>(network.fan_out(static_cast<int>(l))),
            "The intercepts of a layer must be (fan_out,).");
    parts.push_back(intercepts[l].data());
  }
  return parts;
}

// The network with its outputs as they are, or `raw`: the scores that they are made of.
Network as_read(Network network, bool raw) {
  if (raw) network.output = Output::linear;
  return network;
}

template <class T>
nb::object predict_rows(const Network& given, const Arrays<T>& coefs,
                        const Arrays<T>& intercepts, const PyRows& rows, int threads, bool raw) {
  const Network network = as_read(given, raw);
  const auto* const x = std::get_if<Rows<T>>(&rows.rows);
  require(x != nullptr, "The coefs must have the dtype of the rows.");
  require(rows.d() == network.n_features(), "X must have the columns that the network expects.");
  const std::vector<const T*> parts = parts_of(network, coefs, intercepts);
  const auto n = static_cast<std::size_t>(rows.n()), k = static_cast<std::size_t>(network.n_outputs());
  std::vector<T> outputs(n * k);
  {
    const nb::gil_scoped_release release;
    Lease lease(threads);
    predict(network, parts, *x, outputs.data(), lease);
  }
  return array_of(std::move(outputs), {n, k});
}

constexpr std::size_t kFewRows = 4;

template <class T, class From>
nb::object predict_array(const Network& given, const Arrays<T>& coefs,
                         const Arrays<T>& intercepts, const Matrix<From>& X, int threads,
                         bool raw) {
  const Network network = as_read(given, raw);
  const std::size_t n = X.shape(0), k = static_cast<std::size_t>(network.n_outputs());
  require(static_cast<int>(X.shape(1)) == network.n_features(),
          "X must have the columns that the network expects.");
  const std::vector<const T*> parts = parts_of(network, coefs, intercepts);
  std::vector<T> outputs(n * k);
  {
    const nb::gil_scoped_release release;
    if (n <= kFewRows) {
      const std::vector<T> rows(X.data(), X.data() + X.size());
      predict_few(network, parts, rows.data(), static_cast<std::int64_t>(n), outputs.data());
    } else {
      Lease lease(threads);
      predict_dense(network, parts, X.data(), static_cast<std::int64_t>(n), outputs.data(), lease);
    }
  }
  return array_of(std::move(outputs), {n, k});
}

// Products with X for q outputs; it keeps the rows.
template <class T>
struct PyProducts {
  LinearProducts<T> products;
  std::size_t n, d, q;
  nb::object rows;
  std::mutex busy;

  PyProducts(nb::object given, const Rows<T>& x, int q_)
      : products(x, q_), n(static_cast<std::size_t>(x.n())), d(static_cast<std::size_t>(x.d())),
        q(static_cast<std::size_t>(q_)), rows(std::move(given)) {}

  void check(const Matrix<T>& v) const {
    require((v.shape(0) == d || v.shape(0) == d + 1) && v.shape(1) == q,
            "The parameters must be (d, q), or (d + 1, q) with the intercepts last.");
  }

  nb::object scores(const Matrix<T>& v, int threads) {
    check(v);
    std::vector<T> z(n * q);
    {
      const nb::gil_scoped_release release;
      const std::scoped_lock lock(busy);
      Lease lease(threads);
      products.scores(v.data(), v.shape(0) > d, z.data(), lease);
    }
    return array_of(std::move(z), {n, q});
  }

  nb::object adjoint(const Matrix<T>& values, bool intercept, int threads) {
    check_values(values, std::nullopt);
    const std::size_t p = d + (intercept ? 1 : 0);
    std::vector<T> out(p * q);
    {
      const nb::gil_scoped_release release;
      const std::scoped_lock lock(busy);
      Lease lease(threads);
      products.adjoint(nullptr, values.data(), Bend::given, nullptr, intercept, out.data(), lease);
    }
    return array_of(std::move(out), {p, q});
  }

  // Looks from V at what several models see; each has arrays (n, q) of its own, see Look.
  nb::object look(const Matrix<T>& v, const std::vector<std::optional<Matrix<double>>>& before,
                  const std::vector<Matrix<double>>& y,
                  const std::vector<Vector<double>>& weights,
                  const std::vector<Written>& scores,
                  const std::vector<Written>& probabilities, bool softmax, int threads) {
    check(v);
    const std::size_t count = y.size();
    require(count >= 1 && q % count == 0 && (softmax || q == count),
            "The models must have as many columns each, of a sigmoid one.");
    require(before.size() == count && weights.size() == count && scores.size() == count &&
                probabilities.size() == count,
            "There must be an array of each kind for each model.");
    const auto fits = [&](const auto& array) {
      return array.shape(0) == n && array.shape(1) == q / count;
    };
    std::vector<Look> parts;
    for (std::size_t i = 0; i < count; ++i) {
      require(fits(y[i]) && fits(scores[i]) && fits(probabilities[i]) &&
                  (!before[i] || fits(*before[i])) && weights[i].size() == n,
              "The arrays of a model must be (n, q), and its weights (n,).");
      parts.push_back({before[i] ? before[i]->data() : nullptr, y[i].data(), weights[i].data(),
                       scores[i].data(), probabilities[i].data()});
    }
    std::vector<T> out(v.shape(0) * q);
    std::vector<double> losses;
    {
      const nb::gil_scoped_release release;
      const std::scoped_lock lock(busy);
      Lease lease(threads);
      losses = products.look(v.data(), parts, softmax, v.shape(0) > d, out.data(), lease);
    }
    return nb::make_tuple(array_of(std::move(out), {v.shape(0), q}), nb::cast(losses));
  }

  // Solves with the Hessian; a preconditioner is a factor (p, p), row by row its columns, or (p,).
  nb::object solve(const Matrix<T>& values, const std::string& kind,
                   const std::optional<Vector<double>>& weights, const Matrix<T>& penalty,
                   const Matrix<T>& rhs, const Arrays<T>& preconditioners,
                   std::vector<double> tolerances, int limit, int threads) {
    check(rhs);
    const std::size_t p = rhs.shape(0);
    Systems<T> systems{values.data(), bend_of(kind), weights ? weights->data() : nullptr, p > d,
                       static_cast<int>(p), static_cast<int>(q), penalty.data(), rhs.data(), {},
                       std::move(tolerances), limit};
    check_values(values, weights);
    require(penalty.shape(0) == p && penalty.shape(1) == q, "The penalty must be (p, q).");
    require(systems.tolerances.size() == (systems.bend == Bend::softmax ? 1 : q),
            "There must be a tolerance for each system.");
    require(preconditioners.size() == q, "There must be a preconditioner for each output.");
    for (const auto& by : preconditioners) {
      const bool full = by.ndim() == 2;
      require((full && by.shape(0) == p && by.shape(1) == p) || (by.ndim() == 1 && by.size() == p),
              "A preconditioner must be (p, p) or (p,).");
      systems.preconditioners.push_back({full ? by.data() : nullptr, full ? nullptr : by.data()});
    }
    std::vector<T> x(p * q);
    std::vector<int> iterations;
    Signals signals;
    bool interrupted = false;
    {
      const nb::gil_scoped_release release;
      const std::scoped_lock lock(busy);
      Lease lease(threads);
      iterations = glassnet::solve(products, systems, x.data(), lease, signals, interrupted);
    }
    raise_where(signals, interrupted);
    return nb::make_tuple(array_of(std::move(x), {p, q}), nb::cast(iterations));
  }

 private:
  static Bend bend_of(const std::string& kind) {
    static const std::map<std::string, Bend> bends{{"diagonal", Bend::diagonal},
                                                   {"softmax", Bend::softmax}};
    return named(bends, kind, "The kind of Hessian");
  }

  void check_values(const Matrix<T>& values, const std::optional<Vector<double>>& weights) const {
    require(values.shape(0) == n && values.shape(1) == q, "The values must be (n, q).");
    require(!weights || weights->size() == n, "row_weights must have one element a row of X.");
  }
};

template <class T>
void bind_linear(nb::module_& m, const char* name) {
  using P = PyProducts<T>;
  nb::class_<P>(m, name)
      .def("__init__",
           [](P* self, nb::object rows, int q) {
             const auto* x = std::get_if<Rows<T>>(&nb::cast<const PyRows&>(rows).rows);
             require(x != nullptr, "The rows must have the dtype of the products.");
             require(q >= 1 && x->n() >= 1, "There must be an output and a row or more.");
             new (self) P(rows, *x, q);
           },
           "rows"_a, "q"_a)
      .def("scores", &P::scores, "V"_a.noconvert(), "n_threads"_a = 1)
      .def("adjoint", &P::adjoint, "R"_a.noconvert(), "intercept"_a = false, "n_threads"_a = 1)
      .def("look", &P::look, "V"_a.noconvert(), "before"_a, "Y"_a, "row_weights"_a, "scores"_a,
           "probabilities"_a, "softmax"_a, "n_threads"_a = 1)
      .def("solve", &P::solve, "values"_a.noconvert(), "kind"_a, "row_weights"_a.none(),
           "penalty"_a.noconvert(), "rhs"_a.noconvert(), "preconditioners"_a, "tolerances"_a,
           "limit"_a, "n_threads"_a = 1);
}

template <class T, class Other>
void bind_prediction(nb::module_& m) {
  m.def("predict", &predict_array<T, T>, "network"_a, "coefs"_a.noconvert(),
        "intercepts"_a.noconvert(), "X"_a.noconvert(), "n_threads"_a = 1, "raw"_a = false);
  m.def("predict", &predict_array<T, Other>, "network"_a, "coefs"_a.noconvert(),
        "intercepts"_a.noconvert(), "X"_a.noconvert(), "n_threads"_a = 1, "raw"_a = false);
  m.def("predict", &predict_rows<T>, "network"_a, "coefs"_a.noconvert(),
        "intercepts"_a.noconvert(), "rows"_a, "n_threads"_a = 1, "raw"_a = false);
}

}  // namespace

void bind_products(nb::module_& m) {
  nb::class_<PyObjective>(m, "Objective")
      .def("__init__", &init_objective, "network"_a, "rows"_a, "y"_a, "alpha"_a = 0.0,
           "row_numbers"_a = nb::none(), "row_weights"_a = nb::none(), "label_smoothing"_a = 0.0,
           "marks_rights"_a = false)
      .def("evaluate", &evaluate<float>, "theta"_a.noconvert(), "gradient"_a.noconvert(),
           "n_threads"_a = 1, "losses"_a.noconvert() = nb::none(), "rights"_a.noconvert() = nb::none())
      .def("evaluate", &evaluate<double>, "theta"_a.noconvert(), "gradient"_a.noconvert(),
           "n_threads"_a = 1, "losses"_a.noconvert() = nb::none(), "rights"_a.noconvert() = nb::none());
  bind_prediction<double, float>(m);
  bind_prediction<float, double>(m);
  bind_linear<float>(m, "LinearProductsSingle");
  bind_linear<double>(m, "LinearProductsDouble");
}

}  // namespace glassnet
