// The outputs of a trained net.
#pragma once

#include <cstdint>
#include <vector>

#include "data/rows.hpp"
#include "model/network.hpp"
#include "threads/team.hpp"

namespace glassnet {

// Writes the outputs (n, k) of all rows. `parts` are the coefs of each layer (fan_in, fan_out), then
// the intercepts of each.
template <class T>
void predict(const Network& network, const std::vector<const T*>& parts, const Rows<T>& rows,
             T* outputs, Lease& lease);

// The same for dense rows of either type, converted chunk by chunk where it is another: no copy of
// them all is made.
template <class T, class From>
void predict_dense(const Network& network, const std::vector<const T*>& parts, const From* rows,
                   std::int64_t n, T* outputs, Lease& lease);

// The same for few dense rows, with the coefs read where they are: repacking them would cost more
// than the products.
template <class T>
void predict_few(const Network& network, const std::vector<const T*>& parts, const T* rows,
                 std::int64_t n, T* outputs);

}  // namespace glassnet
