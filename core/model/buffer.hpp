// Memory for vectors: aligned to cache lines, zero at the start unless asked otherwise.
#pragma once

#include <cstdint>
#include <cstring>
#include <memory>
#include <new>

namespace glassnet {

struct Uninitialized {};

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
  static constexpr std::align_val_t kAlignment{64};
  static std::size_t bytes(std::int64_t size) { return static_cast<std::size_t>(size) * sizeof(T); }
  static T* allocate(std::int64_t size) {
    return size > 0 ? static_cast<T*>(::operator new(bytes(size), kAlignment)) : nullptr;
  }
  struct Free {
    void operator()(T* data) const { ::operator delete(data, kAlignment); }
  };
  std::int64_t size_ = 0;
  std::unique_ptr<T, Free> data_;
};

}  // namespace glassnet
