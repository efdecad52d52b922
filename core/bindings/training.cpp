// Populations: members in, fits out.
#include <algorithm>
#include <limits>

#include "bindings/common.hpp"
#include "training/stochastic.hpp"

namespace glassnet {
namespace {

// Passes what happens on to Python's monitor.
class Monitor final : public Listener {
 public:
  Monitor(nb::object monitor, Signals& signals)
      : monitor_(std::move(monitor)),
        wants_parameters_(nb::cast<bool>(monitor_.attr("wants_parameters"))),
        signals_(signals) {}

  bool epoch_ends(int member, std::int64_t epoch, double loss, const double* score,
                  const ReadParameters& parameters) override {
    return tell("epoch_ends", [&](const nb::object& call) {
      call(member, epoch, loss, score == nullptr ? nb::none() : nb::cast(*score),
           wants_parameters_ ? array_of(parameters()) : nb::none());
    });
  }
  std::optional<double> score(int member, bool training,
                              const ReadParameters& parameters) override {
    double found = 0;
    const bool goes_on = tell("score", [&](const nb::object& call) {
      found = nb::cast<double>(call(member, training, array_of(parameters())));
    });
    return goes_on ? std::optional<double>(found) : std::nullopt;
  }
  bool plateau(int member, const double* rate) override {
    return tell("plateau", [&](const nb::object& call) {
      call(member, rate == nullptr ? nb::none() : nb::cast(*rate));
    });
  }

 private:
  template <class F>
  bool tell(const char* what, F f) {
    const nb::gil_scoped_acquire gil;
    try {
      f(monitor_.attr(what));
    } catch (nb::python_error& error) {
      signals_.stop(std::move(error));
    }
    return !signals_.stopped();
  }

