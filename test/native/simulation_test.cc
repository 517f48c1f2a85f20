// Time that stands still, jumps, and knows when nothing can ever happen.
#include <csignal>
#include <map>
#include <thread>

#include <sys/time.h>
#include <unistd.h>

#include "check.h"
#include "driver_harness.h"
#include "os/sockets.h"
#include "ring/layout.h"

using namespace oxbow;
using test::DriverUnderTest;
using test::Sending;

namespace {

void ignore_signal(int) {}

}  // namespace

TEST(time_stands_still_until_somebody_waits) {
  DriverUnderTest test("virtual");
  CHECK(test.driver->advances_in_wait());
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
  test.driver->network().pair(ends);
  Op receive(OpKind::kReceive);
  receive.descriptor = ends[1];
  test.driver->start(&receive);
  Sending sending(ends[0], "now");
  CHECK(test.driver->start(&sending));
  CHECK_EQ(test.wait(1000).size(), 1u);
  CHECK_EQ(test.driver->now_ns(), 0);
  CHECK(test.wait(1000).empty());
  CHECK_EQ(test.driver->now_ns(), 1000);
  CHECK(test.driver->cancel(&receive));
}

TEST(what_a_link_delays_arrives_then_and_time_jumps_there) {
  DriverUnderTest test("virtual");
  Network& network = test.driver->network();
  Address near;
  Address far;
  CHECK(parse_address("10.0.0.1", 0, &near));
  CHECK(parse_address("10.0.0.2", 80, &far));
  const int64_t latency_ns = 50'000'000;
  CHECK_EQ(network.set_link(near, far, {.latency_ns = latency_ns}), 0);
  AcceptOp accept;
  accept.descriptor = network.listen(far, 0, 16);
  CHECK(!test.driver->start(&accept));
  ConnectOp connect;
  connect.address = far;
  connect.descriptor = network.open(far, &near);
  CHECK(!test.driver->start(&connect));
  CHECK_EQ(test.driver->next_arrival_ns(), 2 * latency_ns);
  // Time goes no further than to what arrives, and without a deadline as well.
  CHECK_EQ(test.wait(Driver::kForever).size(), 1u);
  CHECK_EQ(connect.result, 0);
  CHECK_EQ(test.driver->now_ns(), 2 * latency_ns);
  CHECK_EQ(test.wait(1'000'000'000).size(), 1u);
  CHECK_EQ(accept.accepted.size(), 1u);
  CHECK_EQ(test.driver->now_ns(), 3 * latency_ns);
  Op receive(OpKind::kReceive);
  receive.descriptor = accept.accepted[0];
  CHECK(!test.driver->start(&receive));
  Sending sending(connect.descriptor, "later");
  CHECK(test.driver->start(&sending));
  CHECK_EQ(network.unconfirmed(connect.descriptor), 5u);
  CHECK(test.wait(Driver::kNow).empty());
  CHECK_EQ(test.wait(Driver::kForever).size(), 1u);
  CHECK_EQ(receive.result, 5);
  CHECK_EQ(test.driver->now_ns(), 4 * latency_ns);
  // What is on its way to an end that leaves is lost, and wakes no one.
  Sending last(connect.descriptor, "too late");
  CHECK(test.driver->start(&last));
  CHECK(test.driver->cancel(&receive));
  test.driver->release(accept.accepted[0], true);
  CHECK(test.wait(10'000'000'000).empty());
  CHECK(test.driver->cancel(&accept));
}

TEST(only_a_simulated_network_has_links) {
  DriverUnderTest system("auto");
  const Address every_host;
  CHECK_EQ(system.driver->network().set_link(every_host, every_host, {}), -EOPNOTSUPP);
  CHECK_EQ(system.driver->network().cut_link(every_host, every_host, true), -EOPNOTSUPP);
  CHECK_EQ(system.driver->next_arrival_ns(), Driver::kForever);
}

TEST(waiting_for_what_can_never_come_is_a_deadlock) {
  DriverUnderTest test("virtual");
  int ends[2];
  test.driver->network().pair(ends);
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

TEST(what_is_no_descriptor_of_the_simulation_can_only_be_watched) {
  DriverUnderTest test("virtual");
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
      test.driver->network().pair(ends + 2 * n);
      receives[static_cast<size_t>(n)].descriptor = ends[2 * n + 1];
      test.driver->start(&receives[static_cast<size_t>(n)]);
    }
    for (int n = 3; n >= 0; n--) {
      Sending sending(ends[2 * n], std::string(static_cast<size_t>(n) + 2, 'a'));
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

// The number of a released end is given out again: whoever was its peer must not reach the new one.
TEST(a_peer_that_is_gone_stays_gone_when_its_number_comes_back) {
  DriverUnderTest test("virtual");
  int first[2];
  int second[2];
  test.driver->network().pair(first);
  test.release(first[0]);
  test.driver->network().pair(second);
  CHECK(second[0] == first[0] || second[1] == first[0]);
  Sending lost(first[1], "for the dead");
  CHECK(test.driver->start(&lost));
  CHECK_EQ(lost.result, -EPIPE);
  test.driver->network().shutdown(first[1]);
  test.release(first[1]);
  Op receives[2] = {Op(OpKind::kReceive), Op(OpKind::kReceive)};
  for (int n = 0; n < 2; n++) {
    receives[n].descriptor = second[n];
    CHECK(!test.driver->start(&receives[n]));
  }
  CHECK(test.wait(Driver::kNow).empty());
  Sending alive(second[0], "alive");
  CHECK(test.driver->start(&alive));
  CHECK_EQ(test.wait().size(), 1u);
  for (Op& receive : receives) CHECK(test.driver->cancel(&receive));
}

TEST(clients_beyond_the_backlog_wait_until_there_is_room) {
  DriverUnderTest test("virtual");
  Network& network = test.driver->network();
  Address address;
  CHECK(parse_address("::1", 80, &address));
  AcceptOp accept;
  accept.descriptor = network.listen(address, 0, 2);
  std::vector<ConnectOp> clients(5);
  for (ConnectOp& client : clients) {
    client.descriptor = network.open(address, nullptr);
    client.address = address;
    CHECK(!test.driver->start(&client));
  }
  CHECK_EQ(test.wait().size(), 2u);
  CHECK(test.wait().empty());
  CHECK_EQ(test.outcome, -EDEADLK);
  CHECK(!test.driver->start(&accept));
  size_t connected = 2;
  for (int n = 0; n < 10; n++) {
    for (const auto& done : test.wait(Driver::kNow)) connected += done.op != &accept;
  }
  CHECK_EQ(connected, 5u);
  CHECK_EQ(accept.accepted.size(), 5u);
  // Whoever waits when the listener goes is refused.
  CHECK(test.driver->cancel(&accept));
  std::vector<ConnectOp> late(3);
  for (ConnectOp& client : late) {
    client.descriptor = network.open(address, nullptr);
    client.address = address;
    CHECK(!test.driver->start(&client));
  }
  CHECK_EQ(test.wait().size(), 2u);
  test.release(accept.descriptor);
  const auto done = test.wait();
  REQUIRE(done.size() == 1);
  CHECK_EQ(done[0].result, -ECONNREFUSED);
}

TEST(one_listener_for_all_addresses_and_one_for_its_own) {
  DriverUnderTest test("virtual");
  Network& network = test.driver->network();
  Address all;
  Address one;
  CHECK(parse_address("::", 80, &all));
  CHECK(parse_address("10.0.0.7", 80, &one));
  AcceptOp accept;
  accept.descriptor = network.listen(all, 0, 16);
  CHECK(!test.driver->start(&accept));
  CHECK_EQ(network.listen(one, 0, 16), -EADDRINUSE);
  ConnectOp connect;
  connect.descriptor = network.open(one, nullptr);
  connect.address = one;
  CHECK(!test.driver->start(&connect));
  CHECK_EQ(test.finish(&connect), 0);
  CHECK(test.driver->cancel(&accept));
  test.release(accept.descriptor);
  accept.descriptor = network.listen(all, layout::kSocketOnly6, 16);
  CHECK(accept.descriptor >= 0);
  CHECK(network.listen(one, 0, 16) >= 0);
}

namespace {

// In which order four connections tell of what came to all of them at one moment.
std::string order_of(double seed) {
  DriverUnderTest test("virtual", 4096, seed);
  int ends[8];
  std::vector<Op> receives(4, Op(OpKind::kReceive));
  std::string story;
  for (int n = 0; n < 4; n++) {
    test.driver->network().pair(ends + 2 * n);
    receives[static_cast<size_t>(n)].descriptor = ends[2 * n + 1];
    test.driver->start(&receives[static_cast<size_t>(n)]);
  }
  for (int round = 0; round < 3; round++) {
    for (int n = 0; n < 4; n++) {
      Sending sending(ends[2 * n], "x");
      test.driver->start(&sending);
    }
    for (const auto& done : test.wait()) story += std::to_string(done.op - receives.data());
  }
  for (Op& receive : receives) CHECK(test.driver->cancel(&receive));
  return story;
}

}  // namespace

TEST(the_seed_chooses_the_order_of_one_moment_and_0_leaves_it) {
  CHECK_EQ(order_of(0), std::string("012301230123"));
  std::map<std::string, int> seen;
  for (int seed = 1; seed <= 20; seed++) {
    const std::string order = order_of(seed);
    CHECK_EQ(order_of(seed), order);
    seen[order]++;
  }
  CHECK(seen.size() > 10);
  CHECK(order_of(0.5) != order_of(0.25));
}

TEST(a_watched_descriptor_of_the_system_is_no_deadlock) {
  DriverUnderTest test("virtual");
  int ends[2];
  REQUIRE(open_pipe(ends) == 0);
  Op poll(OpKind::kPoll);
  poll.descriptor = ends[0];
  poll.events = layout::kPollIn;
  CHECK(test.driver->waits_in_vain());
  CHECK(!test.driver->start(&poll));
  CHECK(!test.driver->waits_in_vain());
  // With a deadline, time goes on: what is outside has no part in it.
  CHECK(test.wait(1000).empty());
  CHECK_EQ(test.driver->now_ns(), 1000);
  std::thread writer([&] { CHECK_EQ(::write(ends[1], "x", 1), 1); });
  CHECK_EQ(test.finish(&poll), static_cast<int32_t>(layout::kPollIn));
  writer.join();
  CHECK(test.wait().empty());
  CHECK_EQ(test.outcome, -EDEADLK);
  test.driver->release(ends[0], false);
  for (const int descriptor : ends) ::close(descriptor);
}

CHECK_MAIN()
