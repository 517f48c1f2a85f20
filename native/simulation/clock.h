// A clock that stands still until the simulation moves it.
#pragma once

#include <algorithm>

#include "driver/clock.h"

namespace oxbow {

class SimulatedClock final : public Clock {
 public:
  int64_t now_ns() const override { return now_ns_; }
  // It has nothing to do with the system's time.
  int64_t after(int64_t) const override { return kNever; }
  int64_t advanced(int64_t) const override { return 0; }

  // A moment in the past does not turn it back.
  void advance_to(int64_t deadline_ns) { now_ns_ = std::max(now_ns_, deadline_ns); }

 private:
  int64_t now_ns_ = 0;
};

}  // namespace oxbow
