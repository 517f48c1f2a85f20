// What the turn and the timers count: buckets, lag, sleep and work, and counters that wrap.
#include <cstdlib>
#include <vector>

#include "check.h"
#include "engine_harness.h"
#include "loop/statistics.h"

using namespace oxbow;
using test::Harness;

namespace {

struct Block {
  Block() { statistics.bind(words, &lag); }
  ~Block() { std::free(words); }
  double operator[](uint32_t at) const { return reinterpret_cast<const double*>(words)[at]; }

  // Like an ArrayBuffer, this has no type: it is read and written as integers and as doubles.
  uint32_t* words = static_cast<uint32_t*>(std::calloc(layout::kControlWords, sizeof(uint32_t)));
  Statistics statistics;
  Histogram lag;
};

}  // namespace

TEST(buckets_are_a_quarter_of_a_power_of_two) {
  CHECK_EQ(Histogram::bucket_of(0), 0u);
  CHECK_EQ(Histogram::bucket_of(1023), 0u);
  CHECK_EQ(Histogram::bucket_of(1024), 1u);
  CHECK_EQ(Histogram::bucket_of(1279), 1u);
  CHECK_EQ(Histogram::bucket_of(1280), 2u);
  CHECK_EQ(Histogram::bucket_of(2047), 4u);
  CHECK_EQ(Histogram::bucket_of(2048), 5u);
  CHECK_EQ(Histogram::bucket_of((uint64_t{1} << 38) - 1), layout::kHistogramBuckets - 2);
  CHECK_EQ(Histogram::bucket_of(uint64_t{1} << 38), layout::kHistogramBuckets - 1);
  CHECK_EQ(Histogram::bucket_of(UINT64_MAX), layout::kHistogramBuckets - 1);
  uint32_t last = 0;
  for (uint64_t ns = 1; ns < uint64_t{1} << 40; ns += ns / 64 + 1) {
    const uint32_t bucket = Histogram::bucket_of(ns);
    CHECK(bucket == last || bucket == last + 1);
    last = bucket;
  }
}

TEST(a_histogram_keeps_sum_and_longest_and_takes_no_time_for_less_than_none) {
  Block block;
  for (const int64_t ns : {5000, 3000, -7, 0}) block.lag.record(ns);
  CHECK_EQ(block[layout::kStatisticsLagSum], 8000.0);
  CHECK_EQ(block[layout::kStatisticsLagMax], 5000.0);
  CHECK_EQ(block[layout::kStatisticsLagBuckets], 2.0);
}

TEST(an_unbound_histogram_counts_nothing) {
  Histogram histogram;
  histogram.record(1);
}

TEST(work_is_counted_from_the_first_turn_to_the_rest) {
  Block block;
  Statistics& statistics = block.statistics;
  statistics.begin_turn(1000);
  statistics.end_turn(1500);
  statistics.begin_turn(1700);
  statistics.catch_up(1800);
  CHECK_EQ(block[layout::kStatisticsRunning], 800.0);
  CHECK_EQ(block[layout::kStatisticsTime], 1800.0);
  statistics.rest(2000);
  statistics.rest(5000);
  statistics.catch_up(9000);
  CHECK_EQ(block[layout::kStatisticsRunning], 1000.0);
  CHECK_EQ(block[layout::kStatisticsTurnSum], 800.0);
  CHECK_EQ(block[layout::kStatisticsTurnMax], 500.0);
  CHECK_EQ(block[layout::kStatisticsTurns], 2.0);
}

TEST(what_was_run_is_counted_over_the_wrap_of_the_ready_queue) {
  Block block;
  uint32_t& head = block.words[layout::kControlReadyHead];
  head = 0xfffffff0;
  block.statistics.catch_up(0);
  const double before = block[layout::kStatisticsCallbacks];
  head += 32;
  block.statistics.catch_up(0);
  CHECK_EQ(block[layout::kStatisticsCallbacks] - before, 32.0);
}

TEST(timers_that_are_found_late_say_by_how_much_one_by_one_and_in_bulk) {
  for (const uint32_t count : {3u, 500u}) {
    Block block;
    TimerHeap heap;
    std::vector<uint8_t> states(1024);
    std::vector<uint32_t> entries(1024);
    ReadyQueue ready;
    heap.bind(states.data(), 1024);
    heap.lag.bind(reinterpret_cast<double*>(block.words) + layout::kStatisticsLagSum,
                  reinterpret_cast<double*>(block.words) + layout::kStatisticsLagMax,
                  reinterpret_cast<double*>(block.words) + layout::kStatisticsLagBuckets);
    ready.bind(entries.data(), 1024, block.words);
    for (uint32_t n = 0; n < count; n++) heap.add(n, n);
    heap.cancel(1);
    heap.take_due(count, &ready);
    CHECK_EQ(ready.size(), count - 1);
    double lateness = 0;
    for (uint32_t n = 0; n < count; n++) lateness += n == 1 ? 0 : count - n;
    CHECK_EQ(block[layout::kStatisticsLagSum], lateness);
    CHECK_EQ(block[layout::kStatisticsLagMax], static_cast<double>(count));
    CHECK_EQ(block[layout::kStatisticsLagBuckets], count - 1.0);
  }
}

TEST(simulated_time_that_passes_in_a_wait_is_sleep) {
  Harness loop("virtual");
  loop.add_timer(0, 5'000'000);
  loop.turn(true);
  loop.engine().measure();
  const double* values = reinterpret_cast<const double*>(&loop.control(0));
  CHECK_EQ(values[layout::kStatisticsPolling], 5e6);
  CHECK_EQ(values[layout::kStatisticsRunning], 0.0);
  CHECK_EQ(values[layout::kStatisticsLagMax], 0.0);
  CHECK_EQ(values[layout::kStatisticsTurns], 1.0);
}

CHECK_MAIN()
