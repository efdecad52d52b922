#include "training/conjugate_gradient.hpp"

#include <algorithm>
#include <cmath>

#include "kernels/dispatch.hpp"

namespace glassnet {
namespace {

// In double, in one order.
template <class T>
double dot(const T* a, const T* b, int n) {
  double sums[4] = {};
  int i = 0;
  for (; i + 4 <= n; i += 4)
    for (int lane = 0; lane < 4; ++lane)
      sums[lane] += static_cast<double>(a[i + lane]) * static_cast<double>(b[i + lane]);
  for (; i < n; ++i) sums[0] += static_cast<double>(a[i]) * static_cast<double>(b[i]);
  return (sums[0] + sums[1]) + (sums[2] + sums[3]);
}

// A column's vectors lie one after the other, as the preconditioners read them.
template <class T>
class Gradients {
 public:
  Gradients(LinearProducts<T>& products, const Systems<T>& systems, Lease& lease)
      : products_(products),
        given_(systems),
        lease_(lease),
        p_(systems.p),
        q_(systems.q),
        states_(systems.tolerances.size()),
        columns_(static_cast<std::size_t>(q_)) {
    const auto size = static_cast<std::size_t>(p_) * static_cast<std::size_t>(q_);
    for (auto* vectors : {&x_, &residual_, &z_, &direction_, &together_, &image_})
      vectors->resize(size);
  }

  std::vector<int> solve(T* x, Interruption& interruption, bool& interrupted) {
    begin();
    for (int i = 0; i < given_.limit && running(); ++i) {
      interrupted = interruption.requested();
      if (interrupted) break;
      iterate();
    }
    std::vector<int> iterations;
    for (State& state : states_) iterations.push_back(state.iterations);
    finish(x);
    return iterations;
  }

 private:
  struct State {
    double goal = 0, rho = 0, step = 0, factor = 0;
    int iterations = 0;
    bool done = false;
  };
  struct Column {
    double curvature = 0, square = 0, rho = 0;
  };

  bool joint() const { return given_.bend == Bend::softmax; }
  State& state_of(int c) { return states_[joint() ? 0 : static_cast<std::size_t>(c)]; }
  Column& column(int c) { return columns_[static_cast<std::size_t>(c)]; }
  T* of(std::vector<T>& vectors, int c) {
    return vectors.data() + static_cast<std::size_t>(c) * static_cast<std::size_t>(p_);
  }
  bool running() const {
    return std::any_of(states_.begin(), states_.end(), [](const State& s) { return !s.done; });
  }

  // Calls f(state, column) for every column whose system still runs; the threads share them.
  template <class F>
  void each_column(F f) {
    lease_.team().run(lease_.threads(), q_, [&](int first, int last) {
      for (int c = first; c < last; ++c)
        if (!state_of(c).done) f(state_of(c), c);
    });
  }

  // Adds up what the columns of each running system have found, in their order.
  template <class F>
  void each_state(double Column::*part, F f) {
    const int of_state = joint() ? q_ : 1;
    for (std::size_t s = 0; s < states_.size(); ++s) {
      if (states_[s].done) continue;
      double sum = 0;
      for (int c = 0; c < of_state; ++c) sum += column(static_cast<int>(s) * of_state + c).*part;
      f(states_[s], sum, s);
    }
  }

  void precondition(int c) {
    const Preconditioner<T>& by = given_.preconditioners[static_cast<std::size_t>(c)];
    T *const z = of(z_, c), *const r = of(residual_, c);
    if (by.factor != nullptr) {
      std::copy_n(r, p_, z);
      kernels<T>().cholesky_solve(by.factor, p_, z);
    } else {
      for (int i = 0; i < p_; ++i) z[i] = r[i] * by.diagonal[i];
    }
    column(c).square = dot(r, r, p_);
    column(c).rho = dot(r, z, p_);
  }

  void begin() {
    for (int c = 0; c < q_; ++c)
      for (int i = 0; i < p_; ++i) of(residual_, c)[i] = given_.rhs[std::int64_t{i} * q_ + c];
    each_column([&](const State&, int c) {
      precondition(c);
      std::copy_n(of(z_, c), p_, of(direction_, c));
    });
    each_state(&Column::square, [&](State& state, double square, std::size_t s) {
      state.goal = given_.tolerances[s] * std::sqrt(square);
    });
    each_state(&Column::rho, [](State& state, double rho, std::size_t) { state.rho = rho; });
  }

