#include "net/sockets.h"

#include <cerrno>
#include <cstring>

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>
#if defined(__linux__)
#include <linux/sockios.h>
#endif

#include "ring/layout.h"

namespace oxbow {
namespace {

int open_socket(int family) {
  const int descriptor = ::socket(family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  return descriptor >= 0 ? descriptor : -errno;
}

int set_integer(int descriptor, int level, int option, int value) {
  return setsockopt(descriptor, level, option, &value, sizeof(value)) == 0 ? 0 : -errno;
}

int configure_listener(int descriptor, const Address& address, uint32_t flags, int backlog) {
  int error = 0;
  if ((flags & layout::kSocketReuseAddress) != 0) {
    error = set_integer(descriptor, SOL_SOCKET, SO_REUSEADDR, 1);
  }
  if (error == 0 && (flags & layout::kSocketReusePort) != 0) {
    error = set_integer(descriptor, SOL_SOCKET, SO_REUSEPORT, 1);
  }
  if (error == 0 && address.family() == AF_INET6) {
    const int only = (flags & layout::kSocketOnly6) != 0 ? 1 : 0;
    error = set_integer(descriptor, IPPROTO_IPV6, IPV6_V6ONLY, only);
  }
  // Accepted sockets inherit this, which saves a system call for each.
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
  int error = set_integer(descriptor, IPPROTO_TCP, TCP_NODELAY, 1);
  if (error == 0 && local != nullptr &&
      ::bind(descriptor, local->get(), local->length) != 0) {
    error = -errno;
  }
  if (error == 0) return descriptor;
  ::close(descriptor);
  return error;
}

int set_option(int descriptor, const char* name, int value) {
  if (std::strcmp(name, "noDelay") == 0) {
    return set_integer(descriptor, IPPROTO_TCP, TCP_NODELAY, value);
  }
  if (std::strcmp(name, "keepAlive") == 0) {
    return set_integer(descriptor, SOL_SOCKET, SO_KEEPALIVE, value);
  }
  if (std::strcmp(name, "receiveBuffer") == 0) {
    return set_integer(descriptor, SOL_SOCKET, SO_RCVBUF, value);
  }
  if (std::strcmp(name, "sendBuffer") == 0) {
    return set_integer(descriptor, SOL_SOCKET, SO_SNDBUF, value);
  }
  return -EINVAL;
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
