// The Python module _core: arrays in, arrays out. Nothing in core/ but this file and bindings/ knows
// of Python. The signatures, with shapes and dtypes, are in _core.pyi.
#include "bindings/common.hpp"
#include "kernels/dispatch.hpp"
#include "threads/limits.hpp"

#include <exception>
#include <new>

NB_MODULE(_core, m) {
  using namespace glassnet;
  m.doc() = "The native engine of glassnet.";
  m.def("isa", [] { return std::string(kernels<float>().isa); });
  m.def("isas_available", &available_isas);
  m.def("default_threads", &default_threads);
  nb::register_exception_translator([](const std::exception_ptr& failure, void*) {
    try {
      std::rethrow_exception(failure);
    } catch (const std::bad_alloc&) {
      PyErr_SetString(PyExc_MemoryError,
                      "There is not enough memory for this work: take fewer rows at a time, or "
                      "fewer hidden units.");
    }
  });
  bind_rows(m);
  bind_training(m);
  bind_products(m);
}
