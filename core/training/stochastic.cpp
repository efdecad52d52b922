#include "training/stochastic.hpp"

#include <algorithm>
#include <cmath>
#include <memory>

#include "kernels/dispatch.hpp"
#include "threads/pace.hpp"
#include "training/judge.hpp"
#include "training/schedules.hpp"
#include "training/watch.hpp"

namespace glassnet {
namespace {

constexpr double kSmallestRate = 1e-6;  // the adaptive schedule's, scikit-learn's
// Multiply-adds that a thread must have in each step to be tried at all: some tens of microseconds.
// With less, trials cost small nets a tenth of their time.
constexpr double kWorkOfThread = 1e6;

// The member that is being trained, with parameters and state in the inner layout.
template <class T>
class Run {
 public:
  Run(const Network& network, const Data<T>& data, const Data<T>* validation, Member<T>& member,
      int index, Crew crew, Listener* listener, Interruption& interruption)
      : network_(network),
        member_(member),
        index_(index),
        listener_(listener),
        interruption_(interruption),
        data_(own(data, member, member.row_weights)),
        validation_data_(validation == nullptr
                             ? data_
                             : own(*validation, member, validation->weights)),
        layout_(network, kernels<T>()),
        batch_(std::min<std::int64_t>(member.batch_size,
                                      static_cast<std::int64_t>(member.rows.size()))),
        passes_(network, layout_, data_, static_cast<int>(std::min<std::int64_t>(batch_, kChunkRows)),
                true),
        crew_(crew),
        pace_(crew.threads),
        watch_(member.tol, member.n_iter_no_change, member.progress.best_loss,
               member.progress.best_score, member.progress.epochs_without_improvement),
        theta_(layout_.size()),
        first_(layout_.size()),
        second_(member.solver.rule == Rule::adam ? layout_.size() : 0) {
    if (batch_ > kChunkRows || clips()) gradient_ = Buffer<T>(layout_.size());
    passes_.share(crew.team, 1);
    if (!member.validation_rows.empty())
      validation_ = std::make_unique<Judge<T>>(network, layout_, validation_data_,
                                               member.validation_rows);
    if (member.scores_training)
      training_ = std::make_unique<Judge<T>>(network, layout_, data_, member.rows);
    enter();
  }

  Outcome train() {
    outcome_.stop = run_epochs();
    leave();
    return std::move(outcome_);
  }

 private:
  static Data<T> own(const Data<T>& data, const Member<T>& member, const double* weights) {
    Data<T> mine = data;
    mine.weights = weights;
    mine.smoothing = member.label_smoothing;
    mine.dropout = member.dropout;
    mine.marks_rights = member.ledger.rights != nullptr;
    if (member.target >= 0) mine.targets.narrow(member.target);
    return mine;
  }

  void enter() {
    layout_.pack(member_.theta.data(), theta_.get());
    passes_.transpose_coefs(theta_.get());
    if (!member_.optimizer.first.empty()) {
      layout_.pack(member_.optimizer.first.data(), first_.get());
      if (!second_.empty()) layout_.pack(member_.optimizer.second.data(), second_.get());
    }
    if (!member_.progress.best_parameters.empty()) {
      best_ = Buffer<T>(layout_.size());
      layout_.pack(member_.progress.best_parameters.data(), best_.get());
    }
  }

  void leave() {
    unpack(first_, member_.optimizer.first);
    if (!second_.empty()) unpack(second_, member_.optimizer.second);
    if (!best_.empty()) unpack(best_, member_.progress.best_parameters);
    const bool restores = is_judged_by_score() && !best_.empty();
    unpack(restores ? best_ : theta_, member_.theta);
    member_.progress.best_loss = watch_.best_loss();
    member_.progress.best_score = watch_.best_score();
    member_.progress.epochs_without_improvement = watch_.count();
  }

