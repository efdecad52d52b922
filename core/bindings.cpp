// The Python module _core: arrays in, arrays out. Nothing in core/ but this file and bindings/ knows
// of Python. The signatures, with shapes and dtypes, are in _core.pyi.
#include "bindings/common.hpp"
#include "kernels/dispatch.hpp"
#include "threads/limits.hpp"

NB_MODULE(_core, m) {
  using namespace glassnet;
  m.doc() = "The native engine of glassnet.";
  m.def("isa", [] { return std::string(kernels<float>().isa); });
  m.def("isas_available", &available_isas);
  m.def("default_threads", &default_threads);
  bind_rows(m);
  bind_training(m);
  bind_products(m);
}
