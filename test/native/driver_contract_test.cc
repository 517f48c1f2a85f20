// What driver.h promises, asked of every driver there is.
#include <array>
#include <atomic>
#include <functional>
#include <thread>

#include <unistd.h>

#include "check.h"
#include "driver_harness.h"
#include "os/sockets.h"
#include "random.h"
#include "ring/layout.h"

using namespace oxbow;
using test::DriverUnderTest;
using test::Random;
using test::Sending;

namespace {

// One connection in a driver of its own.
struct Pair : DriverUnderTest {
  explicit Pair(const char* name, uint32_t buffer_bytes = 4096)
      : DriverUnderTest(name, buffer_bytes), receive(OpKind::kReceive) {
    if (!usable()) return;
    CHECK_EQ(driver->network().pair(ends), 0);
    receive.descriptor = ends[1];
  }

  // The bytes that were taken at once.
  int32_t send(const std::string& text) {
    iovec vector{const_cast<char*>(text.data()), text.size()};
    return driver->try_send(ends[0], &vector, 1);
  }

  int ends[2] = {-1, -1};
  Op receive;
};

void for_each_driver(const std::function<void(Pair&)>& body, uint32_t buffer_bytes = 4096) {
  for (const char* name : {"auto", "virtual"}) {
    const int before = check::registry().failures_in_test;
    Pair pair(name, buffer_bytes);
    if (!pair.usable()) continue;
    CHECK_EQ(std::string(pair.driver->name()) == "virtual", std::string(name) == "virtual");
    body(pair);
    if (check::registry().failures_in_test != before) std::cerr << "with " << name << "\n";
  }
}

}  // namespace

TEST(bytes_arrive_in_order_and_a_receive_goes_on) {
  for_each_driver([](Pair& pair) {
    CHECK(!pair.driver->start(&pair.receive));
    for (const char* text : {"one", "two", "three"}) {
      CHECK_EQ(pair.send(text), static_cast<int32_t>(std::string(text).size()));
      const auto done = pair.wait();
      REQUIRE(done.size() == 1);
      CHECK(done[0].op == &pair.receive);
      CHECK_EQ(done[0].bytes, std::string(text));
      CHECK(pair.receive.started);
    }
    CHECK(pair.driver->cancel(&pair.receive));
  });
}

TEST(bytes_that_came_before_the_receive_are_not_missed) {
  for_each_driver([](Pair& pair) {
    pair.send("early");
    CHECK(pair.wait(Driver::kNow).empty());
    pair.driver->start(&pair.receive);
    const auto done = pair.wait();
    REQUIRE(done.size() == 1);
    CHECK_EQ(done[0].bytes, std::string("early"));
    CHECK(pair.driver->cancel(&pair.receive));
  });
}

TEST(a_full_buffer_is_followed_by_the_rest) {
  for_each_driver(
      [](Pair& pair) {
        pair.driver->start(&pair.receive);
        const std::string text = "abcdefghijklmnopqrstuvwxyz";
        pair.send(text);
        pair.driver->network().shutdown(pair.ends[0]);
        int32_t last = -1;
        CHECK_EQ(pair.receive_all(&pair.receive, &last), text);
        CHECK_EQ(last, 0);
      },
      4);
}

TEST(the_end_comes_after_bytes_that_arrived_with_it) {
  for_each_driver([](Pair& pair) {
    pair.driver->start(&pair.receive);
    pair.send("last words");
    CHECK_EQ(pair.driver->network().shutdown(pair.ends[0]), 0);
    const auto first = pair.wait();
    REQUIRE(first.size() == 1);
    CHECK_EQ(first[0].bytes, std::string("last words"));
    const auto second = pair.wait();
    REQUIRE(second.size() == 1);
    CHECK_EQ(second[0].result, 0);
    CHECK(!pair.receive.started);
    CHECK(pair.wait(Driver::kNow).empty());
  });
}

