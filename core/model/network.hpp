// The shape of a net, and where its parameters lie.
//
// Outside, theta (p,) is flat: the coefs of every layer (fan_in, fan_out) in row-major order, then
// the intercepts of every layer. Inside, every layer's coefs are strips, then all intercepts.
#pragma once

#include <cstdint>
#include <span>
#include <stdexcept>
#include <vector>

#include "kernels/kernels.hpp"
#include "model/strips.hpp"

namespace glassnet {

struct Network {
  std::vector<int> layer_sizes;  // d, h, ..., k
  Activation activation;
  Output output;

  int n_layers() const { return static_cast<int>(layer_sizes.size()) - 1; }
  int n_features() const { return layer_sizes.front(); }
  int n_outputs() const { return layer_sizes.back(); }

  std::int64_t n_parameters() const {
    std::int64_t total = 0;
    for (int l = 0; l < n_layers(); ++l) total += (std::int64_t{fan_in(l)} + 1) * fan_out(l);
    return total;
  }
  // The share of the rows' losses that is told of an epoch: of the squared error the mean over the
  // outputs, as scikit-learn's.
  double told_share() const { return output == Output::identity ? 1.0 / n_outputs() : 1.0; }
  // Whether f'(z) of the hidden units cannot be told from f(z).
  bool keeps_slopes() const {
    return activation == Activation::silu || activation == Activation::gelu;
  }
  int fan_in(int layer) const { return layer_sizes[static_cast<std::size_t>(layer)]; }
  int fan_out(int layer) const { return layer_sizes[static_cast<std::size_t>(layer) + 1]; }

  void check() const {
    if (layer_sizes.size() < 2) throw std::invalid_argument("A network needs at least two sizes.");
    for (const int size : layer_sizes)
      if (size < 1) throw std::invalid_argument("Every layer of a network needs a unit or more.");
  }
};

// Multiply-adds of a row: forward, or forward and backward.
inline double work_of_row(const Network& network, bool training) {
  double work = 0;
  for (int l = 0; l < network.n_layers(); ++l)
    work += double{1} * network.fan_in(l) * network.fan_out(l) * (training ? (l ? 3 : 2) : 1);
  return work;
}

// Where a layer's parameters lie in the inner vector.
struct LayerPlace {
  Strips strips;  // of fan_out columns
  std::int64_t coefs;
  std::int64_t intercepts;
};

class Layout {
 public:
  template <class T>
  Layout(const Network& network, const Kernels<T>& kernels) : network_(network) {
    // Each part ends on whole vectors, so that what changes all of it touches no other.
    const auto whole = [&](std::int64_t size) {
      return (size + kernels.lanes - 1) / kernels.lanes * kernels.lanes;
    };
    for (int l = 0; l < network.n_layers(); ++l) {
      layers_.push_back({Strips(network.fan_out(l), kernels), size_, 0});
      size_ += whole(layers_.back().strips.padded() * std::int64_t{network.fan_in(l)});
    }
    for (LayerPlace& layer : layers_) {
      layer.intercepts = size_;
      size_ += whole(layer.strips.padded());
    }
  }

  const LayerPlace& operator[](int layer) const { return layers_[static_cast<std::size_t>(layer)]; }
  std::int64_t size() const { return size_; }

  // Vectors outside come in parts: the coefs of each layer, then the intercepts of each layer.
  int n_parts() const { return 2 * network_.n_layers(); }
  std::int64_t part_size(int part) const {
    const int layers = network_.n_layers();
    return part < layers ? std::int64_t{network_.fan_in(part)} * network_.fan_out(part)
                         : network_.fan_out(part - layers);
  }

  template <class From, class T>
  void pack_parts(const std::vector<const From*>& parts, T* inner) const {
    each_run([&](int part, std::int64_t from, std::int64_t to, int count) {
      const From* const values = parts[static_cast<std::size_t>(part)] + from;
      for (int c = 0; c < count; ++c) inner[to + c] = static_cast<T>(values[c]);
    });
  }
  template <class T>
  void pack(const T* outer, T* inner) const {
    std::vector<const T*> parts;
    for (int part = 0; part < n_parts(); outer += part_size(part++)) parts.push_back(outer);
    pack_parts(parts, inner);
  }
  template <class T, class To>
  void unpack(const T* inner, To* outer) const {
    std::vector<To*> parts;
    for (int part = 0; part < n_parts(); outer += part_size(part++)) parts.push_back(outer);
    each_run([&](int part, std::int64_t to, std::int64_t from, int count) {
      To* const values = parts[static_cast<std::size_t>(part)] + to;
      for (int c = 0; c < count; ++c) values[c] = static_cast<To>(inner[from + c]);
    });
  }

 private:
  // Calls f(part, index in it, inner index, count) for each run of neighbours in both orders.
  template <class F>
  void each_run(F f) const {
    const int layers = network_.n_layers();
    for (int l = 0; l < layers; ++l) {
      const std::int64_t rows = network_.fan_in(l), columns = network_.fan_out(l);
      for (const Strip& s : (*this)[l].strips) {
        const std::int64_t inner = (*this)[l].coefs + Strips::offset(s, rows);
        for (std::int64_t r = 0; r < rows; ++r)
          f(l, r * columns + s.column, inner + r * s.pitch, s.columns);
        f(layers + l, s.column, (*this)[l].intercepts + s.padded, s.columns);
      }
    }
  }

  Network network_;
  std::vector<LayerPlace> layers_;
  std::int64_t size_ = 0;
};

}  // namespace glassnet
