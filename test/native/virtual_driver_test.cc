// Time that stands still, jumps, and knows when nothing can ever happen.
#include <csignal>
#include <thread>

#include <sys/time.h>

#include "check.h"
#include "driver_harness.h"

using namespace oxbow;
using test::DriverUnderTest;
using test::Sending;

namespace {

void ignore_signal(int) {}

}  // namespace

TEST(time_stands_still_until_somebody_waits) {
  DriverUnderTest test("virtual");
  CHECK(test.driver->time_is_virtual());
  CHECK_EQ(test.driver->now_ns(), 0);
  test.wait(Driver::kNow);
  CHECK_EQ(test.driver->now_ns(), 0);
}

TEST(time_jumps_to_the_deadline_exactly) {
  DriverUnderTest test("virtual");
  const int64_t year_ns = 365ll * 24 * 3600 * 1000000000;
  CHECK(test.wait(year_ns).empty());
  CHECK_EQ(test.driver->now_ns(), year_ns);
  // A deadline in the past does not turn it back.
  CHECK(test.wait(5).empty());
  CHECK_EQ(test.driver->now_ns(), year_ns);
}

TEST(time_does_not_jump_over_what_can_happen_now) {
  DriverUnderTest test("virtual");
  int ends[2];
  test.driver->pair(ends);
  Op receive(OpKind::kReceive);
  receive.descriptor = ends[1];
  test.driver->start(&receive);
  Sending sending(ends[0], "now", false);
  CHECK(test.driver->start(&sending));
  CHECK_EQ(test.wait(1000).size(), 1u);
  CHECK_EQ(test.driver->now_ns(), 0);
  CHECK(test.wait(1000).empty());
  CHECK_EQ(test.driver->now_ns(), 1000);
  CHECK(test.driver->cancel(&receive));
}

TEST(waiting_for_what_can_never_come_is_a_deadlock) {
  DriverUnderTest test("virtual");
  int ends[2];
  test.driver->pair(ends);
  Op receive(OpKind::kReceive);
  receive.descriptor = ends[1];
  test.driver->start(&receive);
  CHECK(test.wait(Driver::kForever).empty());
  CHECK_EQ(test.outcome, -EDEADLK);
  CHECK_EQ(test.driver->now_ns(), 0);
  // It is no end: with something to do, it goes on.
  test.release(ends[0]);
  CHECK_EQ(test.finish(&receive), 0);
}

TEST(time_waits_for_a_thread_that_will_answer) {
  DriverUnderTest test("virtual");
  test.driver->expect_wake(1);
  std::thread thread([&] { test.driver->wake(); });
  CHECK(test.wait(1000).empty());
  CHECK_EQ(test.driver->now_ns(), 0);
  test.driver->expect_wake(-1);
  thread.join();
  test.wait(1000);
  CHECK_EQ(test.driver->now_ns(), 1000);
}

// The wait for a thread is a system call; a signal must not pass for "nobody will answer".
TEST(a_signal_is_neither_a_deadlock_nor_a_reason_to_jump) {
  DriverUnderTest test("virtual");
  struct sigaction action {};
  struct sigaction before {};
  action.sa_handler = ignore_signal;
  sigaction(SIGALRM, &action, &before);
  const itimerval every{{0, 1000}, {0, 1000}};
  setitimer(ITIMER_REAL, &every, nullptr);
  test.driver->expect_wake(1);
  for (int n = 0; n < 5; n++) {
    CHECK(test.wait(Driver::kForever).empty());
    CHECK_EQ(test.outcome, 0);
    CHECK(test.wait(1000).empty());
    CHECK_EQ(test.driver->now_ns(), 0);
  }
  const itimerval never{};
  setitimer(ITIMER_REAL, &never, nullptr);
  sigaction(SIGALRM, &before, nullptr);
}

TEST(what_needs_a_network_says_that_there_is_none) {
  DriverUnderTest test("virtual");
  int ends[2];
  test.driver->pair(ends);
  ConnectOp connect;
  connect.descriptor = ends[0];
  CHECK(test.driver->start(&connect));
  CHECK_EQ(connect.result, -EOPNOTSUPP);
  Op receive(OpKind::kReceive);
  receive.descriptor = 3;
  CHECK(test.driver->start(&receive));
  CHECK_EQ(receive.result, -EBADF);
}

TEST(the_same_steps_give_the_same_story) {
  std::string stories[2];
  for (std::string& story : stories) {
    DriverUnderTest test("virtual", 3);
    int ends[8];
    std::vector<Op> receives(4, Op(OpKind::kReceive));
    for (int n = 0; n < 4; n++) {
      test.driver->pair(ends + 2 * n);
      receives[static_cast<size_t>(n)].descriptor = ends[2 * n + 1];
      test.driver->start(&receives[static_cast<size_t>(n)]);
    }
    for (int n = 3; n >= 0; n--) {
      Sending sending(ends[2 * n], std::string(static_cast<size_t>(n) + 2, 'a'), false);
      test.driver->start(&sending);
      test.release(ends[2 * n]);
    }
    for (int turn = 0; turn < 5; turn++) {
      for (const auto& done : test.wait(turn)) {
        story += std::to_string(done.op - receives.data()) + ":" + std::to_string(done.result);
      }
      story += "|";
    }
  }
  CHECK_EQ(stories[0], stories[1]);
  CHECK(stories[0].find("3:0") != std::string::npos);
}

CHECK_MAIN()
