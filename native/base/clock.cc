#include "base/clock.h"

#include <ctime>

namespace oxbow {
namespace {

// macOS derives CLOCK_MONOTONIC from calendar time, in microseconds, and it keeps running while the
// machine sleeps; Node's clock and the timers of kqueue do not.
#if defined(CLOCK_UPTIME_RAW)
constexpr clockid_t kClock = CLOCK_UPTIME_RAW;
#else
constexpr clockid_t kClock = CLOCK_MONOTONIC;
#endif

int64_t system_ns() {
  timespec now;
  clock_gettime(kClock, &now);
  return static_cast<int64_t>(now.tv_sec) * 1000000000 + now.tv_nsec;
}

}  // namespace

int64_t monotonic_epoch_ns() {
  static const int64_t epoch = system_ns();
  return epoch;
}

int64_t monotonic_ns() {
  const int64_t epoch = monotonic_epoch_ns();
  return system_ns() - epoch;
}

}  // namespace oxbow
