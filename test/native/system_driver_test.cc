// What only a driver on a real system meets: listeners, refused connections, watched descriptors of
// others, signals, and no descriptors left.
#include <csignal>
#include <cstring>
#include <set>

#include <poll.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check.h"
#include "driver/readiness.h"
#include "driver_harness.h"
#include "os/sockets.h"
#include "ring/layout.h"

using namespace oxbow;
using test::DriverUnderTest;
using test::Sending;

namespace {

struct ListeningDriver : DriverUnderTest {
  ListeningDriver() : DriverUnderTest("auto") {
    Address any;
    CHECK(parse_address("127.0.0.1", 0, &any));
    accept.descriptor = open_listener(any, 0, 1024);
    CHECK(accept.descriptor >= 0);
    CHECK_EQ(read_address(accept.descriptor, layout::kAddressLocal, &address), 0);
  }
  ~ListeningDriver() {
    driver->cancel(&accept);
    release(accept.descriptor);
    for (const int client : clients) ::close(client);
  }

  // Connects and comes back when the kernel has established the connection.
  void add_client() {
    const int client = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    CHECK(client >= 0);
    CHECK_EQ(::connect(client, address.get(), address.length), 0);
    clients.push_back(client);
  }

  AcceptOp accept;
  Address address;
  std::vector<int> clients;
};

volatile sig_atomic_t signals_seen = 0;
void count_signal(int) { signals_seen = signals_seen + 1; }

// Signals every 100 us of CPU and wall time alike, while it lives.
class SignalStorm {
 public:
  SignalStorm() {
    signals_seen = 0;
    struct sigaction action {};
    action.sa_handler = count_signal;  // no SA_RESTART: system calls are interrupted
    sigaction(SIGALRM, &action, &before_);
    const itimerval every{{0, 100}, {0, 100}};
    setitimer(ITIMER_REAL, &every, nullptr);
  }
  ~SignalStorm() {
    const itimerval never{};
    setitimer(ITIMER_REAL, &never, nullptr);
    sigaction(SIGALRM, &before_, nullptr);
  }

 private:
  struct sigaction before_ {};
};

// Runs the body in a child, whose limits may be changed. True: nothing failed there.
bool holds_in_child(void (*body)()) {
  std::fflush(nullptr);
  const pid_t child = fork();
  if (child == 0) {
    body();
    _exit(check::registry().failures_in_test == 0 ? 0 : 1);
  }
  int status = -1;
  while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  return status == 0;
}

void accept_without_descriptors() {
  ListeningDriver test;
  test.add_client();
  test.add_client();
  // The next free number is the limit: nothing more can be opened.
  const int next = ::dup(test.accept.descriptor);
  ::close(next);
  rlimit limit{};
  getrlimit(RLIMIT_NOFILE, &limit);
  const rlim_t enough = limit.rlim_cur;
  limit.rlim_cur = static_cast<rlim_t>(next);
  CHECK_EQ(setrlimit(RLIMIT_NOFILE, &limit), 0);
  CHECK(!test.driver->start(&test.accept));
  CHECK_EQ(test.finish(&test.accept), -EMFILE);
  CHECK(!test.accept.started);
  CHECK(test.accept.accepted.empty());
  // It does not ask again by itself, and the connections wait.
  CHECK(test.wait(Driver::kNow).empty());
  limit.rlim_cur = enough;
  CHECK_EQ(setrlimit(RLIMIT_NOFILE, &limit), 0);
  CHECK(!test.driver->start(&test.accept));
  while (test.accept.accepted.size() < 2) CHECK_EQ(test.finish(&test.accept), 0);
  for (const int descriptor : test.accept.accepted) test.release(descriptor);
}

void open_without_descriptors() {
  const rlimit limit{0, 0};
  CHECK_EQ(setrlimit(RLIMIT_NOFILE, &limit), 0);
  DriverUnderTest test("auto");
  CHECK_EQ(test.open_result, -EMFILE);
}

}  // namespace

TEST(a_storm_of_connections_is_accepted_in_bounded_portions) {
  constexpr size_t kClients = 600;
  ListeningDriver test;
  for (size_t n = 0; n < kClients; n++) test.add_client();
  CHECK(!test.driver->start(&test.accept));
  std::set<int> all;
  while (all.size() < kClients) {
    CHECK_EQ(test.finish(&test.accept), 0);
    CHECK(test.accept.accepted.size() <= Readiness::kAcceptsPerTurn);
    REQUIRE(!test.accept.accepted.empty());
    all.insert(test.accept.accepted.begin(), test.accept.accepted.end());
    test.accept.accepted.clear();
  }
  CHECK_EQ(all.size(), kClients);
  CHECK(test.wait(Driver::kNow).empty());
  for (const int descriptor : all) test.release(descriptor);
}