TEST(the_end_comes_also_to_who_reads_by_itself) {
  for_each_driver([](Pair& pair) {
    Op readable(OpKind::kReadable);
    readable.descriptor = pair.ends[1];
    pair.send("direct");
    pair.driver->network().shutdown(pair.ends[0]);
    pair.driver->start(&readable);
    CHECK_EQ(pair.finish(&readable), 0);
    uint8_t bytes[64];
    CHECK_EQ(pair.driver->try_receive(pair.ends[1], bytes, sizeof(bytes)), 6);
    pair.driver->start(&readable);
    CHECK_EQ(pair.finish(&readable), 0);
    CHECK_EQ(pair.driver->try_receive(pair.ends[1], bytes, sizeof(bytes)), 0);
  });
}

TEST(reading_by_itself_when_there_is_nothing_says_so) {
  for_each_driver([](Pair& pair) {
    uint8_t byte;
    CHECK_EQ(pair.driver->try_receive(pair.ends[1], &byte, 1), -EAGAIN);
  });
}

TEST(one_side_can_end_and_still_receive) {
  for_each_driver([](Pair& pair) {
    Op other(OpKind::kReceive);
    other.descriptor = pair.ends[0];
    pair.driver->start(&pair.receive);
    pair.driver->start(&other);
    pair.driver->network().shutdown(pair.ends[0]);
    CHECK_EQ(pair.finish(&pair.receive), 0);
    char answer[] = "still here";
    iovec vector{answer, sizeof(answer) - 1};
    CHECK_EQ(pair.driver->try_send(pair.ends[1], &vector, 1), 10);
    const auto done = pair.wait();
    REQUIRE(done.size() == 1);
    CHECK(done[0].op == &other);
    CHECK_EQ(done[0].bytes, std::string("still here"));
    CHECK(pair.driver->cancel(&other));
  });
}

TEST(a_send_at_once_takes_what_fits_and_then_says_so) {
  for_each_driver([](Pair& pair) {
    const std::string piece(1 << 20, 'x');
    int32_t taken = 0;
    int32_t sent;
    while ((sent = pair.send(piece)) > 0) taken += sent;
    CHECK_EQ(sent, -EAGAIN);
    CHECK(taken > 0);
    CHECK(pair.wait(Driver::kNow).empty());
  });
}

// The reader takes a little at a time, of a stream whose every byte is known.
TEST(a_sender_and_a_slow_reader_lose_nothing) {
  for_each_driver([](Pair& pair) {
    Random random(3);
    std::string stream(3 << 20, '\0');
    for (char& byte : stream) byte = static_cast<char>(random.next());
    Sending sending(pair.ends[0], stream);
    size_t sent = 0;
    auto go_on = [&] {
      while (sent < stream.size()) {
        sending.vector = {stream.data() + sent, stream.size() - sent};
        if (!pair.driver->start(&sending)) return;
        REQUIRE(sending.result > 0);
        sent += static_cast<size_t>(sending.result);
      }
      pair.driver->network().shutdown(pair.ends[0]);
    };
    go_on();
    CHECK(sending.started);
    pair.driver->start(&pair.receive);
    std::string got;
    bool ended = false;
    while (!ended) {
      for (const auto& done : pair.wait()) {
        if (done.op == &sending) {
          REQUIRE(done.result > 0);
          sent += static_cast<size_t>(done.result);
          go_on();
        } else {
          got += done.bytes;
          ended = done.result <= 0;
        }
      }
      REQUIRE(pair.outcome == 0);
    }
    CHECK_EQ(got.size(), stream.size());
    CHECK(got == stream);
  });
}

TEST(vectors_leave_in_order) {
  for_each_driver([](Pair& pair) {
    char text[] = "abcdef";
    iovec pieces[3] = {{text, 1}, {text + 1, 3}, {text + 4, 2}};
    SendOp sending;
    sending.descriptor = pair.ends[0];
    sending.vectors = pieces;
    sending.vector_count = 3;
    CHECK(pair.driver->start(&sending) || pair.finish(&sending) == 6);
    CHECK_EQ(sending.result, 6);
    pair.driver->start(&pair.receive);
    const auto done = pair.wait();
    REQUIRE(done.size() == 1);
    CHECK_EQ(done[0].bytes, std::string("abcdef"));
    CHECK(pair.driver->cancel(&pair.receive));
  });
}

