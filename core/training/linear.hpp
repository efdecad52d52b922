// Products with X for models without hidden layer: what Newton's method asks for.
//
// Shapes: X (n, d), scores and bends (n, q), parameters (p, q) with p = d, or d + 1 where the last
// row belongs to a constant column of ones.
#pragma once

#include <memory>
#include <vector>

#include "training/propagation.hpp"

namespace glassnet {

// The rows are cut into groups, whose number depends on the shape of X alone. Each group's sum is one
// thread's work; the total is the sum over the groups in their order. Within a group, a chunk of
// rows is multiplied forward and back while it is in the cache, so that X is read once.
template <class T>
class LinearProducts {
 public:
  LinearProducts(const Rows<T>& rows, int q);

  // Z = X V
  void scores(const T* v, bool intercept, T* z, Lease& lease);

  // X^T R for Bend::given with R = values; otherwise the Hessian times V, bent row by row between
  // the two products.
  void adjoint(const T* v, const T* values, Bend bend, const double* weights, bool intercept,
               T* out, Lease& lease);

  // What models of q columns each see at V, or at before + V: scores, probabilities, the sums of
  // their losses, and X^T of the residuals.
  std::vector<double> look(const T* v, const std::vector<Look>& parts, bool softmax,
                           bool intercept, T* out, Lease& lease);

 private:
  struct Group {
    std::int64_t first, last;
    std::unique_ptr<Propagation<T>> passes;
    Buffer<T> gradient;
  };

  void pack(const T* v, bool intercept);
  void add_group(Group& group);
  void add_groups(bool intercept, T* out, Lease& lease);

  const Network network_;
  const Layout layout_;
  const Rows<T>& rows_;
  int chunk_rows_;
  std::vector<std::int64_t> order_;
  std::vector<Group> groups_;
  Buffer<T> theta_;
  std::vector<T> outer_;
  Team alone_;
};

}  // namespace glassnet
