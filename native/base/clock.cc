#include "base/clock.h"

#include <ctime>

namespace oxbow {
namespace {

int64_t system_ns() {
  timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
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
