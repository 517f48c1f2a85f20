#include "os/sockets.h"

#include <algorithm>
#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>
#if defined(__linux__)
#include <linux/sockios.h>
#endif

#include "os/calls.h"
#include "os/socket_options.h"
#include "os/unix_address.h"
#include "ring/layout.h"

namespace oxbow {
namespace {

// Sockets opened here never block. One that is shared with other programs may be blocking, so each
// call passes MSG_DONTWAIT.

// macOS refuses or truncates sizes that exceed an int; no socket takes that much at once.
constexpr size_t kSendMax = size_t{1} << 30;

#if defined(__APPLE__)

constexpr int kSendFlags = MSG_DONTWAIT;  // with SO_NOSIGPIPE instead of MSG_NOSIGNAL

// A socket that is just being torn down returns EPROTOTYPE once, and the real error from then on.
bool send_again(int error) { return error == EINTR || error == EPROTOTYPE; }

// A socket that was shut down in both directions accepts no more options.
bool is_gone(int error) { return error == -EINVAL || error == -ECONNRESET; }

int prepare(int descriptor, bool is_socket) {
  if (fcntl(descriptor, F_SETFD, FD_CLOEXEC) != 0) return -errno;
  if (fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) | O_NONBLOCK) != 0) return -errno;
  return is_socket ? set_integer(descriptor, SOL_SOCKET, SO_NOSIGPIPE, 1) : 0;
}

int prepare_or_close(int descriptor, bool is_socket) {
  if (descriptor < 0) return -errno;
  const int error = prepare(descriptor, is_socket);
  if (error == 0) return descriptor;
  ::close(descriptor);
  return error;
}

int prepare_both(int ends[2], bool are_sockets) {
  for (int n = 0; n < 2; n++) {
    const int error = prepare(ends[n], are_sockets);
    if (error == 0) continue;
    for (int each = 0; each < 2; each++) ::close(ends[each]);
    return error;
  }
  return 0;
}

int open_socket(int family) { return prepare_or_close(::socket(family, SOCK_STREAM, 0), true); }

int accept_socket(int listener) {
  const int descriptor = ::accept(listener, nullptr, nullptr);
  if (descriptor < 0) return -errno;
  const int outcome = prepare_or_close(descriptor, true);
  return is_gone(outcome) ? -ECONNABORTED : outcome;
}

int make_pair(int ends[2]) {
  if (socketpair(AF_UNIX, SOCK_STREAM, 0, ends) != 0) return -errno;
  return prepare_both(ends, true);
}

int make_pipe(int ends[2]) {
  if (pipe(ends) != 0) return -errno;
  return prepare_both(ends, false);
}

#else

constexpr int kSendFlags = MSG_DONTWAIT | MSG_NOSIGNAL;

bool send_again(int error) { return error == EINTR; }

// The connection has gone: FreeBSD then refuses TCP options, while Linux accepts them.
bool is_gone(int error) { return error == -ECONNRESET; }

constexpr int kSocketFlags = SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC;

int open_socket(int family) {
  const int descriptor = ::socket(family, kSocketFlags, 0);
  return descriptor >= 0 ? descriptor : -errno;
}

