// The rings when they are full: nothing is lost, order holds, and what waits goes on.
#include <cmath>

#include "check.h"
#include "engine_harness.h"
#include "tcp_peer.h"

using namespace oxbow;
using layout::CompletionOp;
using layout::SubmissionOp;
using test::End;
using test::Harness;
using test::Peer;
using test::TcpHarness;

TEST(the_ready_queue_counts_across_the_wrap_of_its_counters) {
  std::vector<uint32_t> entries(4);
  std::vector<uint32_t> control(layout::kControlWords);
  control[layout::kControlReadyHead] = control[layout::kControlReadyTail] = UINT32_MAX - 1;
  ReadyQueue ready;
  ready.bind(entries.data(), 4, control.data());
  for (uint32_t n = 0; n < 4; n++) {
    CHECK_EQ(ready.room(), 4 - n);
    ready.push(n);
  }
  CHECK(ready.full());
  for (uint32_t n = 0; n < 4; n++) {
    CHECK_EQ(entries[control[layout::kControlReadyHead]++ & 3], n);
  }
  CHECK(ready.empty());
}

TEST(callbacks_events_and_timers_share_one_order) {
  Harness js("virtual");
  js.hold();
  const std::vector<End> ends = js.pair();
  js.submit(SubmissionOp::kReadStart, ends[1]);
  js.send(ends[0], "x");
  js.add_timer(7, 0);
  js.push_item();
  const auto ready = js.turn();
  REQUIRE(ready.size() == 3);
  CHECK_EQ(ready[0].timer, layout::kReadyItem);
  CHECK(ready[1].completion.op == CompletionOp::kData);
  CHECK_EQ(ready[2].timer, 7u);
}

TEST(deadlines_beyond_all_counting_are_far_away_or_due) {
  Harness js("virtual");
  const double values[] = {HUGE_VAL, 1e300, -HUGE_VAL, -5, NAN, 0};
  for (uint32_t slot = 0; slot < 6; slot++) {
    js.submit(SubmissionOp::kTimerAdd, slot).value = values[slot];
  }
  const auto due = js.turn(true);
  REQUIRE(due.size() == 4);
  for (uint32_t n = 0; n < 4; n++) CHECK_EQ(due[n].timer, n + 2);
  CHECK(js.engine().next_deadline() < Driver::kForever);
}

TEST(more_due_timers_than_the_ready_queue_holds) {
  constexpr uint32_t kCount = 150000;
  Harness js("virtual", 1024, kCount);
  for (uint32_t slot = 0; slot < kCount; slot++) js.add_timer(slot, 1000);
  uint32_t expected = 0;
  bool in_order = true;
  for (int n = 0; n < 1000 && expected < kCount; n++) {
    for (const Harness::Ready& ready : js.turn(true)) in_order &= ready.timer == expected++;
  }
  CHECK(in_order);
  CHECK_EQ(expected, kCount);
  CHECK_EQ(js.engine().turn(true), -EDEADLK);
}

TEST(all_due_timers_in_one_turn_when_the_ready_queue_has_grown) {
  constexpr uint32_t kCount = 150000;
  Harness js("virtual", 1u << 18, kCount);
  for (uint32_t slot = 0; slot < kCount; slot++) js.add_timer(slot, 1000 + slot % 2);
  CHECK_EQ(js.turn(true).size(), kCount / 2);
  CHECK_EQ(js.turn(true).size(), kCount / 2);
}

TEST(a_hundred_thousand_callbacks_leave_events_and_timers_waiting) {
  constexpr size_t kCount = 1u << 17;
  Harness js("virtual", kCount);
  js.hold();
  const std::vector<End> ends = js.pair();
  js.submit(SubmissionOp::kReadStart, ends[1]);
  js.send(ends[0], "waits");
  js.add_timer(1, 0);
  for (size_t n = 0; n < kCount; n++) js.push_item();
  CHECK_EQ(js.turn(true).size(), kCount);
  CHECK(js.told(ends[1]).data.empty());
  const auto ready = js.turn(true);
  REQUIRE(ready.size() == 2);
  CHECK_EQ(js.told(ends[1]).data, std::string("waits"));
  CHECK_EQ(ready[1].timer, 1u);
}

TEST(more_completions_than_their_ring_holds) {
  constexpr size_t kPairs = 6000;
  Harness js("virtual", 1u << 14);
  js.hold();
  std::vector<std::vector<End>> pairs;
  for (size_t n = 0; n < kPairs; n++) {
    pairs.push_back(js.pair());
    js.bind_backlog(static_cast<uint32_t>(2 * n + 512));
    js.submit(SubmissionOp::kReadStart, pairs[n][1]);
    js.send(pairs[n][0], std::to_string(n));
    js.submit(SubmissionOp::kShutdown, pairs[n][0]);
  }
  CHECK(js.turn(true).size() <= layout::kCompletionCapacity);
  js.settle();
  size_t right = 0;
  for (size_t n = 0; n < kPairs; n++) {
    const test::Told& told = js.told(pairs[n][1]);
    right += told.data == std::to_string(n) && told.count(CompletionOp::kEnd) == 1;
  }
  CHECK_EQ(right, kPairs);
}

