// The floor for UDP echo: recvmmsg and sendmmsg of 64 at a time. Prints {"port":N}; ends with
// standard input.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <vector>

#include "support.h"

namespace oxbow::bench {

static int bound_socket(uint16_t* port) {
  const int fd = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t length = sizeof address;
  auto* generic = reinterpret_cast<sockaddr*>(&address);
  if (fd < 0 || bind(fd, generic, length) != 0) fail_errno("bind");
  if (getsockname(fd, generic, &length) != 0) fail_errno("getsockname");
  *port = ntohs(address.sin_port);
  return fd;
}

static int main_of_echo() {
  constexpr int kBatch = 64;
  constexpr size_t kBytes = 2048;
  uint16_t port = 0;
  const int fd = bound_socket(&port);
  announce_port(port);
  std::vector<uint8_t> memory(kBatch * kBytes);
  mmsghdr messages[kBatch];
  iovec vectors[kBatch];
  sockaddr_in from[kBatch];
  pollfd items[2] = {{fd, POLLIN, 0}, {STDIN_FILENO, POLLIN, 0}};
  for (;;) {
    if (poll(items, 2, -1) < 0 && errno != EINTR) fail_errno("poll");
    if (items[1].revents != 0) return 0;
    for (int n = 0; n < kBatch; n++) {
      vectors[n] = {memory.data() + static_cast<size_t>(n) * kBytes, kBytes};
      messages[n] = {};
      messages[n].msg_hdr.msg_name = &from[n];
      messages[n].msg_hdr.msg_namelen = sizeof from[n];
      messages[n].msg_hdr.msg_iov = &vectors[n];
      messages[n].msg_hdr.msg_iovlen = 1;
    }
    const int count = recvmmsg(fd, messages, kBatch, 0, nullptr);
    for (int n = 0; n < count; n++) vectors[n].iov_len = messages[n].msg_len;
    for (int sent = 0; sent < count;) {
      const int more = sendmmsg(fd, messages + sent, static_cast<unsigned>(count - sent), 0);
      if (more < 0 && errno != EAGAIN && errno != EINTR) fail_errno("sendmmsg");
      if (more > 0) sent += more;
    }
  }
}

}  // namespace oxbow::bench

int main() { return oxbow::bench::main_of_echo(); }
