// Preconditioned conjugate gradients on the Hessian of linear models, for many at once.
//
// Shapes as in training/linear.hpp: q columns of p unknowns. Hestenes and Stiefel's method (Nocedal
// and Wright, "Numerical optimization", 2006, algorithm 5.3), as conjugate_gradient.py has it.
#pragma once

#include <vector>

#include "training/linear.hpp"
#include "training/member.hpp"

namespace glassnet {

// What approximates the inverse of a column's block of the Hessian: a Cholesky factor (p, p), column
// by column, or the inverse of a diagonal (p,).
template <class T>
struct Preconditioner {
  const T* factor = nullptr;
  const T* diagonal = nullptr;
};

// H x = rhs where H is the Hessian of LinearProducts, plus the penalty on the diagonal.
template <class T>
struct Systems {
  const T* values;  // (n, q), see Bend
  Bend bend;        // softmax: all columns are one system; diagonal: each is one
  const double* weights;
  bool intercept;
  int p, q;
  const T* penalty;  // (p, q)
  const T* rhs;      // (p, q)
  std::vector<Preconditioner<T>> preconditioners;  // of each column
  std::vector<double> tolerances;  // of each system: |residual| / |rhs| at which it ends
  int limit;                       // most iterations
};

// Leaves the solutions in x (p, q), and returns each system's iterations. A system's solution does
// not depend on the others. Where the user interrupts, sets `interrupted`.
template <class T>
std::vector<int> solve(LinearProducts<T>& products, const Systems<T>& systems, T* x, Lease& lease,
                       Interruption& interruption, bool& interrupted);

}  // namespace glassnet
