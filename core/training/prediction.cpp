#include "training/prediction.hpp"

#include <algorithm>
#include <numeric>

#include "kernels/dispatch.hpp"
#include "training/propagation.hpp"
#include "training/stochastic.hpp"

namespace glassnet {

namespace {

// Calls f(first, last) on chunks of 0 .. n rows, in parallel where there is work enough.
template <class F>
void each_chunk(const Network& network, std::int64_t n, double work_share, Lease& lease, F f) {
  const auto chunks = static_cast<int>((n + kChunkRows - 1) / kChunkRows);
  const int threads =
      worthwhile_threads(network, static_cast<double>(n) / 2, work_share, lease.threads());
  lease.team().run(threads, chunks, [&](int first, int last) {
    for (; first < last; ++first) {
      const std::int64_t start = std::int64_t{first} * kChunkRows;
      f(start, std::min<std::int64_t>(n, start + kChunkRows));
    }
  });
}

// Rows first .. last of `rows`, to outputs that begin with theirs.
template <class T>
void predict_chunk(const Network& network, const Layout& layout, const T* theta,
                   const Rows<T>& rows, std::int64_t first, std::int64_t last, T* outputs) {
  const auto n = static_cast<int>(last - first);
  std::int64_t order[kChunkRows];
  std::iota(order, order + n, first);
  Team alone;
  Propagation<T> passes(network, layout, {rows, {}}, n, false);
  passes.share(&alone, 1);
  passes.take(order, n);
  passes.forward(theta);
  for (int i = 0; i < n; ++i) passes.outputs_of(i, outputs + std::int64_t{i} * network.n_outputs());
}

template <class T>
Buffer<T> packed(const Layout& layout, const std::vector<const T*>& parts) {
  Buffer<T> theta(layout.size());
  layout.pack_parts(parts, theta.get());
  return theta;
}

}  // namespace

template <class T>
void predict(const Network& network, const std::vector<const T*>& parts, const Rows<T>& rows,
             T* outputs, Lease& lease) {
  const Layout layout(network, kernels<T>());
  const Buffer<T> theta = packed(layout, parts);
  each_chunk(network, rows.n(), rows.work_share(), lease, [&](std::int64_t first, std::int64_t last) {
    predict_chunk(network, layout, theta.get(), rows, first, last,
                  outputs + first * network.n_outputs());
  });
}

template <class T, class From>
void predict_dense(const Network& network, const std::vector<const T*>& parts, const From* rows,
                   std::int64_t n, T* outputs, Lease& lease) {
  const Layout layout(network, kernels<T>());
  const Buffer<T> theta = packed(layout, parts);
  const int d = network.n_features();
  each_chunk(network, n, 1, lease, [&](std::int64_t first, std::int64_t last) {
    Lease alone(1);
    const auto chunk = Rows<T>::dense(rows + first * d, last - first, d, alone, true);
    predict_chunk(network, layout, theta.get(), chunk, 0, last - first,
                  outputs + first * network.n_outputs());
  });
}

template <class T>
void predict_few(const Network& network, const std::vector<const T*>& parts, const T* rows,
                 std::int64_t n, T* outputs) {
  const Kernels<T>& kernels = glassnet::kernels<T>();
  const int layers = network.n_layers(), k = network.n_outputs();
  const auto padded = [&](int size) { return (size + kernels.lanes - 1) / kernels.lanes * kernels.lanes; };
  const int widest = *std::max_element(network.layer_sizes.begin() + 1, network.layer_sizes.end());
  Buffer<T> below(padded(widest)), above(padded(widest));
  for (std::int64_t i = 0; i < n; ++i) {
    const T* a = rows + i * network.n_features();
    for (int l = 0; l < layers; ++l) {
      const int fan_in = network.fan_in(l), fan_out = network.fan_out(l);
      std::copy_n(parts[static_cast<std::size_t>(layers + l)], fan_out, above.get());
      kernels.row_product(a, parts[static_cast<std::size_t>(l)], fan_in, fan_out, above.get());
      const bool is_last = l + 1 == layers;
      if (!is_last) kernels.activate(network.activation, above.get(), padded(fan_out));
      if (is_last && network.output == Output::logistic)
        kernels.activate(Activation::logistic, above.get(), padded(fan_out));
      if (is_last && network.output == Output::exponential)
        kernels.activate(Activation::exponential, above.get(), padded(fan_out));
      std::swap(below, above);
      a = below.get();
    }
    if (network.output == Output::softmax) {
      const int pitch = padded(k);
      kernels.softmax({below.get(), 1, &pitch, 1, 0, 1, k});
    }
    std::copy_n(below.get(), k, outputs + i * k);
  }
}

template void predict(const Network&, const std::vector<const float*>&, const Rows<float>&, float*,
                      Lease&);
template void predict(const Network&, const std::vector<const double*>&, const Rows<double>&,
                      double*, Lease&);
template void predict_dense(const Network&, const std::vector<const float*>&, const float*,
                            std::int64_t, float*, Lease&);
template void predict_dense(const Network&, const std::vector<const float*>&, const double*,
                            std::int64_t, float*, Lease&);
template void predict_dense(const Network&, const std::vector<const double*>&, const double*,
                            std::int64_t, double*, Lease&);
template void predict_dense(const Network&, const std::vector<const double*>&, const float*,
                            std::int64_t, double*, Lease&);
template void predict_few(const Network&, const std::vector<const float*>&, const float*,
                          std::int64_t, float*);
template void predict_few(const Network&, const std::vector<const double*>&, const double*,
                          std::int64_t, double*);

}  // namespace glassnet
