// Memory for vectors: aligned to cache lines, zero at the start unless asked otherwise. Large ones
// ask for huge pages, of which the system clears few instead of many small ones.
#pragma once

#include <cstdint>
#include <cstring>
#include <memory>

namespace glassnet {

struct Uninitialized {};

void* allocate_bytes(std::size_t bytes);  // throws std::bad_alloc
void free_bytes(void* memory);

template <class T>
class Buffer {
 public:
  Buffer() = default;
  Buffer(std::int64_t size, Uninitialized) : size_(size), data_(allocate(size)) {}
  explicit Buffer(std::int64_t size) : Buffer(size, Uninitialized{}) {
    if (size > 0) std::memset(static_cast<void*>(data_.get()), 0, bytes(size));
  }
  Buffer(Buffer&&) = default;
  Buffer& operator=(Buffer&&) = default;

  T* get() { return data_.get(); }
  const T* get() const { return data_.get(); }
  T& operator[](std::int64_t i) { return data_.get()[i]; }
  const T& operator[](std::int64_t i) const { return data_.get()[i]; }
  std::int64_t size() const { return size_; }
  bool empty() const { return size_ == 0; }

  void copy_from(const Buffer& other) {
    if (size_ > 0) std::memcpy(static_cast<void*>(get()), other.get(), bytes(size_));
  }

 private:
  static std::size_t bytes(std::int64_t size) { return static_cast<std::size_t>(size) * sizeof(T); }
  static T* allocate(std::int64_t size) {
    return size > 0 ? static_cast<T*>(allocate_bytes(bytes(size))) : nullptr;
  }
  struct Free {
    void operator()(T* data) const { free_bytes(data); }
  };
  std::int64_t size_ = 0;
  std::unique_ptr<T, Free> data_;
};

}  // namespace glassnet
