// Lookups beside slow ones: this program brings its own getaddrinfo, in which a name that begins
// with "slow" waits until the test says so.
#include <atomic>
#include <condition_variable>
#include <mutex>

#include <netdb.h>
#include <netinet/in.h>

#include "check.h"
#include "engine_harness.h"

using namespace oxbow;
using layout::CompletionOp;
using test::Harness;

namespace {

std::mutex gate_mutex;
std::condition_variable gate;
bool gate_open = false;

void set_gate(bool open) {
  const std::lock_guard<std::mutex> lock(gate_mutex);
  gate_open = open;
  gate.notify_all();
}

}  // namespace

extern "C" int getaddrinfo(const char* host, const char*, const addrinfo*, addrinfo** out) {
  if (std::string(host).starts_with("slow")) {
    std::unique_lock<std::mutex> lock(gate_mutex);
    gate.wait(lock, [] { return gate_open; });
  }
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

TEST(slow_names_hold_up_no_others) {
  Harness js("auto");
  js.hold();
  std::vector<uint32_t> slow;
  for (int n = 0; n < 20; n++) {
    slow.push_back(js.engine().resolve("slow" + std::to_string(n), "", 0, 0));
  }
  // One after the other, so that threads that are done are used again.
  for (int n = 0; n < 100; n++) {
    const uint32_t request = js.engine().resolve("quick", "", 0, 0);
    CHECK(js.turn_until([request](const Harness::Ready& ready) {
      return !ready.is_timer && ready.completion.op == CompletionOp::kResolved &&
             ready.completion.handle == request;
    }));
  }
  set_gate(true);
  size_t answered = 0;
  CHECK(js.turn_until([&](const Harness::Ready& ready) {
    if (ready.is_timer || ready.completion.op != CompletionOp::kResolved) return false;
    return ++answered == slow.size();
  }));
  set_gate(false);
}

CHECK_MAIN()
