// Idle connections: opens N of them, has each exchange one message with the echo server (so the
// server has surely accepted it and has given it whatever it gives a connection), then holds them
// until the harness sends a line.
//
//   load_idle --port N [--connections 10000] [--size 64]
//
// Prints {"ready":true} when all are idle and {"connections", "check"} at the end.
#include <poll.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstdio>
#include <string>
#include <vector>

#include "support.h"

namespace oxbow::bench {

static void wait_until(int fd, short events) {
  pollfd item{fd, events, 0};
  const int patience_ms = 15'000;
  const int count = poll(&item, 1, patience_ms);
  if (count < 0 && errno != EINTR) fail_errno("poll");
  if (count == 0) fail("stalled", "the server has not answered for 15 seconds");
}

static void exchange(int fd, const std::string& message) {
  const ssize_t sent = send(fd, message.data(), message.size(), MSG_NOSIGNAL);
  if (sent != static_cast<ssize_t>(message.size())) fail_errno("send");
  std::string answer;
  char buffer[4096];
  while (answer.size() < message.size()) {
    wait_until(fd, POLLIN);
    const ssize_t count = recv(fd, buffer, sizeof buffer, 0);
    if (count < 0 && (errno == EAGAIN || errno == EINTR)) continue;
    if (count <= 0) fail("recv", "the server closed a connection");
    answer.append(buffer, static_cast<size_t>(count));
  }
  if (answer != message) fail("check", "the server sent a wrong answer");
}

static int main_of_idle(int argc, char** argv) {
  Arguments arguments(argc, argv);
  const auto port = static_cast<uint16_t>(arguments.integer("port", 0, 1, 65535));
  const int64_t connections = arguments.integer("connections", 10'000, 1, 100'000);
  const int64_t size = arguments.integer("size", 64, 1, 4096);
  arguments.finish();
  if (port == 0) fail("--port", "is required");
  raise_descriptor_limit(connections);

  // One after another: this measures what a connection costs to keep, not to make.
  const std::string message(static_cast<size_t>(size), 'i');
  std::vector<int> held;
  for (int64_t i = 0; i < connections; i++) {
    const int fd = start_connect(port);
    wait_until(fd, POLLOUT);
    finish_connect(fd);
    exchange(fd, message);
    held.push_back(fd);
  }
  wait_for_go();
  std::printf("{\"connections\":%zu,\"check\":%zu}\n", held.size(), held.size());
  return 0;
}

}  // namespace oxbow::bench

int main(int argc, char** argv) { return oxbow::bench::main_of_idle(argc, argv); }