TEST(a_cancelled_operation_is_the_callers_again_at_once) {
  for_each_driver([](Pair& pair) {
    pair.driver->start(&pair.receive);
    CHECK(pair.driver->cancel(&pair.receive));
    CHECK(!pair.receive.started);
    CHECK(pair.driver->cancel(&pair.receive));
    pair.send("kept");
    CHECK(pair.wait(Driver::kNow).empty());
    Op again(OpKind::kReceive);
    again.descriptor = pair.ends[1];
    pair.driver->start(&again);
    const auto done = pair.wait();
    REQUIRE(done.size() == 1);
    CHECK_EQ(done[0].bytes, std::string("kept"));
    CHECK(pair.driver->cancel(&again));
  });
}

namespace {

// Cancels an operation that is under way. Either it is the caller's again, and is never heard of,
// or it completes once, with -ECANCELED.
void expect_cancelled(Pair& pair, Op* op) {
  CHECK(op->started);
  if (!pair.driver->cancel(op)) CHECK_EQ(pair.finish(op), -ECANCELED);
  CHECK(!op->started);
  CHECK(pair.wait(Driver::kNow).empty());
  // To cancel it once more changes nothing.
  CHECK(pair.driver->cancel(op));
}

}  // namespace

TEST(an_operation_of_any_kind_is_cancelled) {
  for_each_driver([](Pair& pair) {
    for (const OpKind kind : {OpKind::kReceive, OpKind::kReadable}) {
      Op op(kind);
      op.descriptor = pair.ends[1];
      CHECK(!pair.driver->start(&op));
      expect_cancelled(pair, &op);
    }
    const std::string piece(1 << 20, 'x');
    while (pair.send(piece) > 0) {
    }
    Sending sending(pair.ends[0], piece);
    CHECK(!pair.driver->start(&sending));
    expect_cancelled(pair, &sending);

    int pipe[2];
    REQUIRE(open_pipe(pipe) == 0);
    Op poll(OpKind::kPoll);
    poll.descriptor = pipe[0];
    poll.events = layout::kPollIn;
    CHECK(!pair.driver->start(&poll));
    expect_cancelled(pair, &poll);
    pair.driver->release(pipe[0], false);
    for (const int descriptor : pipe) ::close(descriptor);

    AcceptOp accept;
    Address address;
    CHECK(parse_address("127.0.0.1", 0, &address));
    accept.descriptor = pair.driver->network().listen(address, 0, 1);
    REQUIRE(accept.descriptor >= 0);
    CHECK(!pair.driver->start(&accept));
    expect_cancelled(pair, &accept);

    ConnectOp connect;
    CHECK_EQ(
        pair.driver->network().address(accept.descriptor, layout::kAddressLocal, &connect.address),
        0);
    connect.descriptor = pair.driver->network().open(connect.address, nullptr);
    // On loopback a connection may stand at once.
    if (!pair.driver->start(&connect)) expect_cancelled(pair, &connect);
    pair.release(connect.descriptor);
    pair.release(accept.descriptor);
    for (const int descriptor : pair.ends) pair.release(descriptor);
  });
}

TEST(a_descriptor_is_released_in_the_middle_of_everything) {
  for_each_driver([](Pair& pair) {
    const std::string piece(1 << 20, 'x');
    while (pair.send(piece) > 0) {
    }
    Sending sending(pair.ends[0], piece);
    Op receive(OpKind::kReceive);
    receive.descriptor = pair.ends[0];
    CHECK(!pair.driver->start(&sending));
    CHECK(!pair.driver->start(&receive));
    CHECK(pair.driver->cancel(&sending));
    CHECK(pair.driver->cancel(&receive));
    pair.release(pair.ends[0]);
    // The peer reads what there was, and then an end (or that it was cut off).
    pair.driver->start(&pair.receive);
    int32_t last = 1;
    CHECK(!pair.receive_all(&pair.receive, &last).empty());
    CHECK(last <= 0);
    pair.release(pair.ends[1]);
    CHECK(pair.wait(Driver::kNow).empty());
  });
}