  void unpack(const Buffer<T>& inner, std::vector<T>& outer) {
    outer.resize(static_cast<std::size_t>(network_.n_parameters()));
    layout_.unpack(inner.get(), outer.data());
  }

  Stop run_epochs() {
    // Each epoch permutes the order of the one before; the first begins with the rows as given.
    order_ = member_.rows;
    for (std::int64_t epoch = 1; epoch <= member_.max_iter; ++epoch) {
      if (!run_epoch()) return Stop::interrupted;
      const double loss = outcome_.loss_curve.back();
      if (!judge_epoch(loss)) return Stop::interrupted;
      if (!std::isfinite(loss)) return Stop::diverged;
      if (after_epoch()) return Stop::converged;
      if (told_to_stop_) return Stop::interrupted;
    }
    return Stop::max_iter;
  }

  // Takes one step a batch; false where the user interrupts.
  bool run_epoch() {
    const auto n = static_cast<std::int64_t>(order_.size());
    if (member_.ledger.is_kept()) page().begin(member_.ledger.n);
    if (member_.shuffle) member_.random_state.shuffle(order_.data(), n);
    double total = 0;
    for (std::int64_t start = 0; start < n; start += batch_) {
      const std::int64_t rows = std::min(batch_, n - start);
      double loss = 0;
      if (!step(ordered(order_.data() + start, rows), rows, loss)) return false;
      total += loss * static_cast<double>(rows);
    }
    outcome_.loss_curve.push_back(total / static_cast<double>(n));
    return true;
  }

  double weight_sum(const std::int64_t* rows, std::int64_t n) const {
    if (data_.weights == nullptr) return static_cast<double>(n);
    return pairwise_sum([&](std::int64_t i) { return data_.weights[rows[i]]; }, 0, n);
  }

  bool any_weight(const std::int64_t* rows, std::int64_t n) const {
    return data_.weights == nullptr ||
           std::any_of(rows, rows + n, [&](std::int64_t row) { return data_.weights[row] != 0; });
  }

  // The rows of a batch in the order in which the products take least time. Units are left out by a
  // row's place in its batch, which then stays.
  const std::int64_t* ordered(const std::int64_t* rows, std::int64_t n) {
    if (!data_.rows.is_masked() || data_.dropout.share > 0) return rows;
    batch_rows_.resize(static_cast<std::size_t>(n));
    data_.rows.by_kind(rows, n, batch_rows_.data());
    return batch_rows_.data();
  }

  // One step along the gradient of a batch, whose loss before it is returned in `loss`.
  bool step(const std::int64_t* rows, std::int64_t n, double& loss) {
    if (!any_weight(rows, n)) return true;  // nothing to learn from rows that count for nothing
    const double sum = weight_sum(rows, n);
    const Solver& solver = member_.solver;
    const std::int64_t number = steps_++;
    if (is_by_step(solver.schedule)) member_.optimizer.learning_rate = rate_at(solver, number);
    const Update<T> update = next_update(sum);
    Update<T> own = update;
    if (clips()) own.rule = Rule::none;  // the whole gradient comes first
    const Parameters<T> parameters{theta_.get(), gradient_.get(), first_.get(), second_.get()};
    double losses = 0, squares = 0;
    passes_.share(crew_.team, pace_.threads());
    passes_.step_begins(static_cast<std::uint64_t>(number));
    for (std::int64_t start = 0; start < n; start += kChunkRows) {
      if (interruption_.requested()) return false;
      const std::int64_t count = std::min<std::int64_t>(kChunkRows, n - start);
      passes_.take(rows + start, static_cast<int>(count), start);
      passes_.forward(theta_.get());
      if (interruption_.requested()) return false;
      losses += passes_.loss();
      if (member_.ledger.is_kept()) passes_.write(page(), network_.told_share());
      squares += passes_.backward(parameters, own, start == 0, start + count == n);
    }
    if (clips()) descend(parameters, update);
    pace_.step_ends();
    if (member_.solver.rule == Rule::adam) ++member_.optimizer.steps;
    loss = (losses * network_.told_share() + 0.5 * member_.alpha * squares) / sum;
    return true;
  }

