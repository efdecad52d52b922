#include "kernels/dispatch.hpp"

#include <cstdlib>
#include <stdexcept>

namespace glassnet {

namespace baseline {
void tables(const char* isa, Kernels<float>&, Kernels<double>&);
}
#if defined(GLASSNET_X86)
namespace v2 {
void tables(const char* isa, Kernels<float>&, Kernels<double>&);
}
namespace v3 {
void tables(const char* isa, Kernels<float>&, Kernels<double>&);
}
namespace v4 {
void tables(const char* isa, Kernels<float>&, Kernels<double>&);
}
#endif

namespace {

using Fill = void (*)(const char*, Kernels<float>&, Kernels<double>&);

struct Isa {
  const char* name;
  Fill fill;
  bool available;
};

// The levels are those of the x86-64 psABI; the compiler's cpuid check covers the operating
// system's part (saved registers) too.
std::vector<Isa> isas() {
  std::vector<Isa> list{{"baseline", baseline::tables, true}};
#if defined(GLASSNET_X86)
  __builtin_cpu_init();
  const bool has_v2 = __builtin_cpu_supports("sse4.2") && __builtin_cpu_supports("ssse3") &&
                      __builtin_cpu_supports("popcnt");
  const bool has_v3 = has_v2 && __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") &&
                      __builtin_cpu_supports("bmi") && __builtin_cpu_supports("bmi2");
  const bool has_v4 = has_v3 && __builtin_cpu_supports("avx512f") &&
                      __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512cd") &&
                      __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl");
  list.push_back({"v2", v2::tables, has_v2});
  list.push_back({"v3", v3::tables, has_v3});
  list.push_back({"v4", v4::tables, has_v4});
#endif
  return list;
}

struct Tables {
  Kernels<float> single;
  Kernels<double> twofold;
};

Tables choose() {
  const char* forced = std::getenv("GLASSNET_ISA");
  const std::string wanted = forced == nullptr ? "" : forced;
  const Isa* chosen = nullptr;
  const std::vector<Isa> all = isas();
  for (const Isa& isa : all)
    if (isa.available && (wanted.empty() || wanted == isa.name)) chosen = &isa;
  if (chosen == nullptr) {
    std::string names;
    for (const std::string& name : available_isas()) names += " " + name;
    throw std::invalid_argument("GLASSNET_ISA=" + wanted +
                                " is not among the instruction sets of this machine:" + names + ". Unset it, or name one of these.");
  }
  Tables tables{};
  chosen->fill(chosen->name, tables.single, tables.twofold);
  return tables;
}

const Tables& tables() {
  static const Tables chosen = choose();
  return chosen;
}

}  // namespace

std::vector<std::string> available_isas() {
  std::vector<std::string> names;
  for (const Isa& isa : isas())
    if (isa.available) names.emplace_back(isa.name);
  return names;
}

template <>
const Kernels<float>& kernels<float>() {
  return tables().single;
}

template <>
const Kernels<double>& kernels<double>() {
  return tables().twofold;
}

}  // namespace glassnet