TEST(a_sender_hears_that_its_peer_is_gone) {
  for_each_driver([](Pair& pair) {
    const std::string piece(1 << 20, 'x');
    while (pair.send(piece) > 0) {
    }
    Sending sending(pair.ends[0], piece);
    CHECK(!pair.driver->start(&sending));
    pair.release(pair.ends[1]);
    CHECK(pair.finish(&sending) < 0);
    CHECK(!sending.started);
  });
}

TEST(a_released_number_that_comes_back_knows_nothing_of_before) {
  for_each_driver([](Pair& pair) {
    pair.send("for the old one");
    pair.wait(Driver::kNow);
    pair.release(pair.ends[0]);
    pair.release(pair.ends[1]);
    int fresh[2];
    CHECK_EQ(pair.driver->network().pair(fresh), 0);
    Op receives[2] = {Op(OpKind::kReceive), Op(OpKind::kReceive)};
    for (int n = 0; n < 2; n++) {
      receives[n].descriptor = fresh[n];
      CHECK(!pair.driver->start(&receives[n]));
    }
    CHECK(pair.wait(Driver::kNow).empty());
    for (Op& receive : receives) CHECK(pair.driver->cancel(&receive));
    for (const int descriptor : fresh) pair.release(descriptor);
  });
}

TEST(without_room_for_bytes_the_receive_waits) {
  for_each_driver([](Pair& pair) {
    pair.driver->start(&pair.receive);
    pair.send("patience");
    pair.buffers.refuse = true;
    for (int n = 0; n < 3; n++) CHECK(pair.wait(Driver::kNow).empty());
    pair.buffers.refuse = false;
    const auto done = pair.wait();
    REQUIRE(done.size() == 1);
    CHECK_EQ(done[0].bytes, std::string("patience"));
    CHECK(pair.driver->cancel(&pair.receive));
  });
}

TEST(a_receive_whose_completion_was_not_taken_is_not_completed_again) {
  for_each_driver([](Pair& pair) {
    pair.driver->start(&pair.receive);
    pair.send("first");
    OpList list;
    CHECK_EQ(pair.driver->wait(Driver::kForever, &list), 0);
    CHECK(list.front() == &pair.receive);
    pair.send("second");
    CHECK_EQ(pair.driver->wait(Driver::kNow, &list), 0);
    CHECK_EQ(pair.driver->wait(Driver::kNow, &list), 0);
    CHECK(list.pop() == &pair.receive);
    CHECK(list.empty());
    CHECK_EQ(pair.receive.result, 5);
    pair.receive.completed = false;
    const auto done = pair.wait();
    REQUIRE(done.size() == 1);
    CHECK_EQ(done[0].bytes, std::string("second"));
    CHECK(pair.driver->cancel(&pair.receive));
  });
}

TEST(a_deadline_is_never_early) {
  for_each_driver([](Pair& pair) {
    for (int64_t delay_ns = 1; delay_ns <= 4000000; delay_ns *= 3) {
      const int64_t deadline_ns = pair.driver->now_ns() + delay_ns;
      // A wait may return for an older alarm; the turn waits again. It must end, though.
      while (pair.driver->now_ns() < deadline_ns) {
        CHECK(pair.wait(deadline_ns).empty());
        REQUIRE(pair.outcome == 0);
      }
    }
  });
}

