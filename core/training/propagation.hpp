// The forward and the backward pass of a chunk of rows, cut into pieces that threads share out.
//
// Shapes
// ------
// n rows of a chunk, at most kChunkRows; d features, h units, k outputs
// A[0] = rows of X, A[l] (n, h_l) activations of layer l, A[L] (n, k) the outputs
// W[l] (h_l, h_l+1) coefs, b[l] intercepts, D[l] (n, h_l) errors of layer l
//
// A piece of rows goes all the way: A[1] .. A[L], then D[L] = s (A[L] - y) and
// D[l] = (D[l+1] W[l]^T) f'(A[l]); rows do not meet. A piece of features then adds up
// A[l]^T D[l+1] for its own features over all rows and changes their coefs on the spot. So a step
// has two jobs with one wait each, and every sum has one order, whoever computes it.
#pragma once

#include <cstdint>
#include <vector>

#include "data/rows.hpp"
#include "data/targets.hpp"
#include "model/buffer.hpp"
#include "model/network.hpp"
#include "threads/team.hpp"
#include "training/dropout.hpp"
#include "training/ledger.hpp"

namespace glassnet {

constexpr int kMostFeatures = 64;  // of a piece: their gradient stays in the first-level cache
constexpr int kMostPitch = 64;     // no strip's rows are longer
constexpr int kChunkRows = 256;  // their activations stay in the second-level cache

// The errors D[L] of a linear output, by row i with z its scores and w its weight.
enum class Bend {
  look,      // w (P - Y), see Looks
  given,     // values_i: what is asked for is X^T values
  diagonal,  // w values_i * z: the Hessian of sigmoids, values = p (1 - p)
  softmax,   // w values_i * (z - values_i . z): the Hessian of a softmax, values = p
};

// Columns of scores that make a model: a sigmoid (q = 1) or a softmax. What was there before, and
// what there is to see, row by row, in double whatever the products are.
struct Look {
  const double* before;  // (n, q) scores to which the new ones are added; none: 0
  const double* y;       // (n, q) targets
  const double* weights;     // (n,)
  double *scores, *probabilities;  // (n, q)
};
struct Looks {
  const std::vector<Look>& parts;
  int q;
  bool softmax;
  std::vector<double> losses;  // of each part: what the rows taken so far add up to
};

// What the passes read: nothing of it is copied.
template <class T>
struct Data {
  const Rows<T>& rows;
  Targets targets;
  const double* weights = nullptr;  // (n,) of the rows; none: 1 each
  double smoothing = 0;             // of the labels
  Dropout dropout{};                // of the hidden units
  const T* values = nullptr;        // (n, k), of a linear output
  Bend bend = Bend::given;
  Looks* looks = nullptr;  // of Bend::look
  bool marks_rights = false;  // whether it is told of each row if its classes are right
};

template <class T>
class Propagation {
 public:
  // `training` makes room for errors and transposed coefs; forward alone needs none.
  Propagation(const Network& network, const Layout& layout, const Data<T>& data, int most_rows,
              bool training);

  // What the next chunks read instead; the rows stay.
  void read(const T* values, Bend bend, const double* weights, Looks* looks = nullptr) {
    data_.values = values;
    data_.looks = looks;
    data_.bend = bend;
    data_.weights = weights;
  }

  // The threads to share a chunk's jobs.
  void share(Team* team, int threads);

  // Takes n rows, at most most_rows, as the chunk: those from `place` on of a step's batch.
  void take(const std::int64_t* rows, int n, std::int64_t place = 0);

  // Says which step comes, for the units that it leaves out.
  void step_begins(std::uint64_t step) { step_key_ = key_after(data_.dropout.seed, step); }

  // A[1] .. A[L] of the chunk for theta (inner layout); with errors D of its rows where `training`.
  void forward(const T* theta);

  // Adds the gradient of the chunk's loss to, or sets, p.gradient; after the last chunk of a batch
  // updates theta. Returns the sum of the coefs' squares before the update.
  double backward(const Parameters<T>& p, const Update<T>& update, bool first, bool last);

  // The square of the norm of a gradient that `backward` has left in p.gradient, and the update of
  // theta along it.
  double square_norm(const T* gradient);
  void descend(const Parameters<T>& p, const Update<T>& update);

  // Sum of the chunk's losses, times the rows' weights.
  double loss();

  // Writes down each row of the chunk, once its `loss` was asked for; `share` as in told_share.
  void write(const Page& page, double share) const;

  // Writes W[l]^T afresh; to be called where theta was changed by others than `backward`.
  void transpose_coefs(const T* theta);

  int n() const { return n_; }
  T output(int row, int column) const;
  void outputs_of(int row, T* to) const;  // (k,)

