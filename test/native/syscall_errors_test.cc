// Connections under a kernel that refuses: each system call in turn, with each error, and many at
// random. Whatever fails, it is told once, everything can be closed, and nothing is left.
#include <cstdlib>
#include <filesystem>
#include <set>

#include "check.h"
#include "engine_harness.h"
#include "syscall_wraps.h"
#include "tcp_peer.h"

using namespace oxbow;
using layout::CompletionOp;
using layout::SubmissionOp;
using test::End;
using test::Random;
using test::Syscalls;
using test::syscalls;
using test::TcpHarness;

namespace {

using Key = std::pair<uint32_t, uint32_t>;

size_t descriptors() {
  size_t count = 0;
  for (const auto& each : std::filesystem::directory_iterator("/proc/self/fd")) {
    static_cast<void>(each);
    count++;
  }
  return count;
}

// Clients that say something twice to an echo, and then half-close.
class Exchange : public TcpHarness {
 public:
  // Whatever the calls do from here on.
  void run(uint32_t count) {
    for (uint32_t n = 0; n < count; n++) {
      const int handle = engine().connect("127.0.0.1", format_address(address).port, "", 0, 0);
      if (handle < 0) {
        CHECK(handle != -EINTR);
        continue;
      }
      const End end{static_cast<uint32_t>(handle), control(layout::kControlLastGeneration)};
      clients_[{end.handle, end.generation}] = 0;
    }
    go_on_until([&] { return clients_.empty(); });
    // The calls do as they should again: what nobody could accept until now is accepted and gone.
    syscalls().refusal = 0;
    syscalls().refuse_one_in = 0;
    submit(SubmissionOp::kClose, listener);
    go_on_until([&] { return control(layout::kControlHandleCount) == 0; });
    CHECK_EQ(last_outcome, 0);
  }

 private:
  template <class Condition>
  void go_on_until(Condition condition) {
    for (last_outcome = 0; !condition() && last_outcome == 0;) {
      for (const Ready& ready : turn(true)) hear(ready.completion);
    }
  }

  void hear(const Completion& c) {
    const End end{c.handle, c.generation};
    const Key key{c.handle, c.generation};
    CHECK(c.result != -EINTR);
    switch (c.op) {
      case CompletionOp::kAccept:
        submit(SubmissionOp::kReadStart, End{c.offset, c.length});
        break;
      case CompletionOp::kAcceptFailed:
        submit(SubmissionOp::kAcceptStart, end);
        break;
      case CompletionOp::kConnect:
        if (c.result != 0) {
          submit(SubmissionOp::kAbort, end);
          break;
        }
        submit(SubmissionOp::kReadStart, end);
        send(end, text_);
        break;
      case CompletionOp::kData:
        echo(end, key, c);
        break;
      case CompletionOp::kEnd:
        submit(SubmissionOp::kClose, end);
        break;
      case CompletionOp::kFailed:
        CHECK(failed_.insert(key).second);
        submit(SubmissionOp::kAbort, end);
        break;
      case CompletionOp::kClosed:
        clients_.erase(key);
        failed_.erase(key);
        break;
      default:
        check::fail(__FILE__, __LINE__, "told " + std::to_string(static_cast<int>(c.op)));
    }
  }

  void echo(End end, Key key, const Completion& c) {
    const auto client = clients_.find(key);
    if (client == clients_.end()) {
      send(end, data(c));
      return;
    }
    const size_t before = client->second;
    client->second += c.length;
    if (before < text_.size() && client->second >= text_.size()) send(end, text_);
    if (client->second == 2 * text_.size()) submit(SubmissionOp::kShutdown, end);
  }

  const std::string text_ = std::string(5000, 'x');
  std::map<Key, size_t> clients_;  // and how much of the echo each has
  std::set<Key> failed_;
};

constexpr int kErrors[] = {EINTR, ECONNRESET, ENOBUFS, ENOMEM, EMFILE, EPIPE, ETIMEDOUT};

// Whether it came to the call that was to fail.
bool refused_at(uint32_t call, int error) {
  const size_t before = descriptors();
  {
    Exchange js;
    syscalls() = Syscalls{};
    js.turn();
    syscalls().until_refused = call;
    syscalls().refusal = error;
    js.run(1);
  }
  CHECK_EQ(descriptors(), before);
  const bool refused = syscalls().refused;
  syscalls() = Syscalls{};
  return refused;
}

void storm(uint64_t seed) {
  const int failures = check::registry().failures_in_test;
  const size_t before = descriptors();
  {
    Exchange js;
    syscalls() = Syscalls{};
    js.turn();
    syscalls().random = Random(seed);
    syscalls().refuse_one_in = 3 + static_cast<uint32_t>(seed % 20);
    js.run(30);
    CHECK(syscalls().faults > 5);
  }
  CHECK_EQ(descriptors(), before);
  syscalls() = Syscalls{};
  if (check::registry().failures_in_test != failures) std::cerr << "seed " << seed << "\n";
}

}  // namespace

TEST(each_call_may_fail_with_each_error) {
  for (const int error : kErrors) {
    uint32_t call = 0;
    while (refused_at(call, error)) {
      if (check::registry().failures_in_test > 0) {
        std::cerr << "error " << error << " of call " << call << "\n";
        return;
      }
      call++;
    }
    // Fewer would mean that the calls do not come by here.
    CHECK(call > 8);
  }
}

TEST(a_storm_of_errors_leaves_nothing) {
  for (uint64_t seed = 1; seed <= 40; seed++) storm(seed);
}

// OXBOW_FAULT_SEED=n tries one more.
TEST(a_storm_of_the_seed_that_was_asked_for) {
  const char* text = std::getenv("OXBOW_FAULT_SEED");
  if (text != nullptr) storm(std::strtoull(text, nullptr, 10));
  CHECK(true);
}

CHECK_MAIN()