  void iterate() {
    for (int c = 0; c < q_; ++c)
      for (int i = 0; i < p_; ++i)
        together_[static_cast<std::size_t>(i * q_ + c)] = of(direction_, c)[i];
    products_.adjoint(together_.data(), given_.values, given_.bend, given_.weights,
                      given_.intercept, image_.data(), lease_);
    for (int c = 0; c < q_; ++c) find_curvature(c);
    each_state(&Column::curvature, [](State& state, double curvature, std::size_t) {
      ++state.iterations;
      state.done = !(std::isfinite(curvature) && curvature > 0);
      state.step = state.rho / curvature;
    });
    each_column([&](const State& state, int c) { walk(static_cast<T>(state.step), c); });
    each_state(&Column::square, [](State& state, double square, std::size_t) {
      state.done = std::sqrt(square) <= state.goal;
    });
    each_state(&Column::rho, [](State& state, double rho, std::size_t) {
      state.factor = rho / state.rho;
      state.rho = rho;
    });
    for (int c = 0; c < q_; ++c) turn(state_of(c), c);
  }

  // The penalty's part of the product, and the curvature along the direction.
  void find_curvature(int c) {
    const T* const direction = of(direction_, c);
    T* const z = of(z_, c);  // keeps the product until the preconditioner overwrites it
    for (int i = 0; i < p_; ++i) {
      const std::int64_t place = std::int64_t{i} * q_ + c;
      z[i] = image_[static_cast<std::size_t>(place)] + given_.penalty[place] * direction[i];
    }
    column(c).curvature = dot(direction, z, p_);
  }

  void walk(T step, int c) {
    const T *const direction = of(direction_, c), *const image = of(z_, c);
    T *const x = of(x_, c), *const residual = of(residual_, c);
    for (int i = 0; i < p_; ++i) {
      x[i] += step * direction[i];
      residual[i] -= step * image[i];
    }
    precondition(c);
  }

  // The next direction; none where the system has ended, so that nothing overflows there.
  void turn(const State& state, int c) {
    T* const direction = of(direction_, c);
    const T factor = static_cast<T>(state.factor);
    const T* const z = of(z_, c);
    for (int i = 0; i < p_; ++i) direction[i] = state.done ? T{0} : z[i] + factor * direction[i];
  }

  // A system without even one step gets its preconditioned right-hand side, a descent direction.
  void finish(T* x) {
    for (State& state : states_) state.done = false;
    for (int c = 0; c < q_; ++c) {
      const auto zero = [&](int column) {
        return std::all_of(of(x_, column), of(x_, column) + p_, [](T v) { return v == T{0}; });
      };
      bool none = zero(c);
      for (int other = 0; joint() && none && other < q_; ++other) none = zero(other);
      if (none) {
        for (int i = 0; i < p_; ++i) of(residual_, c)[i] = given_.rhs[std::int64_t{i} * q_ + c];
        precondition(c);
      }
      const T* const found = of(none ? z_ : x_, c);
      for (int i = 0; i < p_; ++i) x[std::int64_t{i} * q_ + c] = found[i];
    }
  }

  LinearProducts<T>& products_;
  const Systems<T>& given_;
  Lease& lease_;
  const int p_, q_;
  std::vector<State> states_;
  std::vector<Column> columns_;
  std::vector<T> x_, residual_, z_, direction_, together_, image_;
};

}  // namespace

template <class T>
std::vector<int> solve(LinearProducts<T>& products, const Systems<T>& systems, T* x, Lease& lease,
                       Interruption& interruption, bool& interrupted) {
  return Gradients<T>(products, systems, lease).solve(x, interruption, interrupted);
}

template std::vector<int> solve(LinearProducts<float>&, const Systems<float>&, float*, Lease&,
                                Interruption&, bool&);
template std::vector<int> solve(LinearProducts<double>&, const Systems<double>&, double*, Lease&,
                                Interruption&, bool&);

}  // namespace glassnet
