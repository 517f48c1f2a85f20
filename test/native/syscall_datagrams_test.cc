// Datagrams under a kernel that has no room, interrupts, and takes a part: all arrive, in order.
#include "check.h"
#include "datagram_harness.h"
#include "syscall_wraps.h"

using namespace oxbow;
using layout::CompletionOp;
using layout::SubmissionOp;
using test::DatagramHarness;
using test::End;
using test::Received;
using test::Syscalls;
using test::syscalls;

TEST(what_finds_no_room_waits_and_leaves_in_order) {
  syscalls() = Syscalls{};
  DatagramHarness js("auto");
  const End far = js.open_reading();
  const End near = js.open(js.port(far));
  js.turn();
  syscalls().next_send = EAGAIN;
  js.send_connected(near, "one");
  js.send_connected(near, "three");
  js.engine().submit();
  // Eight for each, as asyncio counts.
  CHECK_EQ(js.backlog[near.handle], 8.0 + 3 + 8 + 5);
  js.send_to(near, "four", js.port(far));
  js.submit(SubmissionOp::kNotifyDrain, near).value = 0;
  js.submit(SubmissionOp::kClose, near);
  js.send_connected(near, "after the close");
  const std::vector<Received> got = js.receive(far, 3);
  REQUIRE(got.size() == 3);
  CHECK_EQ(got[0].data + got[1].data + got[2].data, std::string("onethreefour"));
  js.settle();
  CHECK_EQ(js.backlog[near.handle], 0.0);
  const std::vector<CompletionOp> expected = {CompletionOp::kDrain, CompletionOp::kClosed};
  CHECK(js.told(near).ops == expected);
}

TEST(an_abort_drops_what_waits) {
  syscalls() = Syscalls{};
  DatagramHarness js("auto");
  const End far = js.open_reading();
  const End near = js.open(js.port(far));
  js.turn();
  syscalls().next_send = EAGAIN;
  js.send_connected(near, "dropped");
  js.engine().submit();
  js.submit(SubmissionOp::kAbort, near);
  CHECK(js.drain(far).empty());
  CHECK_EQ(js.told(near).count(CompletionOp::kClosed), 1u);
}

TEST(a_kernel_that_knows_no_runs_gets_datagrams_one_by_one) {
  for (const int error : {EINVAL, EIO, EMSGSIZE, EOPNOTSUPP}) {
    syscalls() = Syscalls{};
    DatagramHarness js("auto");
    const End far = js.open_reading();
    const End near = js.open(js.port(far));
    js.turn();
    syscalls().next_send = error;
    for (int n = 0; n < 5; n++) js.send_connected(near, "12345");
    CHECK_EQ(js.receive(far, 5).size(), 5u);
    CHECK(js.errors.empty());
  }
}

TEST(errors_are_told_and_the_others_leave) {
  syscalls() = Syscalls{};
  DatagramHarness js("auto");
  const End far = js.open_reading();
  const End near = js.open(js.port(far));
  js.turn();
  syscalls().next_send = ENOBUFS;
  for (const char* text : {"1", "2", "3"}) js.send_connected(near, text);
  CHECK_EQ(js.receive(far, 2).size(), 2u);
  REQUIRE(js.errors.size() == 1);
  CHECK_EQ(js.errors[0].result, -ENOBUFS);
  syscalls().next_receive = ENOMEM;
  js.send_connected(near, "4");
  CHECK_EQ(js.receive(far, 1)[0].data, std::string("4"));
  REQUIRE(js.errors.size() == 2);
  CHECK_EQ(js.errors[1].result, -ENOMEM);
}

TEST(under_faults_all_arrive_in_order) {
  for (uint64_t seed = 1; seed <= 20; seed++) {
    const int before = check::registry().failures_in_test;
    syscalls() = Syscalls{};
    syscalls().random = test::Random(seed);
    DatagramHarness js("auto");
    const End far = js.open_reading();
    const End near = js.open(js.port(far));
    js.turn();
    syscalls().one_in = 3;
    int number = 0;
    for (int round = 0; round < 30; round++) {
      const int first = number;
      for (int n = 0; n < 20; n++) {
        js.send_connected(near, std::to_string(number++) + std::string(seed, 'x'));
      }
      const std::vector<Received> got = js.receive(far, 20);
      REQUIRE(got.size() == 20);
      for (int n = 0; n < 20; n++) {
        CHECK_EQ(got[static_cast<size_t>(n)].data,
                 std::to_string(first + n) + std::string(seed, 'x'));
      }
    }
    CHECK(syscalls().faults > 20);
    if (check::registry().failures_in_test != before) std::cerr << "with seed " << seed << "\n";
  }
  syscalls() = Syscalls{};
}

CHECK_MAIN()
