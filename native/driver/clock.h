// A driver's clock: the system's, or one that a simulation moves.
#pragma once

#include <algorithm>
#include <cstdint>

#include "base/clock.h"

namespace oxbow {

class Clock {
 public:
  static constexpr int64_t kNever = INT64_MAX;

  // Nanoseconds since a moment of this clock's own; it never goes back.
  virtual int64_t now_ns() const = 0;
  // The reading at which `system_ns` nanoseconds of the system's time will have passed; kNever for
  // a clock that does not follow it.
  virtual int64_t after(int64_t system_ns) const = 0;
  // What it has advanced while `system_ns` nanoseconds of the system's time went by unattended.
  virtual int64_t advanced(int64_t system_ns) const = 0;

 protected:
  ~Clock() = default;
};

class SystemClock final : public Clock {
 public:
  int64_t now_ns() const override { return monotonic_ns(); }
  int64_t after(int64_t system_ns) const override {
    const int64_t now = monotonic_ns();
    return system_ns >= kNever - now ? kNever : now + std::max<int64_t>(system_ns, 0);
  }
  int64_t advanced(int64_t system_ns) const override { return system_ns; }
};

}  // namespace oxbow
