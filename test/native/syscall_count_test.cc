// How many system calls things take, and single calls that fail at the worst moment.
#include <thread>

#include "base/clock.h"
#include "check.h"
#include "engine_harness.h"
#include "syscall_wraps.h"
#include "tcp_peer.h"

using namespace oxbow;
using layout::CompletionOp;
using layout::SubmissionOp;
using test::End;
using test::Harness;
using test::Peer;
using test::Syscalls;
using test::syscalls;
using test::TcpHarness;

namespace {

using Ops = std::vector<CompletionOp>;

struct Two : Harness {
  Two() : Harness("auto") {
    hold();
    const std::vector<End> ends = pair();
    near = ends[0];
    far = ends[1];
    syscalls() = Syscalls{};
  }
  End near;
  End far;
};

}  // namespace

TEST(all_sends_of_a_turn_to_one_connection_are_one_system_call) {
  Two js;
  std::string expected;
  for (int n = 0; n < 100; n++) {
    js.send(js.near, std::to_string(n));
    expected += std::to_string(n);
  }
  js.submit(SubmissionOp::kReadStart, js.far);
  CHECK_EQ(syscalls().sends, 0u);
  js.settle();
  CHECK_EQ(syscalls().sends, 1u);
  CHECK_EQ(js.told(js.far).data, expected);
}

TEST(sends_to_several_connections_are_one_system_call_each) {
  Two js;
  for (int n = 0; n < 100; n++) {
    js.send(js.near, "a");
    js.send(js.far, "b");
  }
  js.submit(SubmissionOp::kReadStart, js.near);
  js.submit(SubmissionOp::kReadStart, js.far);
  js.settle();
  CHECK_EQ(syscalls().sends, 2u);
  CHECK_EQ(js.told(js.far).data, std::string(100, 'a'));
  CHECK_EQ(js.told(js.near).data, std::string(100, 'b'));
}

TEST(more_sends_than_one_system_call_takes_still_arrive_in_order) {
  Two js;
  std::string expected;
  for (int n = 0; n < 3000; n++) {
    js.send(js.near, std::to_string(n));
    js.send(js.far, ".");
    expected += std::to_string(n);
  }
  js.submit(SubmissionOp::kReadStart, js.far);
  CHECK(js.run_until([&] { return js.told(js.far).data.size() >= expected.size(); }));
  CHECK(js.told(js.far).data == expected);
}

TEST(a_small_message_is_one_receive) {
  Two js;
  js.submit(SubmissionOp::kReadStart, js.far);
  js.settle();
  syscalls() = Syscalls{};
  for (uint32_t n = 1; n <= 10; n++) {
    js.send(js.near, "message");
    js.settle();
    CHECK_EQ(syscalls().receives, n);
  }
}

TEST(a_large_write_leaves_from_where_it_is) {
  Two js;
  const std::string large(1 << 20, 'x');
  js.write(js.near, large);
  // The first call took the caller's own bytes, and what was left over was tried once more.
  CHECK(syscalls().sends <= 2);
  Two small;
  const std::string text = "in place";
  small.write(small.near, text);
  CHECK(syscalls().last_sent == text.data());
  CHECK_EQ(syscalls().sends, 1u);
}

TEST(a_send_that_the_system_refuses_fails_the_connection_once) {
  Two js;
  syscalls().next_send = ENOBUFS;
  js.send(js.near, "no room");
  js.settle();
  js.send(js.near, "never sent");
  js.settle();
  CHECK(js.told(js.near).ops == Ops{CompletionOp::kFailed});
  CHECK_EQ(js.told(js.near).failure, -ENOBUFS);
  js.submit(SubmissionOp::kAbort, js.near);
  js.settle();
  CHECK(js.told(js.near).ops == (Ops{CompletionOp::kFailed, CompletionOp::kClosed}));
}

// A failure to receive and the success of an earlier send, in this order, in one wait.
TEST(a_send_that_completes_after_its_connection_failed_is_ignored) {
  Two js;
  js.write(js.near, std::string(5 << 20, 'n'));
  js.write(js.far, std::string(150000, 'f'));
  js.submit(SubmissionOp::kReadStart, js.near);
  js.turn();
  // More is known to be there, so the next receive comes before the events; and space for near.
  std::vector<uint8_t> bytes(1 << 20);
  const uint32_t size = static_cast<uint32_t>(bytes.size());
  while (js.engine().receive(js.far.handle, js.far.generation, bytes.data(), size) > 0) {
  }
  syscalls().next_receive = ECONNRESET;
  js.turn();
  CHECK(js.told(js.near).ops == Ops{CompletionOp::kFailed});
  CHECK_EQ(js.told(js.near).failure, -ECONNRESET);
  CHECK_EQ(js.backlog[js.near.handle], 0.0);
}