int accept_socket(int listener) {
  const int descriptor = accept4(listener, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
  return descriptor >= 0 ? descriptor : -errno;
}

int make_pair(int ends[2]) { return socketpair(AF_UNIX, kSocketFlags, 0, ends) == 0 ? 0 : -errno; }

int make_pipe(int ends[2]) { return pipe2(ends, O_NONBLOCK | O_CLOEXEC) == 0 ? 0 : -errno; }

#endif

// Balances connections among listeners, on systems that have it (FreeBSD). Linux does so with
// SO_REUSEPORT; elsewhere the last listener gets all.
#if defined(SO_REUSEPORT_LB)
constexpr int kReusePort = SO_REUSEPORT_LB;
#else
constexpr int kReusePort = SO_REUSEPORT;
#endif

// Linux limits the value by itself; other systems refuse a larger one (ENOBUFS), so smaller ones
// are tried.
int set_buffer(int descriptor, int option, int value) {
  int error = set_integer(descriptor, SOL_SOCKET, option, value);
  for (; error == -ENOBUFS && value > 1; value /= 2) {
    error = set_integer(descriptor, SOL_SOCKET, option, value / 2);
  }
  return error;
}

// An option no longer matters on a connection that has gone.
int unless_gone(int error) { return is_gone(error) ? 0 : error; }

// A Unix listener has none of the IP options. The mode of its file is set before listen(), so that
// nobody can connect earlier.
int configure_unix_listener(int descriptor, const Address& address, uint32_t flags, int backlog) {
  if (::bind(descriptor, address.get(), address.length) != 0) return -errno;
  const uint32_t mode = flags >> layout::kSocketModeShift;
  const std::string path = unix_path(address);
  const bool is_file = !path.empty() && path[0] != '\0';
  if (mode != 0 && is_file && ::chmod(path.c_str(), static_cast<mode_t>(mode & 07777)) != 0) {
    const int error = -errno;
    ::unlink(path.c_str());
    return error;
  }
  return ::listen(descriptor, backlog) == 0 ? 0 : -errno;
}

int configure_listener(int descriptor, const Address& address, uint32_t flags, int backlog) {
  if (is_unix_address(address)) {
    return configure_unix_listener(descriptor, address, flags, backlog);
  }
  int error = 0;
  if ((flags & layout::kSocketReuseAddress) != 0) {
    error = set_integer(descriptor, SOL_SOCKET, SO_REUSEADDR, 1);
  }
  if (error == 0 && (flags & layout::kSocketReusePort) != 0) {
    error = set_integer(descriptor, SOL_SOCKET, kReusePort, 1);
  }
  if (error == 0 && address.family() == AF_INET6) {
    const int only = (flags & layout::kSocketOnly6) != 0 ? 1 : 0;
    error = set_integer(descriptor, IPPROTO_IPV6, IPV6_V6ONLY, only);
  }
  // Accepted sockets inherit this, which saves a system call per connection.
  if (error == 0) error = set_integer(descriptor, IPPROTO_TCP, TCP_NODELAY, 1);
  if (error != 0) return error;
  if (::bind(descriptor, address.get(), address.length) != 0) return -errno;
  return ::listen(descriptor, backlog) == 0 ? 0 : -errno;
}

}  // namespace

int open_listener(const Address& address, uint32_t flags, int backlog) {
  const int descriptor = open_socket(address.family());
  if (descriptor < 0) return descriptor;
  const int error = configure_listener(descriptor, address, flags, backlog);
  if (error == 0) return descriptor;
  ::close(descriptor);
  return error;
}

int open_client(const Address& address, const Address* local) {
  const int descriptor = open_socket(address.family());
  if (descriptor < 0) return descriptor;
  int error = is_unix_address(address) ? 0 : set_integer(descriptor, IPPROTO_TCP, TCP_NODELAY, 1);
  if (error == 0 && local != nullptr && ::bind(descriptor, local->get(), local->length) != 0) {
    error = -errno;
  }
  if (error == 0) return descriptor;
  ::close(descriptor);
  return error;
}

int open_pair(int ends[2]) { return make_pair(ends); }

int open_pipe(int ends[2]) { return make_pipe(ends); }

int connect_socket(int descriptor, const Address& address) {
  if (::connect(descriptor, address.get(), address.length) == 0) return 0;
  // An interrupted connect continues in the background, like one in progress.
  return errno == EINTR ? -EINPROGRESS : -errno;
}

int accept_connection(int listener) {
  for (;;) {
    const int descriptor = accept_socket(listener);
    if (descriptor >= 0) return descriptor;
    // The peer gave up between its SYN and now, or a signal came: the next one may be fine.
    if (descriptor == -EINTR || descriptor == -ECONNABORTED || descriptor == -EPROTO) continue;
    return would_block(-descriptor) ? -EAGAIN : descriptor;
  }
}

int32_t send_bytes(int descriptor, iovec* vectors, int count) {
  msghdr message{};
  message.msg_iov = vectors;
  message.msg_iovlen = static_cast<decltype(message.msg_iovlen)>(count);
  for (;;) {
    // send() for a single piece, because sendmsg() first copies and checks the message header.
    const ssize_t sent = count == 1 ? ::send(descriptor, vectors->iov_base,
                                             std::min(vectors->iov_len, kSendMax), kSendFlags)
                                    : ::sendmsg(descriptor, &message, kSendFlags);
    if (sent >= 0) return static_cast<int32_t>(sent);
    if (would_block(errno)) return -EAGAIN;
    if (send_again(errno)) continue;
    if (errno != EPIPE) return -errno;
    // For a reset connection, Linux has the reset as the socket's error; other systems only report
    // EPIPE.
    const int reason = socket_error(descriptor);
    return reason != 0 ? reason : -EPIPE;
  }
}