// A ready queue of four entries lets one reaped operation through a turn; the others stay behind.
namespace {

struct Crowded : Harness {
  explicit Crowded(size_t count) : Harness("virtual", 4) {
    hold();
    for (size_t n = 0; n < count; n++) {
      pairs.push_back(pair());
      submit(SubmissionOp::kReadStart, pairs[n][1]);
    }
    settle();
    for (size_t n = 0; n < count; n++) send(pairs[n][0], "first");
  }
  std::vector<std::vector<End>> pairs;
};

}  // namespace

TEST(reading_that_stops_and_starts_while_its_bytes_wait_loses_nothing) {
  for (const uint32_t flags : {0u, layout::kReadDirect}) {
    Crowded js(2);
    const End late = js.pairs[1][1];
    js.turn();
    CHECK(js.told(late).data.empty());
    js.submit(SubmissionOp::kReadStop, late);
    js.submit(SubmissionOp::kReadStart, late).flags = flags;
    js.send(js.pairs[1][0], "second");
    js.settle();
    js.settle();
    if (flags == layout::kReadDirect) {
      CHECK_EQ(js.told(late).data, std::string("first"));
      CHECK_EQ(js.told(late).count(CompletionOp::kReadable), 1u);
      uint8_t bytes[16];
      CHECK_EQ(js.engine().receive(late.handle, late.generation, bytes, 16), 6);
    } else {
      CHECK_EQ(js.told(late).data, std::string("firstsecond"));
    }
  }
}

TEST(what_still_waits_of_a_closed_handle_does_not_touch_its_numbers_next_owner) {
  Crowded js(3);
  const End gone = js.pairs[2][1];
  js.turn();
  js.submit(SubmissionOp::kAbort, gone);
  js.turn();
  CHECK_EQ(js.told(gone).count(CompletionOp::kClosed), 1u);
  const std::vector<End> fresh = js.pair();
  const End heir = fresh[0].handle == gone.handle ? fresh[0] : fresh[1];
  CHECK_EQ(heir.handle, gone.handle);
  js.write(heir, std::string(1 << 20, 'x'));
  const double backlog = js.backlog[heir.handle];
  CHECK(backlog > 0);
  js.settle();
  CHECK_EQ(js.backlog[heir.handle], backlog);
  CHECK(js.told(heir).ops.empty());
}

TEST(connections_wait_while_the_backlog_table_has_no_room) {
  TcpHarness js;
  js.bind_backlog(4);
  std::vector<std::unique_ptr<Peer>> peers;
  for (int n = 0; n < 10; n++) peers.push_back(std::make_unique<Peer>(js.address));
  // The listener has a number too.
  CHECK(js.run_until([&] { return js.told(js.listener).ops.size() == 3; }));
  js.settle();
  CHECK_EQ(js.told(js.listener).ops.size(), 3u);
  js.bind_backlog(64);
  CHECK(js.run_until([&] { return js.told(js.listener).ops.size() == 10; }));
  CHECK_EQ(js.told(js.listener).count(CompletionOp::kAccept), 10u);
}

TEST(a_listener_closed_while_its_connections_wait_closes_them) {
  TcpHarness js;
  js.bind_backlog(2);
  Peer first(js.address);
  Peer second(js.address);
  js.accept(false);
  js.settle();
  js.submit(SubmissionOp::kClose, js.listener);
  js.settle();
  CHECK_EQ(js.told(js.listener).count(CompletionOp::kClosed), 1u);
  CHECK_EQ(js.told(js.listener).count(CompletionOp::kAccept), 1u);
}

// Generations begin again before they would be negative as i32, which is how JavaScript reads them.
TEST(generations_begin_again_and_handles_go_on_hearing) {
  Harness js("virtual", 1024, 1024, layout::kGenerationMask - 3);
  js.hold();
  uint32_t last = 0;
  for (int n = 0; n < 10; n++) {
    const std::vector<End> ends = js.pair();
    REQUIRE(ends.size() == 2);
    for (const End end : ends) CHECK(static_cast<int32_t>(end.generation) >= 0);
    last = ends[0].generation;
    js.submit(SubmissionOp::kReadStart, ends[1]);
    js.send(ends[0], "hello");
    CHECK(js.run_until([&] { return js.told(ends[1]).data == "hello"; }));
    for (const End end : ends) js.submit(SubmissionOp::kClose, end);
    CHECK(js.run_until([&] {
      return js.told(ends[0]).count(CompletionOp::kClosed) == 1 &&
             js.told(ends[1]).count(CompletionOp::kClosed) == 1;
    }));
  }
  CHECK(last < 10);
}

CHECK_MAIN()
