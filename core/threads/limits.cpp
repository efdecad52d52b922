#include "threads/limits.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <fstream>
#include <limits>
#include <string>
#include <thread>

#if defined(__linux__)
#include <sched.h>
#endif

namespace glassnet {
namespace {

int processors() {
#if defined(__linux__)
  cpu_set_t set;
  if (sched_getaffinity(0, sizeof set, &set) == 0) return CPU_COUNT(&set);
#endif
  return static_cast<int>(std::thread::hardware_concurrency());
}

int whole(double cpus, int otherwise) {
  return cpus > 0 && std::isfinite(cpus) ? static_cast<int>(std::ceil(cpus)) : otherwise;
}

// The processors' worth of time that the cgroup (version 2, then 1) grants.
int quota(int otherwise) {
  std::string limit;
  double period = 0;
  if (std::ifstream file("/sys/fs/cgroup/cpu.max"); file >> limit >> period)
    return limit == "max" ? otherwise : whole(std::atof(limit.c_str()) / period, otherwise);
  double microseconds = 0;
  std::ifstream quota_file("/sys/fs/cgroup/cpu/cpu.cfs_quota_us");
  std::ifstream period_file("/sys/fs/cgroup/cpu/cpu.cfs_period_us");
  if (quota_file >> microseconds && period_file >> period)
    return whole(microseconds / period, otherwise);
  return otherwise;
}

}  // namespace

int default_threads() {
  // The files are read once: that takes longer than many a prediction.
  static const int granted = quota(std::numeric_limits<int>::max());
  int threads = std::min(processors(), granted);
  for (const char* name : {"OMP_NUM_THREADS", "LOKY_MAX_CPU_COUNT"}) {
    const char* const asked = std::getenv(name);
    const int most = asked == nullptr ? 0 : std::atoi(asked);
    if (most > 0) threads = std::min(threads, most);
  }
  return std::max(threads, 1);
}

}  // namespace glassnet