TEST(events_come_before_a_deadline_that_is_far) {
  for_each_driver([](Pair& pair) {
    const int64_t start_ns = pair.driver->now_ns();
    const int64_t hour_ns = 3600ll * 1000000000;
    pair.driver->start(&pair.receive);
    pair.send("now");
    CHECK_EQ(pair.wait(start_ns + hour_ns).size(), 1u);
    CHECK(pair.driver->now_ns() < start_ns + hour_ns);
    CHECK(pair.driver->cancel(&pair.receive));
  });
}

TEST(a_wake_before_the_wait_ends_it) {
  for_each_driver([](Pair& pair) {
    for (int n = 0; n < 3; n++) pair.driver->wake();
    CHECK(pair.wait().empty());
    CHECK_EQ(pair.outcome, 0);
  });
}

// Every wake is answered before the next one is given, so a lost one would hang here.
TEST(a_wake_from_another_thread_is_never_lost) {
  for_each_driver([](Pair& pair) {
    constexpr int kRounds = 3000;
    std::atomic<int> given{0};
    std::atomic<int> taken{0};
    pair.driver->expect_wake(1);
    std::thread waker([&] {
      for (int round = 1; round <= kRounds; round++) {
        given.store(round);
        pair.driver->wake();
        while (taken.load() < round) std::this_thread::yield();
      }
    });
    while (taken.load() < kRounds) {
      CHECK(pair.wait().empty());
      REQUIRE(pair.outcome == 0);
      taken.store(given.load());
    }
    waker.join();
    pair.driver->expect_wake(-1);
  });
}

// --- the network ---

namespace {

Address loopback(int port = 0) {
  Address address;
  CHECK(parse_address("127.0.0.1", port, &address));
  return address;
}

// A listener, and connections to it.
struct Listening {
  explicit Listening(DriverUnderTest& its, int backlog = 16) : test(its) {
    accept.descriptor = test.driver->network().listen(loopback(), 0, backlog);
    REQUIRE(accept.descriptor >= 0);
    CHECK_EQ(test.driver->network().address(accept.descriptor, layout::kAddressLocal, &address), 0);
    CHECK(address.port() != 0);
    CHECK(!test.driver->start(&accept));
  }

  // A connection that stands, from the client's side.
  int connect(const Address* local = nullptr) {
    ConnectOp connect;
    connect.descriptor = test.driver->network().open(address, local);
    CHECK(connect.descriptor >= 0);
    connect.address = address;
    const bool at_once = test.driver->start(&connect);
    CHECK_EQ(at_once ? connect.result : finish(&connect), 0);
    return connect.descriptor;
  }

  // Waits until the operation completes; what is accepted meanwhile stays in `accept`.
  int32_t finish(Op* op) { return test.finish(op); }

  // The other side of the oldest connection.
  int accepted() {
    while (accept.accepted.empty()) {
      test.wait();
      if (test.outcome != 0) return test.outcome;
    }
    const int descriptor = accept.accepted.front();
    accept.accepted.erase(accept.accepted.begin());
    return descriptor;
  }

  void close() {
    CHECK(test.driver->cancel(&accept));
    test.release(accept.descriptor);
    for (const int descriptor : accept.accepted) test.release(descriptor);
  }

  DriverUnderTest& test;
  AcceptOp accept;
  Address address;
};

}  // namespace

TEST(a_connection_has_the_addresses_of_both_ends) {
  for_each_driver([](Pair& test) {
    Network& network = test.driver->network();
    Listening listening(test);
    const int client = listening.connect();
    const int server = listening.accepted();
    REQUIRE(server >= 0);
    Address ends[4];
    CHECK_EQ(network.address(client, layout::kAddressLocal, &ends[0]), 0);
    CHECK_EQ(network.address(client, layout::kAddressPeer, &ends[1]), 0);
    CHECK_EQ(network.address(server, layout::kAddressLocal, &ends[2]), 0);
    CHECK_EQ(network.address(server, layout::kAddressPeer, &ends[3]), 0);
    CHECK_EQ(format_address(ends[0]).host, std::string("127.0.0.1"));
    CHECK_EQ(ends[0].port(), ends[3].port());
    CHECK_EQ(ends[1].port(), listening.address.port());
    CHECK_EQ(ends[2].port(), listening.address.port());
    CHECK(ends[0].port() != ends[1].port());
    CHECK_EQ(network.address(1 << 15, layout::kAddressLocal, &ends[0]), -EBADF);
    CHECK_EQ(network.address(listening.accept.descriptor, layout::kAddressPeer, &ends[0]),
             -ENOTCONN);
    for (const int descriptor : {client, server}) test.release(descriptor);
    listening.close();
  });
}