  // Of the ledger, the epoch that is under way.
  Page page() const {
    return member_.ledger.page(static_cast<std::int64_t>(outcome_.loss_curve.size()));
  }

  bool clips() const { return std::isfinite(member_.clip_norm); }

  // Takes the step along a gradient that is whole, and shorter where its norm is too large.
  void descend(const Parameters<T>& parameters, Update<T> update) {
    const double norm = std::sqrt(passes_.square_norm(gradient_.get()));
    update.alpha = T{0};
    update.scale = norm > member_.clip_norm ? static_cast<T>(member_.clip_norm / norm) : T{1};
    passes_.descend(parameters, update);
  }

  Update<T> next_update(double weight_sum) const {
    const Solver& s = member_.solver;
    double rate = member_.optimizer.learning_rate;
    if (s.rule == Rule::adam) {
      const auto t = static_cast<double>(member_.optimizer.steps + 1);
      rate *= std::sqrt(1 - std::pow(s.beta_2, t)) / (1 - std::pow(s.beta_1, t));
    }
    return {s.rule,
            s.nesterovs_momentum,
            static_cast<T>(member_.alpha),
            static_cast<T>(1 / weight_sum),
            static_cast<T>(rate),
            static_cast<T>(s.momentum),
            static_cast<T>(s.beta_1),
            static_cast<T>(s.beta_2),
            static_cast<T>(s.epsilon),
            static_cast<T>(1 - member_.optimizer.learning_rate * s.weight_decay)};
  }

  // Compares the epoch with the best so far, and tells the listener; false where that one stops.
  bool judge_epoch(double loss) {
    const double* score = nullptr;
    if (!score_epoch()) return false;
    if (validation_ != nullptr) score = &outcome_.validation_scores.back();
    if (!is_judged_by_score()) {
      watch_.hears_loss(loss);
    } else if (watch_.hears_score(*score) || best_.empty()) {
      if (best_.empty()) best_ = Buffer<T>(layout_.size());
      best_.copy_from(theta_);
    }
    const auto epoch = static_cast<std::int64_t>(outcome_.loss_curve.size());
    return listener_ == nullptr ||
           listener_->epoch_ends(index_, epoch, loss, score, [this] { return parameters(); });
  }

  bool is_judged_by_score() const { return validation_ != nullptr && member_.validation_stops; }

  // Lets the net be judged on the rows that are kept for it; false where whoever scores it or the
  // user stops.
  bool score_epoch() {
    if (validation_ != nullptr) {
      const auto verdict =
          validation_->of(theta_.get(), {crew_.team, pace_.threads()}, interruption_);
      if (!verdict) return false;
      outcome_.validation_losses.push_back(verdict->loss);
      if (!push_score(outcome_.validation_scores, verdict->score, false)) return false;
    }
    if (training_ == nullptr) return true;
    if (member_.scored_by_listener) return push_score(outcome_.training_scores, 0, true);
    const auto verdict = training_->of(theta_.get(), {crew_.team, pace_.threads()}, interruption_);
    return verdict && push_score(outcome_.training_scores, verdict->score, true);
  }

  bool push_score(std::vector<double>& scores, double own, bool training) {
    const auto given = member_.scored_by_listener && listener_ != nullptr
                           ? listener_->score(index_, training, [this] { return parameters(); })
                           : std::optional<double>(own);
    scores.push_back(given.value_or(std::numeric_limits<double>::quiet_NaN()));
    return given.has_value();
  }

  std::vector<double> parameters() const {
    std::vector<double> outer(static_cast<std::size_t>(network_.n_parameters()));
    layout_.unpack(theta_.get(), outer.data());
    return outer;
  }

