// What every program here needs: arguments, loopback sockets, a clock, and the two handshakes with
// the harness. Any failure ends the program with a message: a benchmark that goes on after an
// error measures something else.
#pragma once

#include <cstdint>
#include <string_view>

namespace oxbow::bench {

// Prints "<what>: <reason>" to stderr and exits with status 1. `fail_errno` takes the reason from
// errno.
[[noreturn]] void fail(const char* what, const char* reason);
[[noreturn]] void fail_errno(const char* what);

// `--name value` pairs. A value that is no number in the range, or a name that nobody asked for
// before `finish()`, ends the program: a misspelt option must not silently measure the default.
class Arguments {
 public:
  Arguments(int argc, char** argv);

  int64_t integer(std::string_view name, int64_t fallback, int64_t low, int64_t high);
  double seconds(std::string_view name, double fallback);  // 0 to 60
  std::string_view text(std::string_view name, std::string_view fallback);
  void finish() const;

 private:
  static constexpr int kPairsMax = 16;

  const char* take(std::string_view name);

  const char* names_[kPairsMax];
  const char* values_[kPairsMax];
  bool taken_[kPairsMax] = {};
  int count_ = 0;
};

int64_t now_ns();  // monotonic

// Lifts the soft limit on descriptors to the hard one, and fails unless `needed` fit.
void raise_descriptor_limit(int64_t needed);

// Where a server is: a port of 127.0.0.1, or the Unix socket that is called after its pid.
struct Place {
  Place(uint16_t tcp_port = 0) : port(tcp_port) {}
  uint16_t port;
  int64_t unix_pid = 0;
};

// `--port` or `--unix`; one of them must be given.
Place place_of(Arguments* arguments);

// Sockets that do not block; TCP ones on 127.0.0.1 only, with TCP_NODELAY. The backlog is 4096.
int listen_loopback(uint16_t* port);  // any free port
int listen_unix(int64_t pid);
int start_connect(const Place& place);  // the connection may still be under way
void finish_connect(int fd);            // call when writable; fails if the connect failed
int accept_one(int listener);           // -1 when nobody waits

// Block until the socket is so, but no longer than a server may stay silent.
void wait_readable(int fd);
void wait_writable(int fd);

void epoll_set(int epoll, int operation, int fd, uint32_t events, uint64_t data);

// Tells the harness where the server listens: {"port":N}; {"unix":PID} for the path of our pid.
void announce_port(uint16_t port);
void announce_path();

// Tells the harness that everything is set up, then blocks until it sends a line. The end of
// standard input means that the harness is gone: the program exits.
void wait_for_go();

}  // namespace oxbow::bench
