// The kernels for one instruction set. This file is compiled once for each, with the compiler's
// flags for it and GLASSNET_ISA naming its namespace.
#include "kernels/activations.hpp"
#include "kernels/dense_products.hpp"
#include "kernels/elementwise.hpp"
#include "kernels/masks.hpp"
#include "kernels/softmax.hpp"
#include "kernels/sparse_products.hpp"
#include "kernels/triangular.hpp"

namespace glassnet::GLASSNET_ISA {

template <class T>
Kernels<T> table(const char* isa) {
  return {
      .isa = isa,
      .lanes = kLanes<T>,
      .narrow = kNarrow<T>,
      .unit = kUnit<T>,
      .most_units = kMostUnits,
      .block_rows = kBlockRows,
      .rows_product = rows_product<T>,
      .masked_rows_product = masked_rows_product<T>,
      .sparse_rows_product = sparse_rows_product<T>,
      .columns_product = columns_product<T>,
      .masked_columns_product = masked_columns_product<T>,
      .sparse_columns_product = sparse_columns_product<T>,
      .row_sum = row_sum<T>,
      .convert = convert,
      .mark = mark<T>,
      .turn_masks = turn_masks,
      .activate = activate<T>,
      .times_derivative = times_derivative<T>,
      .activate_keeping = activate_keeping<T>,
      .multiply = multiply<T>,
      .drop = drop<T>,
      .exp_and_log1p = exp_and_log1p<T>,
      .log_probabilities = log_probabilities<T>,
      .update = update<T>,
      .sum_of_squares = sum_of_squares<T>,
      .is_finite = is_finite<T>,
      .softmax = softmax<T>,
      .row_product = row_product<T>,
      .transpose = transpose<T>,
      .cholesky_solve = cholesky_solve<T>,
  };
}

void tables(const char* isa, Kernels<float>& single, Kernels<double>& twofold) {
  single = table<float>(isa);
  twofold = table<double>(isa);
}

}  // namespace glassnet::GLASSNET_ISA