TEST(a_busy_ready_queue_polls_seldom_and_still_hears_of_events) {
  Two js;
  js.submit(SubmissionOp::kReadStart, js.far);
  js.turn();
  js.send(js.near, "x");
  syscalls() = Syscalls{};
  const int64_t start_ns = monotonic_ns();
  uint32_t turns = 0;
  while (js.told(js.far).data.empty() && monotonic_ns() - start_ns < 5'000'000'000) {
    js.push_item();
    js.turn();
    turns++;
  }
  CHECK_EQ(js.told(js.far).data, std::string("x"));
  const int64_t spent_ns = monotonic_ns() - start_ns;
  // One more for the first turn, one for a turn that began in the last interval.
  CHECK(syscalls().polls <= spent_ns / Driver::kPollEveryNs + 2);
  CHECK(syscalls().polls <= turns);
}

TEST(javascript_may_turn_alone_until_the_next_poll_or_timer_or_until_there_is_work) {
  Two js;
  const double* doubles = reinterpret_cast<const double*>(&js.control(0));
  const auto until = [&] { return doubles[layout::kTurnAloneUntil]; };
  const auto turn = [&] {
    js.push_item();
    js.turn();
  };
  // What the making of the pair still has to tell.
  for (int n = 0; n < 3; n++) turn();
  const double before = js.engine().now();
  turn();
  CHECK(until() > before - Driver::kPollEveryNs / 1e9);
  CHECK(until() <= js.engine().now() + Driver::kPollEveryNs / 1e9);

  const int64_t due_ns = monotonic_ns() + 1;
  js.add_timer(0, due_ns);
  turn();
  CHECK(until() == 0 || until() > static_cast<double>(due_ns) / 1e9);
  js.add_timer(1, INT64_MAX - 1);
  turn();
  CHECK(until() > before);

  js.send(js.near, "x");
  js.engine().submit();
  CHECK_EQ(until(), 0.0);
  turn();
  CHECK(until() > before);
  CHECK_EQ(js.write(js.near, "y"), 1);
  CHECK_EQ(until(), 0.0);
}

TEST(an_earlier_timer_ends_the_turns_alone) {
  Two js;
  const double* doubles = reinterpret_cast<const double*>(&js.control(0));
  for (int n = 0; n < 3; n++) js.turn();
  // Far enough not to be due at once, near enough to come before the poll.
  const int64_t deadline_ns = monotonic_ns() + Driver::kPollEveryNs * 3 / 4;
  js.add_timer(0, deadline_ns);
  js.push_item();
  js.turn();
  CHECK(doubles[layout::kTurnAloneUntil] <= static_cast<double>(deadline_ns) / 1e9 ||
        monotonic_ns() >= deadline_ns);
}

TEST(simulated_time_has_no_turns_without_cpp) {
  Harness js("virtual");
  js.push_item();
  js.turn();
  CHECK_EQ(reinterpret_cast<const double*>(&js.control(0))[layout::kTurnAloneUntil], 0.0);
}

TEST(an_idle_ready_queue_polls_in_every_turn) {
  Two js;
  js.turn();
  syscalls() = Syscalls{};
  for (int n = 0; n < 10; n++) js.turn();
  CHECK_EQ(syscalls().polls, 10u);
}

TEST(a_burst_of_messages_from_other_threads_is_one_system_call) {
  Two js;
  Inbox& inbox = *js.engine().inbox();
  const auto nothing = [](void*, int) {};
  test::writes() = 0;
  std::thread poster([&] {
    for (int n = 0; n < 10000; n++) inbox.post(nothing, nullptr);
  });
  poster.join();
  CHECK_EQ(test::writes().load(), 1u);
  uint32_t taken = 0;
  while (js.engine().has_work()) {
    js.turn();
    for (Posted posted; js.engine().take_posted(&posted);) taken++;
  }
  CHECK_EQ(taken, 10000u);
  inbox.post(nothing, nullptr);
  CHECK_EQ(test::writes().load(), 2u);
}

TEST(accepting_that_fails_is_told_and_goes_on_when_asked) {
  TcpHarness js;
  js.turn();
  syscalls() = Syscalls{};
  for (const int error : {EMFILE, ENFILE, ENOMEM}) {
    syscalls().next_accept = error;
    Peer peer(js.address);
    const size_t before = js.told(js.listener).ops.size();
    CHECK(js.run_until([&] { return js.told(js.listener).ops.size() > before; }));
    CHECK(js.told(js.listener).ops.back() == CompletionOp::kAcceptFailed);
    CHECK(js.turn().empty());
    js.submit(SubmissionOp::kAcceptStart, js.listener);
    js.accept(false);
  }
}

CHECK_MAIN()
