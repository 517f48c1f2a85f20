// Echo under a kernel that interrupts, refuses and cuts short at random: every byte must come back,
// in order, whatever the seed. A failure prints its seed; seeds that once failed stay in the list.
#include <cstdlib>

#include "check.h"
#include "engine_harness.h"
#include "syscall_wraps.h"
#include "tcp_peer.h"

using namespace oxbow;
using layout::CompletionOp;
using layout::SubmissionOp;
using test::End;
using test::Harness;
using test::Random;
using test::Syscalls;
using test::syscalls;
using test::TcpHarness;

namespace {

struct Client {
  End end;
  std::string sent;  // all of it
  std::string got;
  int messages_left = 60;
};

class Echo : public TcpHarness {
 public:
  explicit Echo(uint64_t seed) : noise_(60000, '\0'), random_(seed) {
    for (char& byte : noise_) byte = static_cast<char>(random_.next());
  }

  void run(size_t count, uint32_t one_in) {
    syscalls() = Syscalls{};
    syscalls().random = Random(random_.next());
    syscalls().one_in = one_in;
    for (size_t n = 0; n < count; n++) {
      const int handle = engine().connect("127.0.0.1", format_address(address).port, "", 0, 0);
      CHECK(handle >= 0);
      Client client;
      client.end = {static_cast<uint32_t>(handle), control(layout::kControlLastGeneration)};
      clients_[client.end.handle] = client;
    }
    size_t closed = 0;
    for (last_outcome = 0; closed < count && last_outcome == 0;) {
      for (const Ready& ready : turn(true)) closed += hear(ready.completion);
    }
    CHECK_EQ(last_outcome, 0);
    for (const auto& [handle, client] : clients_) {
      CHECK_EQ(client.messages_left, 0);
      CHECK_EQ(client.got.size(), client.sent.size());
      CHECK(client.got == client.sent);
    }
    CHECK(syscalls().faults > 100);
    syscalls() = Syscalls{};
  }

 private:
  // Whether that was the end of a client.
  bool hear(const Completion& c) {
    const auto found = clients_.find(c.handle);
    Client* client = found == clients_.end() ? nullptr : &found->second;
    const End end{c.handle, c.generation};
    switch (c.op) {
      case CompletionOp::kAccept:
        submit(SubmissionOp::kReadStart, End{c.offset, c.length});
        break;
      case CompletionOp::kConnect:
        CHECK_EQ(c.result, 0);
        submit(SubmissionOp::kReadStart, end);
        send_next(client);
        break;
      case CompletionOp::kData:
        if (client == nullptr) {
          send(end, data(c));
          break;
        }
        client->got += data(c);
        if (client->got.size() == client->sent.size()) send_next(client);
        break;
      case CompletionOp::kEnd:
        submit(SubmissionOp::kClose, end);
        break;
      case CompletionOp::kClosed:
        return client != nullptr;
      default:
        check::fail(__FILE__, __LINE__, "told " + std::to_string(static_cast<int>(c.op)));
    }
    return false;
  }

  void send_next(Client* client) {
    if (client->messages_left == 0) {
      submit(SubmissionOp::kShutdown, client->end);
      return;
    }
    client->messages_left--;
    const uint32_t pieces = 1 + random_.below(20);
    for (uint32_t n = 0; n < pieces; n++) {
      const uint32_t size = 1 + random_.below(random_.once_in(10) ? 30000 : 300);
      const std::string text = noise_.substr(random_.below(30000), size);
      client->sent += text;
      send(client->end, text);
    }
  }

  std::map<uint32_t, Client> clients_;
  std::string noise_;  // messages are pieces of it
  Random random_;
};

void echo_with(uint64_t seed, uint32_t one_in) {
  const int before = check::registry().failures_in_test;
  Echo(seed).run(8, one_in);
  if (check::registry().failures_in_test != before) {
    std::cerr << "seed " << seed << ", a fault in " << one_in << "\n";
  }
}

}  // namespace

TEST(echo_survives_occasional_faults) {
  for (uint64_t seed = 1; seed <= 6; seed++) echo_with(seed, 12);
}

TEST(echo_survives_a_storm_of_faults) {
  for (uint64_t seed = 100; seed <= 104; seed++) echo_with(seed, 2);
}

// OXBOW_FAULT_SEED=n tries one more.
TEST(echo_survives_the_seed_that_was_asked_for) {
  const char* text = std::getenv("OXBOW_FAULT_SEED");
  if (text != nullptr) echo_with(std::strtoull(text, nullptr, 10), 3);
  CHECK(true);
}

CHECK_MAIN()
