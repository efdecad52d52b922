#include "training/prediction.hpp"

#include <algorithm>
#include <numeric>

#include "kernels/dispatch.hpp"
#include "training/propagation.hpp"
#include "training/stochastic.hpp"

namespace glassnet {

template <class T>
void predict(const Network& network, const std::vector<const T*>& parts, const Rows<T>& rows,
             T* outputs, Lease& lease) {
  const Layout layout(network, kernels<T>());
  Buffer<T> theta(layout.size());
  layout.pack_parts(parts, theta.get());
  std::vector<std::int64_t> order(static_cast<std::size_t>(rows.n()));
  std::iota(order.begin(), order.end(), std::int64_t{0});
  const int k = network.n_outputs();
  const auto chunks = static_cast<int>((rows.n() + kChunkRows - 1) / kChunkRows);
  const int threads = worthwhile_threads(network, static_cast<double>(rows.n()) / 2,
                                         rows.work_share(), lease.threads());
  lease.team().run(threads, chunks, [&](int first, int last) {
    Team alone;
    Propagation<T> passes(network, layout, {rows, {}}, kChunkRows, false);
    passes.share(&alone, 1);
    for (int chunk = first; chunk < last; ++chunk) {
      const std::int64_t start = std::int64_t{chunk} * kChunkRows;
      const auto count = static_cast<int>(std::min<std::int64_t>(kChunkRows, rows.n() - start));
      passes.take(order.data() + start, count);
      passes.forward(theta.get());
      for (int i = 0; i < count; ++i) passes.outputs_of(i, outputs + (start + i) * k);
    }
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
template void predict_few(const Network&, const std::vector<const float*>&, const float*,
                          std::int64_t, float*);
template void predict_few(const Network&, const std::vector<const double*>&, const double*,
                          std::int64_t, double*);

}  // namespace glassnet
