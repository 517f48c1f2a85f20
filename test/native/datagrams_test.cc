// Datagrams through the rings: whole, in order, many at a time, and errors of single ones.
#include "check.h"
#include "datagram_harness.h"

using namespace oxbow;
using layout::CompletionOp;
using layout::SubmissionOp;
using test::DatagramHarness;
using test::End;
using test::Received;

namespace {

void on_each_driver(const std::function<void(DatagramHarness&)>& body,
                    uint32_t ready_capacity = 1024) {
  for (const char* driver : {"auto", "virtual"}) {
    const int before = check::registry().failures_in_test;
    DatagramHarness js(driver, ready_capacity);
    body(js);
    if (check::registry().failures_in_test != before) std::cerr << "with " << driver << "\n";
  }
}

std::string numbered(int n, size_t size) {
  std::string text = std::to_string(n) + " ";
  text.resize(size, static_cast<char>('a' + n % 26));
  return text;
}

}  // namespace

TEST(datagrams_come_whole_and_say_from_whom) {
  on_each_driver([](DatagramHarness& js) {
    const End near = js.open_reading();
    const End far = js.open_reading();
    js.send_to(near, "one", js.port(far));
    js.send_to(near, "", js.port(far));
    js.send_to(near, std::string(65507, 'x'), js.port(far));
    const std::vector<Received> got = js.receive(far, 3);
    REQUIRE(got.size() == 3);
    CHECK_EQ(got[0].data, std::string("one"));
    CHECK_EQ(got[1].data, std::string());
    CHECK_EQ(got[2].data.size(), 65507u);
    for (const Received& each : got) CHECK_EQ(each.port, js.port(near));
  });
}

TEST(a_burst_arrives_in_order_whatever_its_sizes) {
  for (const uint32_t ready_capacity : {4u, 1024u}) {
    on_each_driver(
        [](DatagramHarness& js) {
          const End far = js.open_reading();
          const End near = js.open(js.port(far));
          // Runs of one length, which may travel as one, some with a shorter one behind them.
          std::vector<std::string> sent;
          for (int n = 0; n < 150; n++) {
            sent.push_back(
                numbered(n, n % 40 == 39 ? 20 : 100 + 10 * (static_cast<size_t>(n) / 40)));
          }
          for (const std::string& each : sent) js.send_connected(near, each);
          const std::vector<Received> got = js.receive(far, sent.size());
          REQUIRE(got.size() == sent.size());
          for (size_t n = 0; n < sent.size(); n++) CHECK_EQ(got[n].data, sent[n]);
          CHECK(js.errors.empty());
        },
        ready_capacity);
  }
}

