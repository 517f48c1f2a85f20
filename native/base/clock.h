// The operating system's monotonic clock, read only here. All other code asks its driver for the
// time, so that a virtual driver can supply its own.
#pragma once

#include <cstdint>

namespace oxbow {

// Nanoseconds of the monotonic clock since the epoch below. Counting from the start of the process
// keeps values far below 2^53, so a double holds them to the nanosecond for the first 104 days.
int64_t monotonic_ns();

// The system's time at which monotonic_ns() was 0, for calls that take absolute time.
int64_t monotonic_epoch_ns();

}  // namespace oxbow