int32_t receive_bytes(int descriptor, uint8_t* into, uint32_t size) {
  for (;;) {
    const ssize_t received = ::recv(descriptor, into, size, MSG_DONTWAIT);
    if (received >= 0) return static_cast<int32_t>(received);
    if (errno != EINTR) return would_block(errno) ? -EAGAIN : -errno;
  }
}

bool has_input(int descriptor) {
  uint8_t byte;
  return ::recv(descriptor, &byte, 1, MSG_PEEK | MSG_DONTWAIT) >= 0 || !would_block(errno);
}

int socket_error(int descriptor) {
  int error = 0;
  socklen_t size = sizeof(error);
  if (getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &error, &size) != 0) return -errno;
  return -error;
}

int end_sending(int descriptor) { return ::shutdown(descriptor, SHUT_WR) == 0 ? 0 : -errno; }

int check_descriptor(int descriptor) { return fcntl(descriptor, F_GETFD) < 0 ? -errno : 0; }

void close_descriptor(int descriptor) { ::close(descriptor); }

namespace {

// Options that differ between IPv4 and IPv6.
struct FamilyOption {
  const char* name;
  int option4;
  int option6;
};
constexpr FamilyOption kFamilyOptions[] = {
    {"ttl", IP_TTL, IPV6_UNICAST_HOPS},
    {"multicastTtl", IP_MULTICAST_TTL, IPV6_MULTICAST_HOPS},
    {"multicastLoopback", IP_MULTICAST_LOOP, IPV6_MULTICAST_LOOP},
};

int set_by_family(int descriptor, const FamilyOption& option, int value) {
  Address local;
  const int error = read_address(descriptor, layout::kAddressLocal, &local);
  if (error != 0) return error;
  if (local.family() == AF_INET6) {
    return set_integer(descriptor, IPPROTO_IPV6, option.option6, value);
  }
  if (option.option4 == IP_TTL) return set_integer(descriptor, IPPROTO_IP, IP_TTL, value);
  // BSD systems require one byte, and Linux accepts it.
  const uint8_t byte = static_cast<uint8_t>(value);
  return setsockopt(descriptor, IPPROTO_IP, option.option4, &byte, sizeof(byte)) == 0 ? 0 : -errno;
}

}  // namespace

int set_option(int descriptor, const char* name, int value) {
  if (std::strcmp(name, "receiveBuffer") == 0) {
    return unless_gone(set_buffer(descriptor, SO_RCVBUF, value));
  }
  if (std::strcmp(name, "sendBuffer") == 0) {
    return unless_gone(set_buffer(descriptor, SO_SNDBUF, value));
  }
  for (const FamilyOption& option : kFamilyOptions) {
    if (std::strcmp(name, option.name) == 0) return set_by_family(descriptor, option, value);
  }
  return unless_gone(set_socket_option(descriptor, name, value));
}

int read_address(int descriptor, uint32_t which, Address* out) {
  *out = Address{};
  out->length = sizeof(out->storage);
  sockaddr* storage = reinterpret_cast<sockaddr*>(&out->storage);
  const int outcome = which == layout::kAddressPeer
                          ? getpeername(descriptor, storage, &out->length)
                          : getsockname(descriptor, storage, &out->length);
  return outcome == 0 ? 0 : -errno;
}

uint32_t unconfirmed_bytes(int descriptor) {
#if defined(SIOCOUTQ)
  int bytes = 0;
  if (ioctl(descriptor, SIOCOUTQ, &bytes) == 0 && bytes > 0) return static_cast<uint32_t>(bytes);
#elif defined(FIONWRITE)
  int bytes = 0;
  if (ioctl(descriptor, FIONWRITE, &bytes) == 0 && bytes > 0) return static_cast<uint32_t>(bytes);
#elif defined(SO_NWRITE)
  int bytes = 0;
  socklen_t length = sizeof(bytes);
  if (getsockopt(descriptor, SOL_SOCKET, SO_NWRITE, &bytes, &length) == 0 && bytes > 0) {
    return static_cast<uint32_t>(bytes);
  }
#else
  static_cast<void>(descriptor);
#endif
  return 0;
}

}  // namespace oxbow
