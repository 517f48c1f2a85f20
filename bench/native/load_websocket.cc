// WebSocket load: messages that are echoed, or published to many. Every byte that comes back is
// compared with what it must be.
//
//   load_websocket --port N [--connections 50] [--size 64] [--depth 1] [--text 0] [--subscribers 0]
//                  [--seconds 1.5 | --messages N] [--warmup-seconds 0.3 | --warmup-messages N]
//
// With --subscribers N, so many connections ask for /topic and say nothing, and what the others
// send to /publish comes to each of them. A message is then one that has come to a subscriber.
//
// `check` in the answer is the number of bytes that came back right.
#include <sys/epoll.h>

#include <cerrno>
#include <cstring>
#include <memory>
#include <string>
#include <vector>

#include "channel.h"
#include "program.h"
#include "pump.h"
#include "support.h"
#include "websocket.h"

namespace oxbow::bench {

class FrameChecker : public Checker {
 public:
  explicit FrameChecker(std::string_view frame) : size_(frame.size()), stream_(frame) {}

  int64_t take(Connection& connection, std::string_view bytes) override {
    return whole(connection.received, bytes);
  }

  // How many messages are complete with `bytes`, which follow on `received`; -1 if one is wrong.
  int64_t whole(uint64_t received, std::string_view bytes) {
    if (std::memcmp(bytes.data(), stream_.at(received), bytes.size()) != 0) return -1;
    right_ += bytes.size();
    return static_cast<int64_t>((received + bytes.size()) / size_ - received / size_);
  }

  const uint64_t& right() const { return right_; }

 private:
  size_t size_;
  PeriodicBytes stream_;
  uint64_t right_ = 0;
};

// One publishes as soon as all subscribers have what was published before.
class Audience {
 public:
  Audience(uint16_t port, int64_t subscribers, std::string frame, FrameChecker* checker)
      : frame_(std::move(frame)), checker_(checker), epoll_(epoll_create1(EPOLL_CLOEXEC)) {
    if (epoll_ < 0) fail_errno("epoll_create1");
    raise_descriptor_limit(subscribers + 1);
    for (int64_t i = 0; i < subscribers; i++) {
      const int fd = start_connect(port);
      epoll_set(epoll_, EPOLL_CTL_ADD, fd, EPOLLIN, subscribers_.size());
      subscribers_.push_back({open_channel(fd), 0});
      upgrade(*subscribers_.back().channel, fd, "/topic");
    }
    const int fd = start_connect(port);
    publisher_ = open_channel(fd);
    upgrade(*publisher_, fd, "/publish");
  }

  Outcome run(Limit limit) {
    const int64_t start_ns = now_ns();
    const auto deadline_ns = start_ns + static_cast<int64_t>(limit.seconds * 1e9);
    Outcome outcome;
    if (limit.messages == 0 && limit.seconds == 0) return outcome;
    do {
      publish();
      outcome.messages += static_cast<int64_t>(subscribers_.size());
    } while (limit.messages > 0 ? outcome.messages < limit.messages : now_ns() < deadline_ns);
    outcome.seconds = static_cast<double>(now_ns() - start_ns) / 1e9;
    return outcome;
  }

 private:
  struct Subscriber {
    std::unique_ptr<Channel> channel;
    uint64_t received;
  };

  void publish() {
    const ssize_t sent = publisher_->send(frame_.data(), frame_.size());
    if (sent != static_cast<ssize_t>(frame_.size())) fail_errno("send");
    size_t had = 0;
    while (had < subscribers_.size()) {
      epoll_event events[512];
      const int count = epoll_wait(epoll_, events, 512, 15'000);
      if (count == 0) fail("stalled", "the server has not answered for 15 seconds");
      if (count < 0 && errno != EINTR) fail_errno("epoll_wait");
      for (int i = 0; i < count; i++) had += receive(subscribers_[events[i].data.u64]);
    }
  }

  size_t receive(Subscriber& subscriber) {
    char buffer[65536];
    const ssize_t count = subscriber.channel->receive(buffer, sizeof buffer);
    if (count < 0 && (errno == EAGAIN || errno == EINTR)) return 0;
    if (count <= 0) fail("recv", "the server closed a connection");
    const std::string_view bytes(buffer, static_cast<size_t>(count));
    const int64_t completed = checker_->whole(subscriber.received, bytes);
    subscriber.received += bytes.size();
    if (completed < 0) fail("check", "the server sent a wrong message");
    return static_cast<size_t>(completed);
  }

  std::string frame_;
  FrameChecker* checker_;
  int epoll_;
  std::unique_ptr<Channel> publisher_;
  std::vector<Subscriber> subscribers_;
};

// All letters, so it is text as well, and no two neighbouring messages of a connection could be
// taken for one another when a byte is lost.
static std::string letters(size_t size) {
  std::string text;
  for (size_t n = 0; n < size; n++) text.push_back(static_cast<char>('a' + n * 7 % 23));
  return text;
}

int run_program(int argc, char** argv) {
  Arguments arguments(argc, argv);
  const auto port = static_cast<uint16_t>(arguments.integer("port", 0, 1, 65535));
  const int64_t connections = arguments.integer("connections", 50, 1, 20'000);
  const auto size = static_cast<size_t>(arguments.integer("size", 64, 1, 1 << 20));
  const int64_t depth = arguments.integer("depth", 1, 1, 1024);
  const int64_t text = arguments.integer("text", 0, 0, 1);
  const int64_t subscribers = arguments.integer("subscribers", 0, 0, 20'000);
  const Plan plan = plan_of(arguments);
  arguments.finish();
  if (port == 0) fail("--port", "is required");

  const MessageKind kind = text == 1 ? MessageKind::kText : MessageKind::kBinary;
  const std::string payload = letters(size);
  const std::string sent = masked_frame(kind, payload);
  FrameChecker checker(plain_frame(kind, payload));
  if (subscribers > 0) {
    Audience audience(port, subscribers, sent, &checker);
    warm_up_and_measure(audience, plan, checker.right());
    return 0;
  }
  const PeriodicBytes stream(sent);
  Pump pump(port, connections, depth, sent.size(), stream, checker);
  pump.each([](const Connection& one) { upgrade(*one.channel, one.fd, "/"); });
  warm_up_and_measure(pump, plan, checker.right());
  return 0;
}

}  // namespace oxbow::bench
