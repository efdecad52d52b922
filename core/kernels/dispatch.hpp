// Which kernels this machine runs.
#pragma once

#include <string>
#include <vector>

#include "kernels/kernels.hpp"

namespace glassnet {

// The instruction sets that were compiled in and that this machine has, plainest first.
std::vector<std::string> available_isas();

// The kernels in use: those of the best instruction set, or of the one that the environment
// variable GLASSNET_ISA names. Throws std::invalid_argument where that one is not available.
template <class T>
const Kernels<T>& kernels();

}  // namespace glassnet
