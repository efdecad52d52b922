// What rows say of a net as it stands: how many of them it has right, and their loss.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "training/member.hpp"
#include "training/propagation.hpp"
#include "training/stochastic.hpp"

namespace glassnet {

template <class T>
class Judge {
 public:
  struct Verdict {
    // The share of the rows' weight that is right, or R^2; NaN where an output is not finite.
    double score;
    double loss;   // weighted mean of the rows' losses, without penalty
  };

  // Reads the given rows of the data; all three must outlive it.
  Judge(const Network& network, const Layout& layout, const Data<T>& data,
        const std::vector<std::int64_t>& rows);

  // The verdict on theta (inner layout); none where the user interrupts.
  std::optional<Verdict> of(const T* theta, Crew crew, Interruption& interruption);

 private:
  void read(int row, std::int64_t place);
  double loss_of(std::int64_t row) const;
  bool is_right(std::int64_t row) const;
  double mean(const std::vector<double>& values) const;
  double determination_of_rows() const;

  const Network& network_;
  const Data<T>& data_;
  const std::vector<std::int64_t>& rows_;
  Propagation<T> passes_;
  std::vector<double> right_, losses_;  // of each row
  std::vector<double> predicted_;       // (n, k), where they are numbers
  std::vector<T> outputs_;              // of one row
  bool finite_ = true;
};

}  // namespace glassnet
