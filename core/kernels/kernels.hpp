// The kernels of one instruction set, as a table of functions chosen at run time.
//
// Matrices of a net are kept as strips (model/strips.hpp): a few columns each, row after row, so
// that a strip's row fits a few vector registers. Left operands are read as scalars through one
// pointer a row, so that the rows of a batch are used where they lie.
#pragma once

#include <cstdint>
#include <type_traits>

namespace glassnet {

enum class Activation {
  identity, logistic, tanh, relu, leaky_relu, elu, softplus, silu, gelu,
  exponential,  // of outputs alone
};
// linear: the scores themselves, with errors as asked for; identity: with the squared error
enum class Output { softmax, logistic, identity, exponential, linear };
enum class Rule { none, sgd, adam };

// Columns of the left operand that one bit of a zero mask stands for.
constexpr int kMaskColumns = 2;
constexpr int kMaskBits = 64;

// out (n, width) = start + A (n, k) B (k, width)
template <class T>
struct RowsProduct {
  const T* const* a;  // n pointers to rows of k scalars
  int n;
  int k;
  const T* b;  // a strip of B
  int units;   // width of the strip, see model/strips.hpp
  const T* start;
  bool start_is_row;  // the same start for all rows (the intercepts)
  T* out;
  // What becomes of the sums, of rows_product alone: relu, or 0 where its result in `gate`, laid out
  // as `out`, is 0.
  bool relu = false;
  const T* gate = nullptr;
};

// out (count, width) = [out +] A (n, first .. first + count)^T D (n, width), with zeros in what fills
// its rows
template <class T>
struct ColumnsProduct {
  const T* const* a;
  int n;
  int first;
  int count;
  const T* d;
  int units;
  T* out;
  bool accumulate;
};

template <class T>
struct SparseRow {
  const T* values;
  const std::int32_t* columns;
  int count;
};

// An element of a column of sparse rows.
template <class T>
struct Entry {
  std::int32_t row;
  T value;
};

// How a step changes parameters, given the sum g of their gradient over a batch:
// g = (g + alpha theta) / weight sum, then the optimizer's rule.
template <class T>
struct Update {
  Rule rule;
  bool nesterov;
  T alpha, scale;               // scale = 1 / weight sum
  T rate, momentum;             // sgd
  T beta_1, beta_2, epsilon;    // adam; rate is corrected for the bias of the first steps
  T shrink = 1;                 // of theta by weight decay: 1 - rate * decay
};

template <class T>
struct Parameters {
  T* theta;
  T* gradient;
  T* first;   // velocity, or first moment
  T* second;  // second moment
};

// Some rows of a matrix of outputs (room, k) in strips: z in, probabilities out.
template <class T>
struct OutputRows {
  T* values;
  std::int64_t room;
  const int* pitches;  // of each strip
  int n_strips;
  int first, n, k;
};

// Which units of a row are left out: those whose hash, of the row's key and the unit, is below
// `below`; the others grow by `scale`.
template <class T>
struct Drop {
  std::uint64_t key;
  int first;  // unit
  std::uint32_t below;
  T scale;
};

template <class T>
struct Kernels {
  const char* isa;
  int lanes, narrow, unit, most_units, block_rows;

  void (*rows_product)(const RowsProduct<T>&);
  // The same where masks (n pointers) say which groups of columns are not all zero.
  void (*masked_rows_product)(const RowsProduct<T>&, const std::uint64_t* const* masks);
  // The same for sparse rows; `a` and `k` are unused.
  void (*sparse_rows_product)(const RowsProduct<T>&, const SparseRow<T>* rows);

  void (*columns_product)(const ColumnsProduct<T>&);
  // bits: for each 64 rows, `groups` words of a bit a row, one for each group of columns.
  void (*masked_columns_product)(const ColumnsProduct<T>&, const std::uint64_t* bits, int groups);
  // entries[starts[j] .. starts[j + 1]) are column j's.
  void (*sparse_columns_product)(const ColumnsProduct<T>&, const Entry<T>* entries,
                                 const std::int32_t* starts);
  // out (width) = [out +] sum of the rows of D
  void (*row_sum)(const ColumnsProduct<T>&);
  void (*convert)(const std::conditional_t<std::is_same_v<T, float>, double, float>* from, T* to,
                  std::int64_t n);
  // Writes a row's mask of `groups` groups.
  void (*mark)(const T* row, int groups, std::uint64_t* mask);
  // Turns a word of n <= 64 masks into 64 words of a bit a mask, one for each group.
  void (*turn_masks)(const std::uint64_t* const* masks, int n, int word, std::uint64_t* to);

  // These take whole vectors: beyond n there must be room for the last one.
  void (*activate)(Activation, T* z, std::int64_t n);
  void (*times_derivative)(Activation, const T* a, T* delta, std::int64_t n);
  // The same with f'(z) written into slope, for what cannot tell it from a later.
  void (*activate_keeping)(Activation, T* z, T* slope, std::int64_t n);
  void (*multiply)(const T* factors, T* values, std::int64_t n);
  void (*drop)(const Drop<T>&, T* a, T* slope, int n);
  // e = exp(z), and logs = log(1 + e)
  void (*exp_and_log1p)(T* z, T* logs, std::int64_t n);
  // truths: 1 or 0 each, or none where all are 1
  void (*log_probabilities)(T* p, const T* truths, std::int64_t n);
  double (*update)(const Update<T>&, const Parameters<T>&, std::int64_t n);  // |theta|^2 before
  double (*sum_of_squares)(const T* values, std::int64_t n);
  bool (*is_finite)(const T* values, std::int64_t n);  // of exactly n

  void (*softmax)(const OutputRows<T>&);
  // out (columns) += x (rows) W (rows, columns), W row by row as it is outside
  void (*row_product)(const T* x, const T* w, int rows, int columns, T* out);
  // to (columns, rows) = from (rows, columns)^T, both with pitches
  void (*transpose)(const T* from, int from_pitch, int rows, int columns, T* to, int to_pitch);
  // x (p,) = (L L^T)^-1 x, with L (p, p) column by column
  void (*cholesky_solve)(const T* factor, int p, T* x);
};

}  // namespace glassnet
