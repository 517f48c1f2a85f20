// The operating system's monotonic clock, read here and nowhere else. Everything above asks its
// driver for the time, so that a virtual driver can answer with a time of its own.
#pragma once

#include <cstdint>

namespace oxbow {

// Nanoseconds of CLOCK_MONOTONIC since the epoch below. Counting from the start of the process
// keeps values far below 2^53, so a double holds them to the nanosecond for 104 days of running.
int64_t monotonic_ns();

// The CLOCK_MONOTONIC time that monotonic_ns() counts from, for calls that take absolute time.
int64_t monotonic_epoch_ns();

}  // namespace oxbow
