#include "threads/team.hpp"

#include <algorithm>
#include <chrono>
#include <system_error>
#include <utility>

#if defined(__unix__) || defined(__APPLE__)
#include <unistd.h>
#endif
#if defined(__x86_64__) && defined(__GNUC__)
#include <immintrin.h>
#endif

namespace glassnet {
namespace {

using Clock = std::chrono::steady_clock;

// A helper spins this long for the next job, about as long as the caller's own work between two
// jobs takes; then it sleeps until it is called.
constexpr auto kSpin = std::chrono::microseconds(60);
constexpr int kPausesPerLook = 32;

void pause() {
#if defined(__x86_64__) && defined(__GNUC__)
  _mm_pause();
#elif defined(__aarch64__) && defined(__GNUC__)
  __asm__ volatile("yield");
#endif
}

// Spins until ready() or until the time is over.
template <class Ready>
bool spin(Ready ready) {
  Clock::time_point until{};
  while (true) {
    for (int i = 0; i < kPausesPerLook; ++i) {
      if (ready()) return true;
      pause();
    }
    const Clock::time_point now = Clock::now();
    if (until == Clock::time_point{}) until = now + kSpin;
    if (now > until) return false;
  }
}

constexpr std::uint64_t range(std::uint32_t next, std::uint32_t end) {
  return std::uint64_t{end} << 32 | next;
}

}  // namespace

Team::~Team() {
  closing_.store(true);
  jobs_.fetch_add(1);
  jobs_.notify_all();
  for (std::thread& helper : helpers_) helper.join();
}

void Team::grow(int threads) {
  if (queues_ == nullptr) queues_ = std::make_unique<Queue[]>(kMostThreads);
  while (static_cast<int>(helpers_.size()) + 1 < threads) {
    const int thread = static_cast<int>(helpers_.size()) + 1;
    try {
      helpers_.emplace_back([this, thread] { help(thread); });
    } catch (const std::system_error&) {
      return;  // no more threads may be had: those that are there do all the work
    }
  }
}

void Team::share(const Job& job) {
  const int threads = std::min(job.threads, kMostThreads);
  grow(threads);
  call_ = job.call;
  context_ = job.context;
  take_.store(job.take, std::memory_order_relaxed);
  threads_.store(threads, std::memory_order_relaxed);
  left_.store(job.n, std::memory_order_relaxed);
  const auto begin = [&](int t) {
    return static_cast<std::uint32_t>(job.shares != nullptr ? job.shares[t]
                                                            : std::int64_t{job.n} * t / threads);
  };
  for (int t = 0; t < threads; ++t)
    queues_[static_cast<std::size_t>(t)].range.store(range(begin(t), begin(t + 1)),
                                                     std::memory_order_release);
  jobs_.fetch_add(1, std::memory_order_release);
  jobs_.notify_all();
  work(0);
  const auto done = [this] { return left_.load(std::memory_order_acquire) == 0; };
  while (!spin(done)) {
    if (job.idle != nullptr) {
      (*job.idle)();
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    } else {
      std::this_thread::yield();
    }
  }
  if (failure_) std::rethrow_exception(std::exchange(failure_, nullptr));
}

// Takes the first piece of a queue, or the first half of what is left of it, does it, and returns
// how many these were: 0 where none is left.
int Team::take_from(Queue& queue) {
  std::uint64_t seen = queue.range.load(std::memory_order_acquire);
  while (true) {
    const auto next = static_cast<std::uint32_t>(seen), end = static_cast<std::uint32_t>(seen >> 32);
    if (next >= end) return 0;
    const bool one = take_.load(std::memory_order_relaxed) == Take::one;
    const std::uint32_t last = one ? next + 1 : next + (end - next + 1) / 2;
    if (!queue.range.compare_exchange_weak(seen, range(last, end), std::memory_order_acq_rel,
                                           std::memory_order_acquire))
      continue;
    try {
      call_(context_, static_cast<int>(next), static_cast<int>(last));
    } catch (...) {
      const std::scoped_lock lock(failing_);
      if (!failure_) failure_ = std::current_exception();
    }
    return static_cast<int>(last - next);
  }
}

// Does one's own pieces, then those that others have not begun.
void Team::work(int thread) {
  const int threads = threads_.load(std::memory_order_relaxed);
  int done = 0;
  for (int t = 0; t < threads; ++t) {
    Queue& queue = queues_[static_cast<std::size_t>((thread + t) % threads)];
    while (const int taken = take_from(queue)) done += taken;
  }
  // Told once: all threads write it, and its way from core to core takes long.
  if (done > 0) left_.fetch_sub(done, std::memory_order_release);
}

void Team::help(int thread) {
  std::uint32_t seen = 0;
  while (true) {
    const auto called = [&] { return jobs_.load(std::memory_order_acquire) != seen; };
    if (!spin(called)) jobs_.wait(seen, std::memory_order_acquire);
    seen = jobs_.load(std::memory_order_acquire);
    if (closing_.load()) return;
    if (thread < threads_.load(std::memory_order_relaxed)) work(thread);
  }
}

namespace {

long process() {
#if defined(__unix__) || defined(__APPLE__)
  return static_cast<long>(::getpid());
#else
  return 0;
#endif
}

// Never destroyed: threads may still run when the interpreter ends.
struct Shared {
  std::atomic_flag busy;
  long owner = process();
  std::unique_ptr<Team> team = std::make_unique<Team>();
};

std::atomic<Shared*> shared{nullptr};

Shared& current() {
  Shared* now = shared.load(std::memory_order_acquire);
  while (now == nullptr || now->owner != process()) {
    // After fork the parent's is left alone: its threads are not in this process.
    Shared* fresh = new Shared;
    if (shared.compare_exchange_strong(now, fresh, std::memory_order_acq_rel)) return *fresh;
    delete fresh;
  }
  return *now;
}

Team& lone() {
  static thread_local Team team;
  return team;
}

}  // namespace

Lease::Lease(int threads) : team_(nullptr), threads_(std::clamp(threads, 1, Team::kMostThreads)) {
  if (threads_ > 1) held_ = !current().busy.test_and_set(std::memory_order_acquire);
  if (!held_) threads_ = 1;
  team_ = held_ ? current().team.get() : &lone();
}

Lease::~Lease() {
  if (held_) current().busy.clear(std::memory_order_release);
}

}  // namespace glassnet
