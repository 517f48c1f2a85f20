#include "pump.h"

#include <sys/epoll.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>

#include "support.h"

namespace oxbow::bench {

// A server that says nothing for this long is broken; the benchmark must not hang with it.
constexpr int kStallMs = 15'000;

PeriodicBytes::PeriodicBytes(std::string_view period) : period_(period.size()) {
  if (period.empty()) fail("stream", "the period is empty");
  while (bytes_.size() < period_ + kRunMax) bytes_ += period;
}

Pump::Pump(const Place& place, int64_t connections, int64_t depth, size_t message_size,
           const PeriodicBytes& stream, Checker& checker)
    : epoll_(epoll_create1(EPOLL_CLOEXEC)),
      depth_(depth),
      message_size_(message_size),
      stream_(stream),
      checker_(checker),
      connections_(static_cast<size_t>(connections)),
      buffer_(PeriodicBytes::kRunMax) {
  if (epoll_ < 0) fail_errno("epoll_create1");
  raise_descriptor_limit(connections);
  for (size_t i = 0; i < connections_.size(); i++) {
    connections_[i].fd = start_connect(place);
    connections_[i].channel = open_channel(connections_[i].fd);
    epoll_set(epoll_, EPOLL_CTL_ADD, connections_[i].fd, EPOLLIN, i);
  }
}

Outcome Pump::run(Limit limit) {
  const int64_t start_ns = now_ns();
  limit_ = limit;
  deadline_ns_ = start_ns + static_cast<int64_t>(limit.seconds * 1e9);
  expired_ = false;
  started_ = 0;
  outcome_ = {};
  if (limit.messages == 0 && limit.seconds == 0) return outcome_;  // a phase that is left out
  for (Connection& connection : connections_) {
    for (int64_t i = 0; i < depth_ && may_start_more(); i++) start(connection, 1);
    flush(connection);
  }
  epoll_event events[512];
  while (outcome_.messages < started_) {
    const int count = epoll_wait(epoll_, events, 512, kStallMs);
    if (count == 0) fail("stalled", "the server has not answered for 15 seconds");
    if (count < 0 && errno != EINTR) fail_errno("epoll_wait");
    // Once a batch, not once a message: the clock is not what is measured here.
    if (limit_.seconds > 0 && now_ns() >= deadline_ns_) expired_ = true;
    for (int i = 0; i < count; i++) {
      Connection& connection = connections_[events[i].data.u64];
      if (events[i].events & ~static_cast<uint32_t>(EPOLLOUT)) receive(connection);
      flush(connection);
    }
  }
  outcome_.seconds = static_cast<double>(now_ns() - start_ns) / 1e9;
  return outcome_;
}

bool Pump::may_start_more() const {
  return !expired_ && (limit_.messages == 0 || started_ < limit_.messages);
}

void Pump::start(Connection& connection, int64_t messages) {
  connection.owed += static_cast<uint64_t>(messages) * message_size_;
  connection.in_flight += messages;
  started_ += messages;
}

void Pump::receive(Connection& connection) {
  while (receive_once(connection) && connection.channel->has_more()) {
  }
}

bool Pump::receive_once(Connection& connection) {
  const ssize_t count = connection.channel->receive(buffer_.data(), buffer_.size());
  if (count < 0 && (errno == EAGAIN || errno == EINTR)) return false;
  if (count < 0) fail_errno("recv");
  if (count == 0) fail("recv", "the server closed a connection");
  const std::string_view bytes(buffer_.data(), static_cast<size_t>(count));
  const int64_t completed = checker_.take(connection, bytes);
  connection.received += bytes.size();
  if (completed < 0 || completed > connection.in_flight) {
    fail("check", "the server sent a wrong answer");
  }
  connection.in_flight -= completed;
  outcome_.messages += completed;
  int64_t next = completed;
  if (limit_.messages > 0) next = std::min(next, limit_.messages - started_);
  if (next > 0 && may_start_more()) start(connection, next);
  return true;
}

void Pump::flush(Connection& connection) {
  while (connection.owed > 0) {
    const size_t length = std::min<uint64_t>(connection.owed, PeriodicBytes::kRunMax);
    const ssize_t count = connection.channel->send(stream_.at(connection.sent), length);
    if (count < 0) {
      // Not connected yet looks the same as full: both end with EPOLLOUT.
      if (errno != EAGAIN && errno != EINTR && errno != ENOTCONN) fail_errno("send");
      break;
    }
    connection.sent += static_cast<uint64_t>(count);
    connection.owed -= static_cast<uint64_t>(count);
  }
  const bool waits = connection.owed > 0;
  if (waits == connection.waits_for_room) return;
  connection.waits_for_room = waits;
  const auto index = static_cast<uint64_t>(&connection - connections_.data());
  epoll_set(epoll_, EPOLL_CTL_MOD, connection.fd, waits ? EPOLLIN | EPOLLOUT : EPOLLIN, index);
}

Plan plan_of(Arguments& arguments) {
  Plan plan;
  plan.measured.messages = arguments.integer("messages", 0, 1, 1'000'000'000);
  plan.measured.seconds = arguments.seconds("seconds", plan.measured.messages > 0 ? 0 : 1.5);
  plan.warmup.messages = arguments.integer("warmup-messages", 0, 1, 1'000'000'000);
  plan.warmup.seconds = arguments.seconds("warmup-seconds", plan.warmup.messages > 0 ? 0 : 0.3);
  return plan;
}

void print_outcome(const Outcome& outcome, uint64_t check) {
  std::printf("{\"messages\":%lld,\"seconds\":%.6f,\"check\":%llu}\n",
              static_cast<long long>(outcome.messages), outcome.seconds,
              static_cast<unsigned long long>(check));
}

}  // namespace oxbow::bench
