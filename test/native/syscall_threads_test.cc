// Threads that cannot be had: lookups then wait for the threads that there are, or fail. This
// program brings its own getaddrinfo, in which a name that begins with "slow" waits until the test
// says so.
#include <condition_variable>
#include <csignal>
#include <mutex>

#include <netdb.h>
#include <netinet/in.h>

#include "check.h"
#include "engine_harness.h"
#include "syscall_wraps.h"

using namespace oxbow;
using layout::CompletionOp;
using test::Harness;

namespace {

std::mutex gate_mutex;
std::condition_variable gate;
bool gate_open = false;
bool signals_blocked = true;

void set_gate(bool open) {
  const std::lock_guard<std::mutex> lock(gate_mutex);
  gate_open = open;
  gate.notify_all();
}

// The result of this lookup, once it has come.
int32_t result_of(Harness* js, uint32_t request) {
  int32_t result = 0;
  CHECK(js->turn_until([&](const Harness::Ready& ready) {
    if (ready.is_timer || ready.completion.op != CompletionOp::kResolved) return false;
    if (ready.completion.handle != request) return false;
    result = ready.completion.result;
    return true;
  }));
  return result;
}

}  // namespace

extern "C" int getaddrinfo(const char* host, const char*, const addrinfo*, addrinfo** out) {
  sigset_t blocked;
  pthread_sigmask(SIG_SETMASK, nullptr, &blocked);
  std::unique_lock<std::mutex> lock(gate_mutex);
  for (const int signal : {SIGTERM, SIGINT, SIGCHLD, SIGUSR1}) {
    if (sigismember(&blocked, signal) != 1) signals_blocked = false;
  }
  if (std::string(host).starts_with("slow")) gate.wait(lock, [] { return gate_open; });
  auto* address = new sockaddr_in{};
  address->sin_family = AF_INET;
  auto* info = new addrinfo{};
  info->ai_addr = reinterpret_cast<sockaddr*>(address);
  info->ai_addrlen = sizeof(*address);
  *out = info;
  return 0;
}

extern "C" void freeaddrinfo(addrinfo* info) {
  delete reinterpret_cast<sockaddr_in*>(info->ai_addr);
  delete info;
}

TEST(without_any_thread_a_lookup_fails_and_the_next_tries_again) {
  for (const char* driver : {"auto", "virtual"}) {
    Harness js(driver);
    if (driver == std::string("auto")) js.hold();
    constexpr int32_t kTryAgain = -static_cast<int32_t>(layout::LookupError::kTryAgain);
    test::threads().refused = true;
    const uint32_t first = js.engine().resolve("quick", "", 0, 0);
    CHECK_EQ(result_of(&js, first), kTryAgain);
    // One that is cancelled before it is told.
    js.engine().cancel_resolve(js.engine().resolve("quick", "", 0, 0));
    const uint32_t second = js.engine().resolve("quick", "", 0, 0);
    CHECK_EQ(result_of(&js, second), kTryAgain);
    test::threads().refused = false;
    const uint32_t started = test::threads().started;
    const uint32_t third = js.engine().resolve("quick", "", 0, 0);
    CHECK_EQ(result_of(&js, third), 1);
    CHECK_EQ(test::threads().started - started, 1u);
    CHECK(!js.engine().expects_events() || driver == std::string("auto"));
  }
}

TEST(without_more_threads_a_lookup_waits_for_those_that_there_are) {
  Harness js("auto");
  js.hold();
  const uint32_t slow = js.engine().resolve("slow", "", 0, 0);
  test::threads().refused = true;
  const uint32_t quick = js.engine().resolve("quick", "", 0, 0);
  set_gate(true);
  int answered = 0;
  CHECK(js.turn_until([&](const Harness::Ready& ready) {
    if (ready.is_timer || ready.completion.op != CompletionOp::kResolved) return false;
    CHECK_EQ(ready.completion.result, 1);
    CHECK(ready.completion.handle == slow || ready.completion.handle == quick);
    return ++answered == 2;
  }));
  set_gate(false);
  test::threads().refused = false;
}

TEST(the_threads_block_the_signals_of_the_program) {
  const std::lock_guard<std::mutex> lock(gate_mutex);
  CHECK(signals_blocked);
}

CHECK_MAIN()