TEST(large_datagrams_share_chunks_and_none_is_cut) {
  on_each_driver([](DatagramHarness& js) {
    const End far = js.open_reading();
    const End near = js.open(js.port(far));
    js.engine().option(far.handle, far.generation, "receiveBuffer", 1 << 20);
    for (int round = 0; round < 40; round++) {
      for (int n = 0; n < 2; n++) js.send_connected(near, numbered(n, 60'000));
      const std::vector<Received> got = js.receive(far, 2);
      REQUIRE(got.size() == 2);
      for (int n = 0; n < 2; n++) CHECK_EQ(got[static_cast<size_t>(n)].data, numbered(n, 60'000));
    }
  });
}

TEST(ipv6_has_its_own_addresses) {
  on_each_driver([](DatagramHarness& js) {
    const End far = js.open_reading(0, "::1");
    const End near = js.open_reading(0, "::1");
    js.send_to(near, "six", js.port(far), "::1");
    const std::vector<Received> got = js.receive(far, 1);
    REQUIRE(got.size() == 1);
    CHECK_EQ(got[0].port, js.port(near));
  });
}

TEST(an_error_concerns_one_datagram) {
  on_each_driver([](DatagramHarness& js) {
    const End far = js.open_reading();
    const End near = js.open();
    js.send_to(near, "before", js.port(far));
    js.send_to(near, std::string(65508, 'x'), js.port(far));
    js.send_to(near, std::string(65508, 'x'), js.port(far));
    js.send_to(near, "after", js.port(far));
    const std::vector<Received> got = js.receive(far, 2);
    REQUIRE(got.size() == 2);
    CHECK_EQ(got[1].data, std::string("after"));
    REQUIRE(js.errors.size() == 1);
    CHECK_EQ(js.errors[0].result, -EMSGSIZE);
    CHECK_EQ(js.errors[0].length, 2u);
  });
}

TEST(a_connected_socket_hears_that_nobody_is_there) {
  on_each_driver([](DatagramHarness& js) {
    const End gone = js.open();
    const int port = js.port(gone);
    js.submit(SubmissionOp::kAbort, gone);
    js.settle();
    const End near = js.open_reading(port);
    js.send_connected(near, "anybody?");
    for (js.last_outcome = 0; js.errors.empty() && js.last_outcome == 0;) js.receive_some(near);
    REQUIRE(js.errors.size() == 1);
    CHECK_EQ(js.errors[0].result, -ECONNREFUSED);
    // It goes on.
    js.submit(SubmissionOp::kClose, near);
    js.settle();
    CHECK_EQ(js.told(near).count(CompletionOp::kClosed), 1u);
  });
}

TEST(a_connected_socket_takes_from_its_peer_alone) {
  on_each_driver([](DatagramHarness& js) {
    const End far = js.open_reading();
    const End near = js.open_reading(js.port(far));
    const End other = js.open();
    js.send_to(other, "stranger", js.port(near));
    js.send_to(far, "friend", js.port(near));
    const std::vector<Received> got = js.receive(near, 1);
    REQUIRE(got.size() == 1);
    CHECK_EQ(got[0].data, std::string("friend"));
    CHECK(js.drain(near).empty());
  });
}

// The kernel's buffer is what a flood fills: of a turn there is one batch, and no memory of ours.
TEST(a_flood_fills_the_kernel_and_nothing_else) {
  on_each_driver([](DatagramHarness& js) {
    const End far = js.open_reading();
    const End near = js.open(js.port(far));
    for (int round = 0; round < 50; round++) {
      for (int n = 0; n < 2000; n++) js.send_connected(near, "flood");
      js.groups = 0;
      js.turn();
      CHECK(js.groups <= 1u);
      CHECK(js.chunks.count() <= 2u);
    }
    js.drain(far);
    js.send_connected(near, "the end");
    const std::vector<Received> got = js.receive(far, 1);
    REQUIRE(got.size() == 1);
    CHECK_EQ(got[0].data, std::string("the end"));
  });
}

TEST(reading_stops_and_starts) {
  on_each_driver([](DatagramHarness& js) {
    const End far = js.open_reading();
    const End near = js.open(js.port(far));
    js.submit(SubmissionOp::kReadStop, far);
    js.turn();
    js.send_connected(near, "waits");
    CHECK(js.drain(far).empty());
    js.submit(SubmissionOp::kReadStart, far);
    CHECK_EQ(js.receive(far, 1).size(), 1u);
    js.submit(SubmissionOp::kReadStart, far);
    js.submit(SubmissionOp::kReadStop, far);
    js.submit(SubmissionOp::kReadStart, far);
    js.send_connected(near, "again");
    CHECK_EQ(js.receive(far, 1).size(), 1u);
  });
}

TEST(a_receiver_without_memory_goes_on_when_there_is_some) {
  on_each_driver([](DatagramHarness& js) {
    const End far = js.open_reading();
    const End near = js.open(js.port(far));
    js.chunks.refuse = true;
    js.send_connected(near, "lost");
    while (js.errors.empty()) js.receive_some(far);
    CHECK_EQ(js.errors[0].result, -ENOMEM);
    js.chunks.refuse = false;
    js.send_connected(near, "found");
    CHECK_EQ(js.receive(far, 1)[0].data, std::string("found"));
  });
}

TEST(closing_twice_and_asking_afterwards_does_nothing) {
  on_each_driver([](DatagramHarness& js) {
    const End far = js.open_reading();
    const End near = js.open(js.port(far));
    js.send_connected(near, "goodbye");
    js.submit(SubmissionOp::kClose, near);
    js.send_connected(near, "too late");
    js.submit(SubmissionOp::kClose, near);
    const std::vector<Received> got = js.receive(far, 1);
    js.submit(SubmissionOp::kAbort, near);
    REQUIRE(got.size() == 1);
    CHECK_EQ(got[0].data, std::string("goodbye"));
    CHECK(js.drain(far).empty());
    CHECK_EQ(js.told(near).count(CompletionOp::kClosed), 1u);
    for (uint32_t op = 3; op <= 14; op++) js.submit(static_cast<SubmissionOp>(op), near);
    CHECK(js.turn().empty());
    // With operations under way and completed, the engine goes away.
    js.send_to(js.open(), "never read", js.port(far));
    js.engine().submit();
    js.destroy_engine();
  });
}

TEST(multicast_options_and_what_is_none) {
  DatagramHarness js("auto");
  const End end = js.open_reading();
  Engine& engine = js.engine();
  const auto join = [&](const char* group, const char* interface, bool joins) {
    return engine.join_group(end.handle, end.generation, group, interface, joins);
  };
  CHECK_EQ(join("239.1.2.3", "127.0.0.1", true), 0);
  CHECK_EQ(join("239.1.2.3", "127.0.0.1", true), -EADDRINUSE);
  CHECK_EQ(join("239.1.2.3", "127.0.0.1", false), 0);
  CHECK_EQ(join("239.1.2.3", "127.0.0.1", false), -EADDRNOTAVAIL);
  CHECK_EQ(join("239.1.2.3", "no such interface", true), -ENODEV);
  CHECK_EQ(join("nonsense", "", true), -EINVAL);
  CHECK(join("127.0.0.1", "127.0.0.1", true) < 0);
  CHECK_EQ(engine.multicast_interface(end.handle, end.generation, 4, "127.0.0.1"), 0);
  for (const char* name : {"broadcast", "ttl", "multicastTtl", "multicastLoopback"}) {
    CHECK_EQ(engine.option(end.handle, end.generation, name, 1), 0);
  }
  DatagramHarness simulated("virtual");
  const End there = simulated.open();
  CHECK_EQ(simulated.engine().join_group(there.handle, there.generation, "239.1.2.3", "", true),
           -EOPNOTSUPP);
}

CHECK_MAIN()