TEST(accepted_connections_carry_bytes_both_ways) {
  for_each_driver([](Pair& test) {
    Listening listening(test);
    const int client = listening.connect();
    const int server = listening.accepted();
    Op receives[2] = {Op(OpKind::kReceive), Op(OpKind::kReceive)};
    receives[0].descriptor = client;
    receives[1].descriptor = server;
    for (Op& receive : receives) CHECK(!test.driver->start(&receive));
    for (const auto& [from, to] : {std::pair{client, &receives[1]}, {server, &receives[0]}}) {
      char text[] = "over the wire";
      iovec vector{text, sizeof(text) - 1};
      CHECK_EQ(test.driver->try_send(from, &vector, 1), 13);
      std::string got;
      while (got.size() < 13 && test.outcome == 0) {
        for (const auto& done : test.wait()) {
          CHECK(done.op == to);
          got += done.bytes;
        }
      }
      CHECK_EQ(got, std::string("over the wire"));
    }
    for (Op& receive : receives) CHECK(test.driver->cancel(&receive));
    for (const int descriptor : {client, server}) test.release(descriptor);
    listening.close();
  });
}

// Several receives are under way in one wait: none writes where another does.
TEST(receives_of_one_wait_have_memory_of_their_own) {
  for_each_driver([](Pair& test) {
    constexpr size_t kPairs = 8;
    std::vector<Op> receives(kPairs, Op(OpKind::kReceive));
    std::vector<std::array<int, 2>> pairs(kPairs);
    for (size_t n = 0; n < kPairs; n++) {
      CHECK_EQ(test.driver->network().pair(pairs[n].data()), 0);
      receives[n].descriptor = pairs[n][1];
      CHECK(!test.driver->start(&receives[n]));
    }
    for (size_t n = 0; n < kPairs; n++) {
      std::string text(100, static_cast<char>('a' + n));
      iovec vector{text.data(), text.size()};
      CHECK_EQ(test.driver->try_send(pairs[n][0], &vector, 1), 100);
    }
    size_t heard = 0;
    while (heard < kPairs && test.outcome == 0) {
      for (const auto& done : test.wait()) {
        const size_t n = static_cast<size_t>(done.op - receives.data());
        CHECK_EQ(done.bytes, std::string(100, static_cast<char>('a' + n)));
        heard++;
      }
      CHECK_EQ(test.buffers.under_way, 0);
    }
    for (Op& receive : receives) CHECK(test.driver->cancel(&receive));
    for (const auto& pair : pairs) {
      for (const int descriptor : pair) test.release(descriptor);
    }
  });
}

TEST(nobody_listens_there) {
  for_each_driver([](Pair& test) {
    Listening listening(test);
    const Address address = listening.address;
    listening.close();
    ConnectOp connect;
    connect.descriptor = test.driver->network().open(address, nullptr);
    connect.address = address;
    const bool at_once = test.driver->start(&connect);
    CHECK_EQ(at_once ? connect.result : test.finish(&connect), -ECONNREFUSED);
    CHECK(!connect.started);
    test.release(connect.descriptor);
  });
}

TEST(an_address_can_be_had_once) {
  for_each_driver([](Pair& test) {
    Listening listening(test);
    Network& network = test.driver->network();
    CHECK_EQ(network.listen(listening.address, 0, 16), -EADDRINUSE);
    Address any;
    CHECK(parse_address("0.0.0.0", listening.address.port(), &any));
    CHECK_EQ(network.listen(any, 0, 16), -EADDRINUSE);
    const Address same = listening.address;
    listening.close();
    const int again = network.listen(same, layout::kSocketReuseAddress, 16);
    CHECK(again >= 0);
    test.release(again);
  });
}