  nb::object monitor_;
  bool wants_parameters_;
  Signals& signals_;
};

// A member as Python describes it.
struct PyMember {
  Solver solver;
  double alpha, tol, n_iter_no_change;
  std::int64_t max_iter, batch_size;
  bool shuffle;
  std::optional<Vector<std::int64_t>> rows, validation_rows;
  std::optional<Vector<double>> row_weights;
  std::optional<int> target;
  double label_smoothing, clip_norm;
  Dropout dropout;
  Vector<std::uint32_t> key;
  int pos;
  Floats theta;
  double learning_rate;
  std::int64_t steps;
  std::optional<Floats> first, second, best_parameters;
  double best_loss, best_score;
  std::int64_t epochs_without_improvement, rows_seen;
  bool validation_stops, scores_training, scored_by_listener;
  std::optional<LedgerLosses> ledger_losses;
  std::optional<LedgerRights> ledger_rights;
};

template <class T>
std::vector<T> floats(const Floats& given, std::int64_t p, const char* what) {
  return std::visit(
      [&](const auto& v) {
        require(static_cast<std::int64_t>(v.size()) == p,
                std::string(what) + " must have one element a parameter of the network.");
        return std::vector<T>(v.data(), v.data() + v.size());
      },
      given);
}

template <class T>
Member<T> make_member(const PyMember& from, const Network& network, std::int64_t n,
                      const PyTargets& y, std::optional<std::int64_t> n_validation) {
  const std::int64_t p = network.n_parameters();
  Member<T> m;
  m.solver = from.solver;
  m.alpha = from.alpha;
  m.max_iter = from.max_iter;
  m.tol = from.tol;
  m.n_iter_no_change = from.n_iter_no_change;
  m.batch_size = from.batch_size;
  m.shuffle = from.shuffle;
  require(from.batch_size >= 1, "batch_size must be 1 or more.");
  m.rows = row_numbers(from.rows, n, true);
  require(!m.rows.empty(), "A member needs a row or more to train on.");
  m.validation_rows = row_numbers(from.validation_rows, n_validation.value_or(n),
                                  n_validation.has_value());
  m.validation_stops = from.validation_stops;
  m.scores_training = from.scores_training;
  m.scored_by_listener = from.scored_by_listener;
  require(!from.row_weights || static_cast<std::int64_t>(from.row_weights->size()) == n,
          "row_weights must have one element a row of X.");
  if (from.row_weights) m.row_weights = from.row_weights->data();
  m.target = from.target.value_or(-1);
  m.label_smoothing = is_of_numbers(network.output) ? 0 : from.label_smoothing;
  m.clip_norm = from.clip_norm;
  m.dropout = from.dropout;
  m.ledger = ledger_in(from.ledger_losses, from.ledger_rights, from.max_iter, n, network);
  require(from.dropout.share >= 0 && from.dropout.share < 1, "dropout must be in [0, 1).");
  require(from.target ? network.output != Output::softmax && m.target >= 0 &&
                            m.target + network.n_outputs() <= y.columns
                      : y.columns == network.n_outputs(),
          "The columns of y, and the target where there is one, must fit the network's outputs.");
  require(from.key.size() == RandomState::kWords && from.pos >= 0 &&
              from.pos <= RandomState::kWords,
          "The random state must be MT19937's: a key of 624 words and a position in it.");
  std::copy_n(from.key.data(), RandomState::kWords, m.random_state.key);
  m.random_state.pos = from.pos;
  m.theta = floats<T>(from.theta, p, "theta");
  m.optimizer = {from.learning_rate, from.steps, {}, {}};
  if (from.first) m.optimizer.first = floats<T>(*from.first, p, "first");
  if (from.second) m.optimizer.second = floats<T>(*from.second, p, "second");
  require(!from.first || from.solver.rule != Rule::adam || from.second, "adam has two moments.");
  m.progress = {from.best_loss, from.best_score, {}, from.epochs_without_improvement,
                from.rows_seen};
  if (from.best_parameters)
    m.progress.best_parameters = floats<T>(*from.best_parameters, p, "best_parameters");
  return m;
}

template <class T>
nb::object optional_array(std::vector<T>& values) {
  return values.empty() ? nb::object(nb::none()) : array_of(std::move(values));
}

template <class T>
nb::dict result_of(Member<T>& m, const Outcome& outcome) {
  static const char* const stops[] = {"converged", "max_iter", "interrupted", "diverged"};
  nb::dict fit;
  fit["theta"] = array_of(std::move(m.theta));
  fit["loss_curve"] = nb::cast(outcome.loss_curve);
  fit["validation_scores"] = nb::cast(outcome.validation_scores);
  fit["validation_losses"] = nb::cast(outcome.validation_losses);
  fit["training_scores"] = nb::cast(outcome.training_scores);
  fit["stop"] = stops[static_cast<int>(outcome.stop)];
  fit["learning_rate"] = m.optimizer.learning_rate;
  fit["steps"] = m.optimizer.steps;
  fit["first"] = optional_array(m.optimizer.first);
  fit["second"] = optional_array(m.optimizer.second);
  fit["best_loss"] = m.progress.best_loss;
  fit["best_score"] = m.progress.best_score;
  fit["best_parameters"] = optional_array(m.progress.best_parameters);
  fit["epochs_without_improvement"] = m.progress.epochs_without_improvement;
  fit["rows_seen"] = m.progress.rows_seen;
  const RandomState& random = m.random_state;
  fit["key"] = array_of(std::vector<std::uint32_t>(random.key, random.key + RandomState::kWords));
  fit["pos"] = random.pos;
  return fit;
}

template <class T>
nb::list train_members(const Network& network, const Data<T>& data, const Data<T>* validation,
                       const PyTargets& y, const std::vector<const PyMember*>& given, int threads,
                       nb::object watcher) {
  std::vector<Member<T>> members;
  std::optional<std::int64_t> n_validation;
  if (validation != nullptr) n_validation = validation->rows.n();
  for (const PyMember* one : given)
    members.push_back(make_member<T>(*one, network, data.rows.n(), y, n_validation));
  Signals signals;
  std::optional<Monitor> monitor;
  if (!watcher.is_none()) monitor.emplace(watcher, signals);
  std::vector<Outcome> outcomes;
  {
    const nb::gil_scoped_release release;
    Lease lease(threads);
    outcomes = train_population<T>(network, data, validation, members, lease,
                                   monitor ? &*monitor : nullptr, signals);
  }
  signals.rethrow();
  nb::list fits;
  for (std::size_t i = 0; i < members.size(); ++i)
    fits.append(result_of(members[i], outcomes[i]));
  return fits;
}

nb::list train(const Network& network, const PyRows& rows, const PyTargets::Given& y,
               const std::vector<const PyMember*>& members, int threads, nb::object monitor,
               const PyRows* X_val, const std::optional<PyTargets::Given>& y_val,
               const std::optional<Vector<double>>& weights_val) {
  require(rows.d() == network.n_features(), "X must have the columns that the network expects.");
  const PyTargets targets(network, rows.n(), y);
  std::optional<PyTargets> targets_val;
  if (X_val != nullptr) {
    require(X_val->d() == rows.d() && X_val->rows.index() == rows.rows.index(),
            "X_val must have the columns and the precision of X.");
    require(y_val.has_value(), "X_val needs a y_val.");
    targets_val.emplace(network, X_val->n(), *y_val);
    require(targets_val->columns == targets.columns, "y_val must have the columns of y.");
    require(!weights_val || static_cast<std::int64_t>(weights_val->size()) == X_val->n(),
            "weights_val must have one element a row of X_val.");
  }
  return rows.visit([&]<class T>(const Rows<T>& r) {
    std::optional<Data<T>> validation;
    if (X_val != nullptr)
      validation.emplace(Data<T>{std::get<Rows<T>>(X_val->rows), targets_val->targets,
                                 weights_val ? weights_val->data() : nullptr});
    return train_members<T>(network, {r, targets.targets}, validation ? &*validation : nullptr,
                            targets, members, threads, monitor);
  });
}

void init_member(
    PyMember* self, const std::string& solver, double learning_rate_init, double momentum,
    bool nesterovs_momentum, double beta_1, double beta_2, double epsilon,
    const std::string& schedule, double power_t, double alpha, std::int64_t max_iter, double tol,
    double n_iter_no_change, std::int64_t batch_size, bool shuffle,
    std::optional<Vector<std::int64_t>> rows, std::optional<Vector<std::int64_t>> validation_rows,
    std::optional<Vector<double>> row_weights, std::optional<int> target, double weight_decay,
    std::int64_t warmup_steps, std::int64_t total_steps, double label_smoothing, double clip_norm,
    double dropout, std::uint64_t dropout_seed, Vector<std::uint32_t> key, int pos, Floats theta, double learning_rate, std::int64_t steps,
    std::optional<Floats> first, std::optional<Floats> second, double best_loss, double best_score,
    std::optional<Floats> best_parameters, std::int64_t epochs_without_improvement,
    std::int64_t rows_seen, bool validation_stops, bool scores_training,
    bool scored_by_listener, std::optional<LedgerLosses> ledger_losses,
    std::optional<LedgerRights> ledger_rights) {
  static const std::map<std::string, Rule> rules{{"sgd", Rule::sgd}, {"adam", Rule::adam},
                                                 {"adamw", Rule::adam}};
  static const std::map<std::string, Schedule> schedules{{"constant", Schedule::constant},
                                                         {"invscaling", Schedule::invscaling},
                                                         {"adaptive", Schedule::adaptive},
                                                         {"cosine", Schedule::cosine},
                                                         {"one_cycle", Schedule::one_cycle}};
  const Solver own{named(rules, solver, "The solver"), learning_rate_init, momentum,
                   nesterovs_momentum, beta_1, beta_2, epsilon,
                   named(schedules, schedule, "The schedule"), power_t, weight_decay,
                   warmup_steps, total_steps};
  new (self) PyMember{own, alpha, tol, n_iter_no_change, max_iter, batch_size, shuffle,
                      std::move(rows), std::move(validation_rows), std::move(row_weights), target,
                      label_smoothing, clip_norm, {dropout, dropout_seed},
                      std::move(key), pos, std::move(theta), learning_rate, steps,
                      std::move(first), std::move(second), std::move(best_parameters), best_loss,
                      best_score, epochs_without_improvement, rows_seen, validation_stops,
                      scores_training, scored_by_listener, std::move(ledger_losses),
                      std::move(ledger_rights)};
}

}  // namespace

void bind_training(nb::module_& m) {
  nb::class_<PyMember>(m, "Member")
      .def("__init__", &init_member, nb::kw_only(), "solver"_a, "learning_rate_init"_a = 0.001,
           "momentum"_a = 0.9, "nesterovs_momentum"_a = true, "beta_1"_a = 0.9, "beta_2"_a = 0.999,
           "epsilon"_a = 1e-8, "schedule"_a = "constant", "power_t"_a = 0.5, "alpha"_a = 1e-4,
           "max_iter"_a = 200, "tol"_a = 1e-4, "n_iter_no_change"_a = 10.0, "batch_size"_a = 200,
           "shuffle"_a = true, "rows"_a = nb::none(), "validation_rows"_a = nb::none(),
           "row_weights"_a = nb::none(), "target"_a = nb::none(), "weight_decay"_a = 0.0,
           "warmup_steps"_a = 0, "total_steps"_a = 0, "label_smoothing"_a = 0.0,
           "clip_norm"_a = std::numeric_limits<double>::infinity(), "dropout"_a = 0.0,
           "dropout_seed"_a = 0, "key"_a, "pos"_a, "theta"_a,
           "learning_rate"_a, "steps"_a = 0, "first"_a = nb::none(), "second"_a = nb::none(),
           "best_loss"_a = std::numeric_limits<double>::infinity(),
           "best_score"_a = -std::numeric_limits<double>::infinity(),
           "best_parameters"_a = nb::none(), "epochs_without_improvement"_a = 0,
           "rows_seen"_a = 0, "validation_stops"_a = true, "scores_training"_a = false,
           "scored_by_listener"_a = false, "ledger_losses"_a.noconvert() = nb::none(),
           "ledger_rights"_a.noconvert() = nb::none());
  m.def("train", &train, "network"_a, "rows"_a, "y"_a.noconvert(), "members"_a, "n_threads"_a = 1,
        "monitor"_a = nb::none(), "X_val"_a.none() = nb::none(), "y_val"_a.noconvert() = nb::none(),
        "weights_val"_a = nb::none());
}

}  // namespace glassnet
