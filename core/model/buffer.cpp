#include "model/buffer.hpp"

#include <cstdlib>
#include <new>

#if defined(__linux__)
#include <sys/mman.h>
#elif defined(_WIN32)
#include <malloc.h>
#endif

namespace glassnet {
namespace {

constexpr std::size_t kLine = 64;
constexpr std::size_t kHugePage = std::size_t{1} << 21;

}  // namespace

void* allocate_bytes(std::size_t bytes) {
#if defined(_WIN32)
  void* const memory = ::_aligned_malloc(bytes, kLine);
  if (memory == nullptr) throw std::bad_alloc();
  return memory;
#else
  const bool huge = bytes >= 2 * kHugePage;
  void* memory = nullptr;
  if (::posix_memalign(&memory, huge ? kHugePage : kLine, bytes) != 0) throw std::bad_alloc();
#if defined(__linux__)
  if (huge) ::madvise(memory, bytes, MADV_HUGEPAGE);
#endif
  return memory;
#endif
}

void free_bytes(void* memory) {
#if defined(_WIN32)
  ::_aligned_free(memory);
#else
  std::free(memory);
#endif
}

}  // namespace glassnet