TEST(a_listener_that_was_stopped_can_start_again) {
  ListeningDriver test;
  CHECK(!test.driver->start(&test.accept));
  CHECK(test.driver->cancel(&test.accept));
  test.add_client();
  CHECK(test.wait(Driver::kNow).empty());
  CHECK(!test.driver->start(&test.accept));
  CHECK_EQ(test.finish(&test.accept), 0);
  REQUIRE(test.accept.accepted.size() == 1);
  test.release(test.accept.accepted[0]);
}

TEST(without_descriptors_accepting_stops_with_a_reason_and_goes_on_when_asked) {
  CHECK(holds_in_child(accept_without_descriptors));
}

TEST(a_driver_that_cannot_be_opened_says_why) { CHECK(holds_in_child(open_without_descriptors)); }

TEST(connecting_succeeds_or_is_refused) {
  ListeningDriver test;
  for (const bool refused : {false, true}) {
    if (refused) {
      // Nobody listens there any more.
      test.release(test.accept.descriptor);
      test.accept.descriptor = -1;
    }
    ConnectOp connect;
    connect.descriptor = open_client(test.address, nullptr);
    connect.address = test.address;
    int32_t result;
    if (test.driver->start(&connect)) {
      result = connect.result;
    } else {
      result = test.finish(&connect);
    }
    CHECK_EQ(result, refused ? -ECONNREFUSED : 0);
    test.release(connect.descriptor);
  }
  Address any;
  parse_address("127.0.0.1", 0, &any);
  test.accept.descriptor = open_listener(any, 0, 1);
}

TEST(a_watched_descriptor_of_others_completes_once_and_can_be_watched_again) {
  DriverUnderTest test("auto");
  int ends[2];
  REQUIRE(::pipe(ends) == 0);
  Op poll(OpKind::kPoll);
  poll.descriptor = ends[0];
  poll.events = layout::kPollIn;
  CHECK(!test.driver->start(&poll));
  CHECK(test.wait(Driver::kNow).empty());
  for (int round = 0; round < 2; round++) {
    REQUIRE(::write(ends[1], "x", 1) == 1);
    CHECK_EQ(test.finish(&poll), static_cast<int32_t>(layout::kPollIn));
    CHECK(test.wait(Driver::kNow).empty());
    char byte;
    REQUIRE(::read(ends[0], &byte, 1) == 1);
    CHECK(!test.driver->start(&poll));
  }
  // Not ours: it stays open.
  CHECK(test.driver->cancel(&poll));
  test.driver->release(ends[0], false);
  CHECK_EQ(::write(ends[1], "y", 1), 1);
  for (const int descriptor : ends) ::close(descriptor);
}

TEST(a_file_cannot_be_watched_and_says_so) {
  DriverUnderTest test("auto");
  std::FILE* file = std::tmpfile();
  REQUIRE(file != nullptr);
  Op poll(OpKind::kPoll);
  poll.descriptor = fileno(file);
  poll.events = layout::kPollIn;
  CHECK(test.driver->start(&poll));
  CHECK_EQ(poll.result, -EPERM);
  std::fclose(file);
}

TEST(signals_interrupt_nothing) {
  DriverUnderTest test("auto", 1000);
  int ends[2];
  REQUIRE(test.driver->network().pair(ends) == 0);
  Op receive(OpKind::kReceive);
  receive.descriptor = ends[1];
  test.driver->start(&receive);
  const SignalStorm storm;
  size_t sent = 0;
  size_t got = 0;
  while (signals_seen < 300) {
    std::string piece(5000, static_cast<char>('a' + sent % 26));
    iovec vector{piece.data(), piece.size()};
    const int32_t taken = test.driver->try_send(ends[0], &vector, 1);
    REQUIRE(taken > 0 || taken == -EAGAIN);
    if (taken > 0) sent += static_cast<size_t>(taken);
    while (got < sent) {
      for (const auto& done : test.wait()) {
        REQUIRE(done.result > 0);
        got += done.bytes.size();
      }
    }
    // An idle wait is interrupted too, and may come back; never with an error.
    CHECK(test.wait(test.driver->now_ns() + 300000).empty());
    CHECK_EQ(test.outcome, 0);
  }
  CHECK_EQ(got, sent);
  test.driver->cancel(&receive);
  for (const int descriptor : ends) test.release(descriptor);
}

TEST(the_hosts_descriptor_becomes_readable_at_the_deadline_and_when_woken) {
  DriverUnderTest test("auto");
  auto readable = [&](int timeout_ms) {
    pollfd watch{test.driver->poll_descriptor(), POLLIN, 0};
    return ::poll(&watch, 1, timeout_ms) == 1;
  };
  CHECK(!readable(0));
  test.driver->wake();
  CHECK(readable(0));
  CHECK(test.wait(Driver::kNow).empty());
  CHECK(!readable(0));
  const int64_t deadline_ns = test.driver->now_ns() + 1000000;
  test.driver->arm(deadline_ns);
  CHECK(readable(10000));
  CHECK(test.driver->now_ns() >= deadline_ns);
}

CHECK_MAIN()
