// What the system keeps for each thread and hands on to its children: on which processors it may
// run, and with which priority. A program must find that of the thread that has asked for it, and
// not of the one that starts it.
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
  // More processors than this: the call fails, and the child has those of the other thread.
  uint64_t processors[64] = {};  // a set of bits
  size_t processors_size = 0;
  alignas(8) uint8_t priority[48] = {};  // struct sched_attr, in its first form
  bool has_priority = false;
#endif
};

}  // namespace oxbow
