// A small team of threads that share out the pieces of one job after another.
//
// Each thread owns a contiguous part of a job's pieces, always the same part for the same job, so
// that its data stay in its core's caches; one who is done early takes from the others. The caller
// is one of the team, and waits for nobody who has not begun a piece: on a busy machine, where a
// helper may not be running at all, the caller just does the work itself.
//
// A piece does the same whoever does it, so that results never depend on the number of threads.
#pragma once

#include <atomic>
#include <cstdint>
#include <exception>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <type_traits>
#include <vector>

namespace glassnet {

class Team {
 public:
  static constexpr int kMostThreads = 256;

  // Begins with the caller alone; `run` starts helpers as they are needed.
  Team() = default;
  ~Team();
  Team(const Team&) = delete;
  Team& operator=(const Team&) = delete;

  // Calls work(first, last) until all of 0 .. n are done, on at most `threads` threads. What `work`
  // throws first is thrown again here, once nobody works any more.
  template <class Work>
  void run(int threads, int n, Work&& work) {
    if (threads <= 1 || n <= 1) {
      if (n > 0) work(0, n);
    } else {
      share({threads, n, nullptr, Take::half, call<Work>, address(work), nullptr});
    }
  }

  // The same where each thread's own pieces are given: those from shares[t] to shares[t + 1].
  template <class Work>
  void run_shares(const std::vector<int>& shares, Work&& work) {
    const int threads = static_cast<int>(shares.size()) - 1, n = shares.back();
    if (threads <= 1 || n <= 1) {
      if (n > 0) work(0, n);
    } else {
      share({threads, n, shares.data(), Take::half, call<Work>, address(work), nullptr});
    }
  }

  // The same for few and long pieces, work(piece): they are taken one by one, and `idle` is
  // called now and then while the caller waits for others.
  template <class Work>
  void run_long(int threads, int n, Work&& work, const std::function<void()>& idle) {
    const auto each = [&work](int first, int last) {
      for (int piece = first; piece < last; ++piece) work(piece);
    };
    if (threads <= 1 || n <= 1) {
      each(0, n);
    } else {
      share({threads, n, nullptr, Take::one, call<decltype(each)>, address(each), &idle});
    }
  }

 private:
  using Call = void (*)(void* context, int first, int last);
  enum class Take { half, one };
  struct Job {
    int threads, n;
    const int* shares;  // none: equal ones
    Take take;
    Call call;
    void* context;
    const std::function<void()>* idle;
  };
  // A thread's pieces: the next one in the low half, the end in the high one.
  struct alignas(64) Queue {
    std::atomic<std::uint64_t> range{0};
  };

  template <class Work>
  static void call(void* context, int first, int last) {
    (*static_cast<std::remove_reference_t<Work>*>(context))(first, last);
  }
  template <class Work>
  static void* address(Work& work) {
    return const_cast<void*>(static_cast<const void*>(&work));
  }

  void share(const Job& job);
  void grow(int threads);
  void help(int thread);
  void work(int thread);
  int take_from(Queue& queue);

  std::vector<std::thread> helpers_;
  std::unique_ptr<Queue[]> queues_;
  Call call_ = nullptr;  // written while no piece is to be had, read by those who hold one
  void* context_ = nullptr;
  std::atomic<Take> take_{Take::half};
  std::atomic<int> threads_{1};
  alignas(64) std::atomic<int> left_{0};
  alignas(64) std::atomic<std::uint32_t> jobs_{0};
  std::atomic<bool> closing_{false};
  std::mutex failing_;
  std::exception_ptr failure_;  // of the job
};

// The process's team for as long as a call needs it. Where another Python thread has it, or in a
// child after fork, whose parent's threads are not there, `threads` is 1 or the team a new one.
class Lease {
 public:
  explicit Lease(int threads);
  ~Lease();
  Lease(const Lease&) = delete;
  Lease& operator=(const Lease&) = delete;

  Team& team() { return *team_; }
  int threads() const { return threads_; }

 private:
  Team* team_;
  int threads_;
  bool held_ = false;
};

}  // namespace glassnet
