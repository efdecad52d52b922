#include "training/linear.hpp"

#include <algorithm>
#include <numeric>

#include "kernels/dispatch.hpp"
#include "training/stochastic.hpp"

namespace glassnet {
namespace {

constexpr std::int64_t kChunkBytes = 1 << 19;   // half of a second-level cache
constexpr std::int64_t kSumElements = 1 << 22;  // of all groups together
constexpr std::int64_t kMostGroups = 16;

template <class T>
int rows_of_chunk(const Rows<T>& rows) {
  const double row_bytes = rows.d() * sizeof(T) * (rows.is_sparse() ? 2 * rows.filled() : 1.0);
  const auto fit = static_cast<std::int64_t>(static_cast<double>(kChunkBytes) / (row_bytes + 1));
  return static_cast<int>(std::clamp<std::int64_t>(fit / 8 * 8, 32, kChunkRows));
}

}  // namespace

template <class T>
LinearProducts<T>::LinearProducts(const Rows<T>& rows, int q)
    : network_{{rows.d(), q}, Activation::identity, Output::linear},
      layout_(network_, kernels<T>()),
      rows_(rows),
      chunk_rows_(rows_of_chunk(rows)),
      order_(static_cast<std::size_t>(rows.n())),
      theta_(layout_.size()),
      outer_(static_cast<std::size_t>(network_.n_parameters())) {
  std::iota(order_.begin(), order_.end(), std::int64_t{0});
  const std::int64_t n = rows.n();
  // How rows are grouped must not depend on q: the bits of one output shall not depend on which
  // others stand beside it.
  const std::int64_t room =
      std::clamp<std::int64_t>(kSumElements / (16 * std::int64_t{rows.d()}), 2, kMostGroups);
  const std::int64_t count =
      std::max<std::int64_t>(1, std::min(room, (n + chunk_rows_ - 1) / chunk_rows_));
  for (std::int64_t g = 0; g < count; ++g) {
    Group group{n * g / count, n * (g + 1) / count, nullptr, Buffer<T>(layout_.size())};
    group.passes =
        std::make_unique<Propagation<T>>(network_, layout_, Data<T>{rows, {}}, chunk_rows_, true);
    group.passes->share(&alone_, 1);
    groups_.push_back(std::move(group));
  }
}

template <class T>
void LinearProducts<T>::pack(const T* v, bool intercept) {
  const auto size = outer_.size();
  const auto q = static_cast<std::size_t>(network_.n_outputs());
  std::copy_n(v, intercept ? size : size - q, outer_.data());
  if (!intercept) std::fill_n(outer_.end() - static_cast<std::ptrdiff_t>(q), q, T{0});
  layout_.pack(outer_.data(), theta_.get());
}

template <class T>
void LinearProducts<T>::scores(const T* v, bool intercept, T* z, Lease& lease) {
  pack(v, intercept);
  const auto count = static_cast<int>(groups_.size());
  const int q = network_.n_outputs();
  lease.team().run(lease.threads(), count, [&](int first, int last) {
    Propagation<T> passes(network_, layout_, {rows_, {}}, chunk_rows_, false);
    passes.share(&alone_, 1);
    for (int g = first; g < last; ++g) {
      const Group& group = groups_[static_cast<std::size_t>(g)];
      for (std::int64_t start = group.first; start < group.last; start += chunk_rows_) {
        const auto n = static_cast<int>(std::min<std::int64_t>(chunk_rows_, group.last - start));
        passes.take(order_.data() + start, n);
        passes.forward(theta_.get());
        for (int i = 0; i < n; ++i) passes.outputs_of(i, z + (start + i) * q);
      }
    }
  });
}

template <class T>
void LinearProducts<T>::add_group(Group& group) {
  Update<T> sum{};
  sum.rule = Rule::none;
  sum.scale = T{1};
  const Parameters<T> parameters{theta_.get(), group.gradient.get(), nullptr, nullptr};
  for (std::int64_t start = group.first; start < group.last; start += chunk_rows_) {
    const std::int64_t n = std::min<std::int64_t>(chunk_rows_, group.last - start);
    group.passes->take(order_.data() + start, static_cast<int>(n));
    group.passes->forward(theta_.get());
    group.passes->backward(parameters, sum, start == group.first, start + n == group.last);
  }
}

template <class T>
void LinearProducts<T>::add_groups(bool intercept, T* out, Lease& lease) {
  const auto count = static_cast<int>(groups_.size());
  lease.team().run(lease.threads(), count, [&](int first, int last) {
    for (int g = first; g < last; ++g) add_group(groups_[static_cast<std::size_t>(g)]);
  });
  Buffer<T>& total = groups_.front().gradient;
  for (std::size_t g = 1; g < groups_.size(); ++g)
    for (std::int64_t i = 0; i < total.size(); ++i) total[i] += groups_[g].gradient[i];
  layout_.unpack(total.get(), outer_.data());
  const auto q = static_cast<std::size_t>(network_.n_outputs());
  std::copy_n(outer_.data(), intercept ? outer_.size() : outer_.size() - q, out);
}

template <class T>
void LinearProducts<T>::adjoint(const T* v, const T* values, Bend bend, const double* weights,
                                bool intercept, T* out, Lease& lease) {
  if (bend != Bend::given) pack(v, intercept);
  for (Group& group : groups_) group.passes->read(values, bend, weights);
  add_groups(intercept, out, lease);
}

template <class T>
std::vector<double> LinearProducts<T>::look(const T* v, const std::vector<Look>& parts,
                                            bool softmax, bool intercept, T* out, Lease& lease) {
  pack(v, intercept);
  const int q = network_.n_outputs() / static_cast<int>(parts.size());
  std::vector<Looks> looks(groups_.size(),
                           {parts, q, softmax, std::vector<double>(parts.size())});
  for (std::size_t g = 0; g < groups_.size(); ++g)
    groups_[g].passes->read(nullptr, Bend::look, nullptr, &looks[g]);
  add_groups(intercept, out, lease);
  std::vector<double> losses(parts.size());
  for (const Looks& of_group : looks)
    for (std::size_t part = 0; part < parts.size(); ++part) losses[part] += of_group.losses[part];
  return losses;
}

template class LinearProducts<float>;
template class LinearProducts<double>;

}  // namespace glassnet
