// Scheduling attributes that the system keeps per thread and a child inherits: its allowed
// processors and its priority. A program must get those of the thread that requested it, not those
// of the thread that starts it.
#pragma once

#include <cstddef>
#include <cstdint>

#if defined(__linux__)
#include <sys/syscall.h>
#include <unistd.h>
#endif

namespace oxbow {

struct ThreadStanding {
  static ThreadStanding of_this_thread() {
    ThreadStanding standing;
#if defined(__linux__)
    const long size =
        syscall(SYS_sched_getaffinity, 0, sizeof(standing.processors), standing.processors);
    standing.processors_size = size > 0 ? static_cast<size_t>(size) : 0;
    standing.has_priority =
        syscall(SYS_sched_getattr, 0, standing.priority, sizeof(standing.priority), 0) == 0;
#endif
    return standing;
  }

#if defined(__linux__)
  // With more processors than this the call fails, and the child keeps those of the spawning
  // thread.
  uint64_t processors[64] = {};  // a bit set
  size_t processors_size = 0;
  alignas(8) uint8_t priority[48] = {};  // struct sched_attr, first version
  bool has_priority = false;
#endif
};

}  // namespace oxbow
