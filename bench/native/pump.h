// Keeps a number of connections busy: each has `depth` messages in flight, and every answer sends
// the next message. Answers that arrived together are followed by one send.
//
// What is sent is a periodic stream of bytes, so any part of it lies contiguous in one buffer and
// nothing is formatted while measuring.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "channel.h"
#include "support.h"

namespace oxbow::bench {

class PeriodicBytes {
 public:
  static constexpr size_t kRunMax = 256 * 1024;  // the longest contiguous run

  explicit PeriodicBytes(std::string_view period);

  // At least kRunMax bytes of the stream from `position` on.
  const char* at(uint64_t position) const { return bytes_.data() + position % period_; }

 private:
  size_t period_;
  std::string bytes_;
};

struct Connection {
  int fd = -1;
  std::unique_ptr<Channel> channel;
  bool waits_for_room = false;  // the socket was full: watch EPOLLOUT
  uint64_t sent = 0;            // bytes, since the connection was made
  uint64_t received = 0;
  uint64_t owed = 0;       // bytes that may be sent now
  int64_t in_flight = 0;   // messages
  std::string partial;     // for a checker that needs whole answers
  uint64_t body_left = 0;  // for a checker: of the answer that is coming
  uint64_t bodies = 0;     // for a checker: bytes of those that came before it
};

// Looks at the bytes of an answer. Kept apart from the pump because only it knows the protocol.
class Checker {
 public:
  virtual ~Checker() = default;
  // How many messages these bytes completed; -1 if they are wrong. `connection.received` still
  // counts what came before them.
  virtual int64_t take(Connection& connection, std::string_view bytes) = 0;
};

// A phase ends when either limit is reached (0: no such limit) and all answers are in. With no
// limit at all there is no phase.
struct Limit {
  int64_t messages = 0;
  double seconds = 0;
};

struct Outcome {
  int64_t messages = 0;
  double seconds = 0;
};

class Pump {
 public:
  Pump(const Place& place, int64_t connections, int64_t depth, size_t message_size,
       const PeriodicBytes& stream, Checker& checker);

  Outcome run(Limit limit);

  // Before the first phase: what a connection says before its messages, in the handler's own way.
  template <typename Handler>
  void each(Handler handle) {
    for (const Connection& connection : connections_) handle(connection);
  }

 private:
  void start(Connection& connection, int64_t messages);
  void receive(Connection& connection);
  bool receive_once(Connection& connection);
  void flush(Connection& connection);
  bool may_start_more() const;

  int epoll_;
  int64_t depth_;
  size_t message_size_;
  const PeriodicBytes& stream_;
  Checker& checker_;
  std::vector<Connection> connections_;
  std::vector<char> buffer_;

  // Of the phase that runs.
  Limit limit_;
  int64_t started_ = 0;
  int64_t deadline_ns_ = 0;
  bool expired_ = false;
  Outcome outcome_;
};

// The life of both load generators: connect, warm up, tell the harness, wait for its word,
// measure, print {"messages", "seconds", "check"}. `check` is read after the measured
// phase and counts from its start.
struct Plan {
  Limit warmup;
  Limit measured;
};

// From --seconds or --messages, and the same of the warm-up.
Plan plan_of(Arguments& arguments);

void print_outcome(const Outcome& outcome, uint64_t check);

template <typename Runner>
void warm_up_and_measure(Runner& runner, const Plan& plan, const uint64_t& check) {
  runner.run(plan.warmup);
  wait_for_go();
  const uint64_t before = check;
  const Outcome outcome = runner.run(plan.measured);
  print_outcome(outcome, check - before);
}

}  // namespace oxbow::bench
