// Idle connections: opens N of them, has each exchange one message with the server (so the server
// has surely accepted it and has given it whatever it gives a connection), then holds them until
// the harness sends a line.
//
//   load_idle --port N [--connections 10000] [--size 64] [--http 0]
//
// --http 1: a request that is answered; 2: half of a head; 3: a request for /wait, which is not
// answered; 4: a WebSocket that echoes a message. After 2 and 3 one more connection is answered, so
// the server has come to all of them.
//
// Prints {"ready":true} when all are idle and {"connections", "check"} at the end.
#include <cerrno>
#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include "channel.h"
#include "program.h"
#include "support.h"
#include "websocket.h"

namespace oxbow::bench {

struct Held {
  int fd;
  std::unique_ptr<Channel> channel;
};

static void send_all(Held& held, const std::string& message) {
  const ssize_t sent = held.channel->send(message.data(), message.size());
  if (sent != static_cast<ssize_t>(message.size())) fail_errno("send");
}

/** Until the answer ends with `end` and is at least as long as that. */
static std::string receive(Held& held, const std::string& end) {
  std::string answer;
  char buffer[4096];
  while (!answer.ends_with(end)) {
    const ssize_t count = held.channel->receive(buffer, sizeof buffer);
    if (count < 0 && (errno == EAGAIN || errno == EINTR)) {
      wait_readable(held.fd);
      continue;
    }
    if (count <= 0) fail("recv", "the server closed a connection");
    answer.append(buffer, static_cast<size_t>(count));
  }
  return answer;
}

static const std::string kRequest = "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n";

/** What a held connection does, once it stands. */
static void talk(Held& held, int64_t http, const std::string& message) {
  switch (http) {
    case 1:
      send_all(held, kRequest);
      if (!receive(held, "Hello, World!").starts_with("HTTP/1.1 200 ")) {
        fail("check", "the server sent a wrong answer");
      }
      return;
    case 2:
      send_all(held, "GET / HTTP/1.1\r\nHost: localhost\r\nUser-Agent: half a he");
      return;
    case 3:
      send_all(held, "GET /wait HTTP/1.1\r\nHost: localhost\r\n\r\n");
      return;
    case 4:
      upgrade(*held.channel, held.fd, "/");
      send_all(held, masked_frame(MessageKind::kBinary, message));
      receive(held, plain_frame(MessageKind::kBinary, message));
      return;
    default:
      send_all(held, message);
      if (receive(held, message) != message) fail("check", "the server sent a wrong answer");
  }
}

static Held connected(uint16_t port) {
  const int fd = start_connect(port);
  wait_writable(fd);
  finish_connect(fd);
  return {fd, open_channel(fd)};
}

int run_program(int argc, char** argv) {
  Arguments arguments(argc, argv);
  const auto port = static_cast<uint16_t>(arguments.integer("port", 0, 1, 65535));
  const int64_t connections = arguments.integer("connections", 10'000, 1, 100'000);
  const int64_t size = arguments.integer("size", 64, 1, 4096);
  const int64_t http = arguments.integer("http", 0, 0, 4);
  arguments.finish();
  if (port == 0) fail("--port", "is required");
  raise_descriptor_limit(connections);

  // One after another: this measures what a connection costs to keep, not to make.
  const std::string message(static_cast<size_t>(size), 'i');
  std::vector<Held> held;
  for (int64_t i = 0; i < connections; i++) {
    held.push_back(connected(port));
    talk(held.back(), http, message);
  }
  if (http == 2 || http == 3) {
    Held last = connected(port);
    talk(last, 1, message);
  }
  wait_for_go();
  std::printf("{\"connections\":%zu,\"check\":%zu}\n", held.size(), held.size());
  return 0;
}

}  // namespace oxbow::bench