 private:
  struct Piece {  // of features
    int layer;
    int strip;  // of A[layer] that they lie in
    int first;  // feature
    int count;  // 0: the layer's intercepts
  };
  struct alignas(64) Sum {  // on a cache line of its own: neighbours' threads differ
    double value = 0;
  };
  struct Matrix {  // (most_rows, columns) in strips, with a pointer to each row of each strip
    Strips strips;
    Buffer<T> values;
    std::vector<const T*> rows;
  };

  void make_matrix(Matrix& matrix, const Strips& strips);
  void make_pieces();
  T* at(Matrix& m, const Strip& strip, int row) {
    return m.values.get() + Strips::offset(strip, most_rows_) + std::int64_t{row} * strip.pitch;
  }
  T* slope_at(int layer, const Strip& strip, int row) {
    return slopes_[static_cast<std::size_t>(layer)].get() + Strips::offset(strip, most_rows_) +
           std::int64_t{row} * strip.pitch;
  }
  const T* const* rows_of(const Matrix& m, int strip, int row) const {
    return m.rows.data() + static_cast<std::size_t>(strip) * static_cast<std::size_t>(most_rows_) +
           row;
  }

  // Whether a layer's gradient is computed as D^T A, a strip of features after the other: where the
  // outputs would leave much of a vector empty.
  bool is_turned(int layer) const {
    return layer > 0 && 4 * network_.fan_out(layer) <= 3 * kernels_.lanes;
  }
  int n_preparations() const;
  void prepare(int piece);  // what the way back needs of rows with zeros
  int groups() const { return data_.rows.words() * kMaskBits; }  // of columns, of whole words
  void turn_masks(int word);
  void collect_entries();
  void forward_rows(const T* theta, int first, int last);
  void multiply(const T* theta, int layer, int first, int last);
  void multiply_input(RowsProduct<T> product, int first);
  void output_rows(int first, int last);
  void softmax_errors(int first, int last);
  void logistic_errors(int first, int last);
  void single_errors(int first, int last);
  void linear_errors(int first, int last);
  void look(int first, int last);
  void look_at(Look part, int column, int first, int count, double& losses);
  void number_errors(int first, int last);
  void smoothed_errors(int first, int last);
  void smoothed_losses();
  void log_losses();
  void mark_rights(int first, int last);
  bool is_right_class(int row, int truth);
  // Whether products take relu along, which spares a passage over their results.
  bool fuses_relu() const { return network_.activation == Activation::relu && slopes_.empty(); }
  void activate(int layer, const Strip& strip, int first, int last);
  void backward_rows(int first, int last);
  double update_piece(const Piece& piece, const Parameters<T>& p, const Update<T>& update,
                      bool first, bool last);
  void sum_columns(const Piece& piece, ColumnsProduct<T> product, const Strip& strip);
  void sum_columns_turned(const Piece& piece, const ColumnsProduct<T>& product, const Strip& strip);
  void transpose_piece(const Piece& piece, const T* theta);
  template <class F>
  double sum_over_pieces(F f);
  template <class F>
  void each_run(const Piece& piece, F f) const;

  const Network network_;
  const Layout& layout_;
  Data<T> data_;
  const Kernels<T>& kernels_;
  const int most_rows_;
  const bool training_;
  Team* team_ = nullptr;
  int threads_ = 1;

  int n_ = 0;
  const std::int64_t* chunk_ = nullptr;
  std::vector<const T*> inputs_;
  Buffer<T> fetched_;  // (most_rows, d), of rows that are converted chunk by chunk
  std::vector<const std::uint64_t*> masks_;
  std::vector<SparseRow<T>> sparse_;
  Buffer<std::uint64_t> row_bits_;  // (rows / 64, groups()) words of a bit a row
  std::vector<Entry<T>> entries_;
  std::vector<std::int32_t> entry_starts_;

  std::vector<Matrix> activations_;  // A[1] .. A[L]; D[L] in the place of A[L]
  std::vector<int> output_pitches_;
  std::vector<Matrix> errors_;       // D[1] .. D[L-1]
  std::vector<Buffer<T>> slopes_;    // f'(z) of A[1] .. A[L-1], where it is to be kept
  std::int64_t place_ = 0;           // of the chunk in its batch
  std::uint64_t step_key_ = 0;
  std::vector<Buffer<T>> transposed_;  // W[1]^T .. W[L-1]^T
  std::vector<Piece> pieces_;
  std::vector<int> shares_;  // of the pieces: where each thread's begin, and the end
  std::vector<int> row_shares_;
  std::vector<Sum> squares_;     // of each piece
  Buffer<T> probabilities_;      // of what is true, for the losses; of all where smoothed
  Buffer<T> truths_;             // 1 or 0, of logistic outputs; smoothed ones of all
  Buffer<T> complements_;        // of the probabilities, where labels are smoothed
  std::vector<double> losses_;   // of each row
  std::vector<char> rights_;     // of each row, where they are marked
  Buffer<T> zeros_;
};

}  // namespace glassnet
