// What a member brings to its training, and what it takes home.
#pragma once

#include <cstdint>
#include <functional>
#include <limits>
#include <optional>
#include <vector>

#include "kernels/kernels.hpp"
#include "training/dropout.hpp"
#include "training/ledger.hpp"
#include "training/random.hpp"

namespace glassnet {

enum class Schedule { constant, invscaling, adaptive, cosine, one_cycle };
enum class Stop { converged, max_iter, interrupted, diverged };

// Hyper-parameters of the stochastic solvers.
struct Solver {
  Rule rule = Rule::sgd;
  double learning_rate_init = 0.001;
  double momentum = 0.9;
  bool nesterovs_momentum = true;
  double beta_1 = 0.9, beta_2 = 0.999, epsilon = 1e-8;
  Schedule schedule = Schedule::constant;
  double power_t = 0.5;
  double weight_decay = 0;
  // Of the schedules by steps: those of the warm-up, and all.
  std::int64_t warmup_steps = 0, total_steps = 0;
};

// What a member remembers from one call to the next. Vectors are theta's length, in its order
// outside; `T` is the arithmetic's.
template <class T>
struct Progress {
  double best_loss = std::numeric_limits<double>::infinity();
  double best_score = -std::numeric_limits<double>::infinity();
  std::vector<T> best_parameters;  // empty: none
  std::int64_t epochs_without_improvement = 0;
  std::int64_t rows_seen = 0;
};

template <class T>
struct OptimizerState {
  double learning_rate = 0;
  std::int64_t steps = 0;
  std::vector<T> first, second;  // velocity, or the moments
};

template <class T>
struct Member {
  Solver solver;
  double alpha = 1e-4;
  std::int64_t max_iter = 200;
  double tol = 1e-4;
  double n_iter_no_change = 10;
  std::int64_t batch_size = 200;
  bool shuffle = true;
  std::vector<std::int64_t> rows;             // that it trains on
  std::vector<std::int64_t> validation_rows;  // of the data, or of the validation data; or none
  bool validation_stops = true;   // their score stops the training, rather than the training loss
  bool scores_training = false;   // score the rows it trains on as well
  bool scored_by_listener = false;  // who has another score than the share that is right
  const double* row_weights = nullptr;        // (n,) of all rows
  int target = -1;                            // one column of the labels, or all
  double label_smoothing = 0;
  Dropout dropout{};
  double clip_norm = std::numeric_limits<double>::infinity();  // most that a gradient's norm may be
  Ledger ledger{};  // with room for max_iter epochs, where each row's losses are kept
  RandomState random_state{};
  std::vector<T> theta;  // the start; the parameters afterwards
  OptimizerState<T> optimizer;
  Progress<T> progress;
};

// The outcome, beside what changed in the member itself.
struct Outcome {
  std::vector<double> loss_curve;
  std::vector<double> validation_scores, validation_losses, training_scores;
  Stop stop = Stop::interrupted;
};

// Copies a member's parameters as they stand, in the order outside; costs nothing unless it is called.
using ReadParameters = std::function<std::vector<double>()>;

// Somebody who hears of a member's epochs; false stops the training.
class Listener {
 public:
  virtual ~Listener() = default;
  virtual bool epoch_ends(int member, std::int64_t epoch, double loss, const double* score,
                          const ReadParameters& parameters) = 0;
  // The score on the validation rows, or on those it trains on; nothing stops the training.
  virtual std::optional<double> score(int member, bool training,
                                      const ReadParameters& parameters) = 0;
  // No improvement for long: the learning rate is now `rate`, or training stops (rate null).
  virtual bool plateau(int member, const double* rate) = 0;
};

// Asks now and then whether the user wants to stop, on the thread that may ask.
class Interruption {
 public:
  virtual ~Interruption() = default;
  virtual bool requested() = 0;
};

}  // namespace glassnet
