// What loop.metrics() tells, counted where it happens. The numbers are doubles in the control
// block, so that JavaScript reads them without a call, and has the last ones when the engine is
// gone. They only grow: for a rate, subtract two readings.
//
// Cost: a timer that fires pays for one count of leading zeros and three additions, a turn for one
// reading of the clock.
#pragma once

#include <algorithm>
#include <bit>
#include <cstdint>

#include "ring/layout.h"

namespace oxbow {

// Durations in buckets that are a quarter of a power of two wide, from a microsecond to minutes:
// what is read from it is right to within a quarter.
class Histogram {
 public:
  void bind(double* sum, double* max, double* buckets) {
    sum_ = sum;
    max_ = max;
    buckets_ = buckets;
  }

  // Unbound, as in tests of a part, it counts nothing.
  void record(int64_t duration_ns) {
    if (buckets_ == nullptr) return;
    const uint64_t ns = static_cast<uint64_t>(std::max<int64_t>(duration_ns, 0));
    buckets_[bucket_of(ns)] += 1;
    const double value = static_cast<double>(ns);
    *sum_ += value;
    if (value > *max_) *max_ = value;
  }

  static uint32_t bucket_of(uint64_t ns) {
    constexpr uint32_t kFirst = layout::kHistogramFirstBits;
    if ((ns >> kFirst) == 0) return 0;
    const uint32_t exponent = static_cast<uint32_t>(std::bit_width(ns)) - 1;
    const uint32_t quarter = static_cast<uint32_t>(ns >> (exponent - 2)) & 3;
    return std::min(1 + (exponent - kFirst) * 4 + quarter, layout::kHistogramBuckets - 1);
  }

 private:
  double* sum_ = nullptr;
  double* max_ = nullptr;
  double* buckets_ = nullptr;
};

// All times are of the driver's clock.
class Statistics {
 public:
  Histogram turns;  // from the end of a poll to the next one: how long everything else waits

  // `lag` is the timers' own.
  void bind(uint32_t* control, Histogram* lag) {
    control_ = control;
    // The block is an ArrayBuffer of its own, and those are aligned to eight bytes and more.
    values_ = reinterpret_cast<double*>(control);
    lag->bind(values_ + layout::kStatisticsLagSum, values_ + layout::kStatisticsLagMax,
              values_ + layout::kStatisticsLagBuckets);
    turns.bind(values_ + layout::kStatisticsTurnSum, values_ + layout::kStatisticsTurnMax,
               values_ + layout::kStatisticsTurnBuckets);
  }

  void add_event() { values_[layout::kStatisticsEvents] += 1; }

  // The poll is over: what it found is run now.
  void begin_turn(int64_t now_ns) {
    values_[layout::kStatisticsTurns] += 1;
    count_callbacks();
    turn_ns_ = now_ns;
    begin(now_ns);
  }

  // What the turn made ready has been run.
  void end_turn(int64_t now_ns) {
    if (turn_ns_ == kNothing) return;
    turns.record(now_ns - turn_ns_);
    turn_ns_ = kNothing;
  }

  // From here on the thread works for us, until rest().
  void begin(int64_t now_ns) {
    if (running_ns_ == kNothing) running_ns_ = now_ns;
  }

  void rest(int64_t now_ns) {
    end_turn(now_ns);
    count_running(now_ns);
    running_ns_ = kNothing;
  }

  // What is going on counts up to now.
  void catch_up(int64_t now_ns) {
    count_running(now_ns);
    count_callbacks();
    values_[layout::kStatisticsTime] = static_cast<double>(now_ns);
  }

  void add_polling(int64_t duration_ns) {
    values_[layout::kStatisticsPolling] += static_cast<double>(duration_ns);
  }

 private:
  static constexpr int64_t kNothing = INT64_MIN;

  // The counter of the ready queue wraps, but not from one turn to the next.
  void count_callbacks() {
    const uint32_t head = control_[layout::kControlReadyHead];
    values_[layout::kStatisticsCallbacks] += head - counted_head_;
    counted_head_ = head;
  }

  void count_running(int64_t now_ns) {
    if (running_ns_ == kNothing) return;
    values_[layout::kStatisticsRunning] += static_cast<double>(now_ns - running_ns_);
    running_ns_ = now_ns;
  }

  uint32_t* control_ = nullptr;
  double* values_ = nullptr;
  int64_t turn_ns_ = kNothing;
  int64_t running_ns_ = kNothing;
  uint32_t counted_head_ = 0;
};

}  // namespace oxbow
