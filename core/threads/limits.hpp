// How many threads this process may use.
#pragma once

namespace glassnet {

// The processors that the process may run on (its affinity, and the quota of its cgroup where
// that can be read), or OMP_NUM_THREADS where that is less.
int default_threads();

}  // namespace glassnet
