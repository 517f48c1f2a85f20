#include "support.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace oxbow::bench {

void fail(const char* what, const char* reason) {
  std::fprintf(stderr, "%s: %s\n", what, reason);
  std::exit(1);
}

void fail_errno(const char* what) { fail(what, std::strerror(errno)); }

Arguments::Arguments(int argc, char** argv) {
  for (int i = 1; i < argc; i += 2) {
    if (std::strncmp(argv[i], "--", 2) != 0) fail(argv[i], "expected --name value");
    if (i + 1 == argc) fail(argv[i], "has no value");
    if (count_ == kPairsMax) fail(argv[i], "too many options");
    names_[count_] = argv[i] + 2;
    values_[count_] = argv[i + 1];
    count_++;
  }
}

const char* Arguments::take(std::string_view name) {
  for (int i = 0; i < count_; i++) {
    if (name == names_[i]) {
      taken_[i] = true;
      return values_[i];
    }
  }
  return nullptr;
}

int64_t Arguments::integer(std::string_view name, int64_t fallback, int64_t low, int64_t high) {
  const char* text = take(name);
  if (text == nullptr) return fallback;
  char* end = nullptr;
  errno = 0;
  const int64_t value = std::strtoll(text, &end, 10);
  if (errno != 0 || end == text || *end != '\0' || value < low || value > high) {
    std::fprintf(stderr, "--%.*s must be a whole number from %lld to %lld, got %s\n",
                 static_cast<int>(name.size()), name.data(), static_cast<long long>(low),
                 static_cast<long long>(high), text);
    std::exit(1);
  }
  return value;
}

double Arguments::seconds(std::string_view name, double fallback) {
  const char* text = take(name);
  if (text == nullptr) return fallback;
  char* end = nullptr;
  const double value = std::strtod(text, &end);
  // Written so that NaN fails too.
  if (end == text || *end != '\0' || !(value >= 0 && value <= 60)) {
    fail(text, "expected seconds from 0 to 60");
  }
  return value;
}

std::string_view Arguments::text(std::string_view name, std::string_view fallback) {
  const char* given = take(name);
  return given == nullptr ? fallback : given;
}

void Arguments::finish() const {
  for (int i = 0; i < count_; i++) {
    if (!taken_[i]) fail(names_[i], "unknown option");
  }
}

int64_t now_ns() {
  const auto since_boot = std::chrono::steady_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::nanoseconds>(since_boot).count();
}

void raise_descriptor_limit(int64_t needed) {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) fail_errno("getrlimit");
  limit.rlim_cur = limit.rlim_max;
  if (setrlimit(RLIMIT_NOFILE, &limit) != 0) fail_errno("setrlimit");
  const int64_t spare = 32;
  if (limit.rlim_cur < static_cast<rlim_t>(needed + spare)) {
    fail("descriptors", "the hard limit (ulimit -Hn) is too low for this many connections");
  }
}

static sockaddr_in loopback(uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(port);
  return address;
}

static int tcp_socket() {
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (fd < 0) fail_errno("socket");
  return fd;
}

static void set_no_delay(int fd) {
  const int on = 1;
  // A Unix socket has none.
  if (setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on) != 0 && errno != EOPNOTSUPP) {
    fail_errno("TCP_NODELAY");
  }
}

int listen_loopback(uint16_t* port) {
  const int fd = tcp_socket();
  sockaddr_in address = loopback(0);
  socklen_t length = sizeof address;
  auto* generic = reinterpret_cast<sockaddr*>(&address);
  if (bind(fd, generic, length) != 0) fail_errno("bind");
  const int backlog = 4096;
  if (listen(fd, backlog) != 0) fail_errno("listen");
  if (getsockname(fd, generic, &length) != 0) fail_errno("getsockname");
  *port = ntohs(address.sin_port);
  return fd;
}

static sockaddr_un unix_address(int64_t pid) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::snprintf(address.sun_path, sizeof address.sun_path, "/tmp/oxbow-bench-%lld.sock",
                static_cast<long long>(pid));
  return address;
}

static int unix_socket() {
  const int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (fd < 0) fail_errno("socket");
  return fd;
}

Place place_of(Arguments* arguments) {
  Place place;
  place.port = static_cast<uint16_t>(arguments->integer("port", 0, 1, 65535));
  place.unix_pid = arguments->integer("unix", 0, 1, 1 << 30);
  if (place.port == 0 && place.unix_pid == 0) fail("--port", "is required, or --unix");
  return place;
}

int listen_unix(int64_t pid) {
  const int fd = unix_socket();
  const sockaddr_un address = unix_address(pid);
  unlink(address.sun_path);
  const auto* generic = reinterpret_cast<const sockaddr*>(&address);
  if (bind(fd, generic, sizeof address) != 0) fail_errno("bind");
  const int backlog = 4096;
  if (listen(fd, backlog) != 0) fail_errno("listen");
  return fd;
}

int start_connect(const Place& place) {
  if (place.unix_pid != 0) {
    const int fd = unix_socket();
    const sockaddr_un address = unix_address(place.unix_pid);
    const auto* generic = reinterpret_cast<const sockaddr*>(&address);
    if (connect(fd, generic, sizeof address) != 0) fail_errno("connect");
    return fd;
  }
  const int fd = tcp_socket();
  set_no_delay(fd);
  const sockaddr_in address = loopback(place.port);
  const auto* generic = reinterpret_cast<const sockaddr*>(&address);
  if (connect(fd, generic, sizeof address) != 0 && errno != EINPROGRESS) fail_errno("connect");
  return fd;
}

void finish_connect(int fd) {
  int error = 0;
  socklen_t length = sizeof error;
  if (getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &length) != 0) fail_errno("SO_ERROR");
  if (error != 0) fail("connect", std::strerror(error));
}

int accept_one(int listener) {
  const int fd = accept4(listener, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
  if (fd >= 0) {
    set_no_delay(fd);
    return fd;
  }
  // A client that gave up while it waited is no error of ours.
  if (errno == EAGAIN || errno == ECONNABORTED || errno == EINTR) return -1;
  fail_errno("accept");
}

static void wait_until(int fd, short events) {
  pollfd item{fd, events, 0};
  const int patience_ms = 15'000;
  const int count = poll(&item, 1, patience_ms);
  if (count < 0 && errno != EINTR) fail_errno("poll");
  if (count == 0) fail("stalled", "the server has not answered for 15 seconds");
}

void wait_readable(int fd) { wait_until(fd, POLLIN); }

void wait_writable(int fd) { wait_until(fd, POLLOUT); }

void epoll_set(int epoll, int operation, int fd, uint32_t events, uint64_t data) {
  epoll_event event{};
  event.events = events;
  event.data.u64 = data;
  if (epoll_ctl(epoll, operation, fd, &event) != 0) fail_errno("epoll_ctl");
}

void announce_port(uint16_t port) {
  std::printf("{\"port\":%u}\n", port);
  std::fflush(stdout);
}

void announce_path() {
  std::printf("{\"unix\":%d}\n", static_cast<int>(getpid()));
  std::fflush(stdout);
}

void wait_for_go() {
  std::printf("{\"ready\":true}\n");
  std::fflush(stdout);
  char byte = 0;
  while (byte != '\n') {
    if (read(STDIN_FILENO, &byte, 1) != 1) std::exit(1);
  }
}

}  // namespace oxbow::bench
