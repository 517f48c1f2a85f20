// The kqueue driver's own promises, on the model; those that all drivers make are in
// driver_contract_test.cc and system_driver_test.cc, which run on it as well.
#include <cerrno>
#include <set>
#include <thread>

#include <sys/event.h>
#include <sys/socket.h>
#include <unistd.h>

#include "check.h"
#include "driver/driver.h"
#include "driver/kqueue.h"
#include "ring/layout.h"

using namespace oxbow;

namespace {

constexpr uint32_t kBoth = layout::kPollIn | layout::kPollOut;

struct Watching {
  Watching() {
    CHECK_EQ(selector.open(), 0);
    CHECK_EQ(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, ends), 0);
  }
  ~Watching() {
    for (const int each : ends) {
      if (each >= 0) ::close(each);
    }
  }

  int wait(int64_t deadline_ns = Driver::kNow) { return selector.wait(deadline_ns, events, 8); }

  // Whether the kernel has been told of a change: only then is the queue readable.
  bool host_would_wake() {
    struct kevent one;
    const timespec at_once{0, 0};
    const int outer = kqueue();
    EV_SET(&one, selector.poll_descriptor(), EVFILT_READ, EV_ADD, 0, 0, nullptr);
    const int count = kevent(outer, &one, 1, &one, 1, &at_once);
    ::close(outer);
    return count == 1;
  }

  Kqueue selector;
  int ends[2] = {-1, -1};
  Selector::Event events[8];
};

}  // namespace

// macOS refuses waits of more than three years, FreeBSD's timers end with its clock.
TEST(a_deadline_in_a_century_is_waited_for_like_any_other) {
  constexpr int64_t kCenturyNs = int64_t{100} * 365 * 86'400 * 1'000'000'000;
  Watching at;
  at.selector.arm(kCenturyNs);
  CHECK(!at.host_would_wake());
  CHECK_EQ(at.selector.watch(at.ends[1], Selector::Mode::kLevelIn, 0, false), 0);
  CHECK_EQ(write(at.ends[0], "a", 1), 1);
  REQUIRE(at.wait(kCenturyNs) == 1);
  CHECK(at.events[0].readable);
}

TEST(a_registration_leaves_with_the_next_wait_and_not_before) {
  Watching at;
  CHECK_EQ(write(at.ends[0], "a", 1), 1);
  CHECK_EQ(at.selector.watch(at.ends[1], Selector::Mode::kLevelIn, 0, false), 0);
  CHECK(!at.host_would_wake());
  REQUIRE(at.wait() == 1);
  CHECK_EQ(at.events[0].descriptor, at.ends[1]);
  CHECK(at.events[0].readable);
}

TEST(a_registration_leaves_when_a_host_is_about_to_sleep) {
  Watching at;
  CHECK_EQ(write(at.ends[0], "a", 1), 1);
  at.selector.watch(at.ends[1], Selector::Mode::kEdge, kBoth, false);
  at.selector.arm(Driver::kForever);
  CHECK(at.host_would_wake());
  CHECK(at.wait() > 0);
}

TEST(a_registration_that_was_not_sent_does_not_meet_the_next_descriptor) {
  Watching at;
  const int number = at.ends[1];
  at.selector.watch(number, Selector::Mode::kEdge, kBoth, false);
  at.selector.forget(number, true);
  ::close(number);
  at.ends[1] = dup(at.ends[0]);
  CHECK_EQ(at.ends[1], number);
  CHECK_EQ(at.wait(), 0);
}

TEST(a_registration_that_fails_is_told_as_an_event) {
  Watching at;
  at.selector.watch(9999, Selector::Mode::kLevelIn, 0, false);
  REQUIRE(at.wait(Driver::kForever) == 1);
  CHECK_EQ(at.events[0].descriptor, 9999);
  CHECK_EQ(at.events[0].error, -EBADF);
}

TEST(one_that_fails_before_a_host_sleeps_wakes_it) {
  Watching at;
  at.selector.watch(9999, Selector::Mode::kLevelIn, 0, false);
  at.selector.arm(Driver::kForever);
  CHECK(at.host_would_wake());
  REQUIRE(at.wait() == 1);
  CHECK_EQ(at.events[0].error, -EBADF);
  CHECK_EQ(at.wait(), 0);
}

TEST(a_descriptor_of_a_user_that_is_none_is_refused_at_once) {
  Watching at;
  CHECK_EQ(at.selector.watch(9999, Selector::Mode::kOneShot, layout::kPollIn, false), -EBADF);
  CHECK_EQ(at.wait(), 0);
}

TEST(watched_once_in_both_directions_one_answer_comes) {
  Watching at;
  CHECK_EQ(write(at.ends[0], "a", 1), 1);
  at.selector.watch(at.ends[1], Selector::Mode::kOneShot, kBoth, false);
  REQUIRE(at.wait() == 1);
  CHECK(at.events[0].readable && at.events[0].writable);
  CHECK_EQ(at.wait(), 0);
}

TEST(watched_once_the_direction_that_did_not_come_is_dropped) {
  Watching at;
  at.selector.watch(at.ends[1], Selector::Mode::kOneShot, kBoth, false);
  REQUIRE(at.wait() == 1);
  CHECK(at.events[0].writable && !at.events[0].readable);
  CHECK_EQ(write(at.ends[0], "a", 1), 1);
  CHECK_EQ(at.wait(), 0);
}

TEST(more_registrations_than_one_call_takes_are_all_made) {
  Watching at;
  int copies[600];
  for (int& copy : copies) {
    copy = dup(at.ends[1]);
    CHECK(copy >= 0);
    at.selector.watch(copy, Selector::Mode::kEdge, kBoth, false);
  }
  std::set<int> writable;
  while (const int count = at.wait()) {
    for (int n = 0; n < count; n++) writable.insert(at.events[n].descriptor);
  }
  CHECK_EQ(writable.size(), 600u);
  for (const int copy : copies) ::close(copy);
}

TEST(an_alarm_is_not_early_and_a_later_one_does_not_replace_it) {
  Watching at;
  const int64_t deadline_ns = monotonic_ns() + 2'000'000;
  at.selector.arm(deadline_ns);
  at.selector.arm(deadline_ns + 3'600'000'000'000);
  CHECK(!at.host_would_wake() || monotonic_ns() >= deadline_ns);
  CHECK_EQ(at.wait(Driver::kForever), 0);
  CHECK(monotonic_ns() >= deadline_ns);
}

TEST(wakes_from_other_threads_end_a_wait_and_a_burst_is_one) {
  Watching at;
  std::thread other([&] {
    for (int n = 0; n < 1000; n++) at.selector.wake();
  });
  CHECK_EQ(at.wait(Driver::kForever), 0);
  other.join();
  at.wait();
  CHECK(!at.host_would_wake());
}

CHECK_MAIN()