TEST(accepting_goes_on_until_it_is_cancelled_and_can_start_again) {
  for_each_driver([](Pair& test) {
    Listening listening(test);
    std::vector<int> open;
    for (int n = 0; n < 5; n++) open.push_back(listening.connect());
    for (int n = 0; n < 5; n++) open.push_back(listening.accepted());
    CHECK(listening.accept.started);
    CHECK(test.driver->cancel(&listening.accept));
    open.push_back(listening.connect());
    for (int n = 0; n < 3; n++) CHECK(test.wait(Driver::kNow).empty());
    CHECK(listening.accept.accepted.empty());
    CHECK(!test.driver->start(&listening.accept));
    open.push_back(listening.accepted());
    for (const int descriptor : open) test.release(descriptor);
    listening.close();
  });
}

TEST(a_client_can_have_a_local_address) {
  for_each_driver([](Pair& test) {
    Listening listening(test);
    const Address local = loopback();
    const int client = listening.connect(&local);
    Address bound;
    CHECK_EQ(test.driver->network().address(client, layout::kAddressLocal, &bound), 0);
    CHECK(bound.port() != 0);
    CHECK(bound.same_host(local));
    test.release(client);
    test.release(listening.accepted());
    listening.close();
  });
}

TEST(options_are_known_by_name) {
  for_each_driver([](Pair& test) {
    Listening listening(test);
    const int client = listening.connect();
    Network& network = test.driver->network();
    for (const char* name : {"noDelay", "keepAlive"}) {
      CHECK_EQ(network.set_option(client, name, 1), 0);
    }
    for (const char* name : {"receiveBuffer", "sendBuffer"}) {
      CHECK_EQ(network.set_option(client, name, 1 << 16), 0);
    }
    CHECK_EQ(network.set_option(client, "colour", 1), -EINVAL);
    test.release(client);
    test.release(listening.accepted());
    listening.close();
  });
}

// A descriptor that is not the driver's own, such as the end of a pipe of the program.
TEST(a_descriptor_of_others_is_watched_once_at_a_time) {
  for_each_driver([](Pair& test) {
    int ends[2];
    REQUIRE(open_pipe(ends) == 0);
    CHECK_EQ(test.driver->network().check(ends[0]), 0);
    CHECK(test.driver->network().check(1 << 15) < 0);
    Op poll(OpKind::kPoll);
    poll.descriptor = ends[0];
    poll.events = layout::kPollIn;
    for (int round = 0; round < 3; round++) {
      CHECK(!test.driver->start(&poll));
      CHECK(test.wait(Driver::kNow).empty());
      REQUIRE(::write(ends[1], "x", 1) == 1);
      CHECK_EQ(test.finish(&poll), static_cast<int32_t>(layout::kPollIn));
      CHECK(!poll.started);
      char byte;
      REQUIRE(::read(ends[0], &byte, 1) == 1);
    }
    CHECK(!test.driver->start(&poll));
    CHECK(test.driver->cancel(&poll));
    test.driver->release(ends[0], false);
    CHECK_EQ(::write(ends[1], "y", 1), 1);  // it is still open
    for (const int descriptor : ends) ::close(descriptor);
  });
}

TEST(a_clock_never_goes_back) {
  for_each_driver([](Pair& test) {
    const Clock& clock = test.driver->clock();
    const int64_t before = clock.now_ns();
    CHECK(clock.after(1000) >= before + 1000);
    CHECK_EQ(clock.after(Clock::kNever), Clock::kNever);
    CHECK(clock.advanced(1000) == 0 || clock.advanced(1000) == 1000);
    test.wait(before + 1000);
    CHECK(clock.now_ns() >= before);
  });
}

CHECK_MAIN()