  // Moves the learning rate on; true where training has converged.
  bool after_epoch() {
    member_.progress.rows_seen += static_cast<std::int64_t>(order_.size());
    const Solver& s = member_.solver;
    double& rate = member_.optimizer.learning_rate;
    if (s.schedule == Schedule::invscaling)
      rate = s.learning_rate_init /
             std::pow(static_cast<double>(member_.progress.rows_seen + 1), s.power_t);
    if (!watch_.is_plateau()) return false;
    const bool goes_on = s.schedule == Schedule::adaptive && rate > kSmallestRate;
    if (goes_on) rate /= 5.0;
    if (listener_ != nullptr && !listener_->plateau(index_, goes_on ? &rate : nullptr))
      told_to_stop_ = true;
    if (goes_on) watch_.starts_anew();
    return !goes_on;
  }

  const Network& network_;
  Member<T>& member_;
  const int index_;
  Listener* const listener_;
  Interruption& interruption_;
  const Data<T> data_, validation_data_;
  const Layout layout_;
  const std::int64_t batch_;
  Propagation<T> passes_;
  std::unique_ptr<Judge<T>> validation_, training_;
  const Crew crew_;
  Pace pace_;
  Watch watch_;
  Buffer<T> theta_, gradient_, first_, second_, best_;
  std::vector<std::int64_t> order_;
  std::vector<std::int64_t> batch_rows_;
  std::int64_t steps_ = 0;  // of this call
  Outcome outcome_;
  bool told_to_stop_ = false;
};

}  // namespace

int worthwhile_threads(const Network& network, double rows, double work_share, int threads) {
  const double first = double{2} * network.fan_in(0) * network.fan_out(0);
  const double work = rows * (work_of_row(network, true) - first * (1 - work_share));
  return std::clamp(static_cast<int>(work / kWorkOfThread), 1, threads);
}

template <class T>
Outcome train_stochastic(const Network& network, const Data<T>& data, const Data<T>* validation,
                         Member<T>& member, int index, Crew crew, Listener* listener,
                         Interruption& interruption) {
  const auto rows = static_cast<double>(
      std::min<std::int64_t>({member.batch_size, static_cast<std::int64_t>(member.rows.size()),
                              kChunkRows}));
  crew.threads = worthwhile_threads(network, rows, data.rows.work_share(), crew.threads);
  return Run<T>(network, data, validation, member, index, crew, listener, interruption).train();
}

template <class T>
std::vector<Outcome> train_population(const Network& network, const Data<T>& data,
                                      const Data<T>* validation, std::span<Member<T>> members,
                                      Lease& lease, Listener* listener,
                                      Interruption& interruption) {
  std::vector<Outcome> outcomes(members.size());
  const auto n = static_cast<int>(members.size());
  const bool together = n >= lease.threads();
  const auto train = [&](int i, Crew crew) {
    const auto place = static_cast<std::size_t>(i);
    outcomes[place] = train_stochastic(network, data, validation, members[place], i, crew, listener,
                                       interruption);
  };
  if (together && lease.threads() > 1) {
    lease.team().run_long(
        lease.threads(), n,
        [&](int i) {
          Team alone;
          train(i, {&alone, 1});
        },
        [&] { interruption.requested(); });
  } else {
    for (int i = 0; i < n; ++i) train(i, {&lease.team(), lease.threads()});
  }
  return outcomes;
}

template Outcome train_stochastic(const Network&, const Data<float>&, const Data<float>*,
                                  Member<float>&, int, Crew, Listener*, Interruption&);
template Outcome train_stochastic(const Network&, const Data<double>&, const Data<double>*,
                                  Member<double>&, int, Crew, Listener*, Interruption&);
template std::vector<Outcome> train_population(const Network&, const Data<float>&,
                                               const Data<float>*, std::span<Member<float>>, Lease&,
                                               Listener*, Interruption&);
template std::vector<Outcome> train_population(const Network&, const Data<double>&,
                                               const Data<double>*, std::span<Member<double>>, Lease&,
                                               Listener*, Interruption&);

}  // namespace glassnet
