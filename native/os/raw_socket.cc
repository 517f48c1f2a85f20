#include "os/raw_socket.h"

#include <algorithm>
#include <cerrno>

#include <fcntl.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "os/calls.h"

namespace oxbow {
namespace {

struct Type {
  const char* name;
  int number;
};

constexpr Type kTypes[] = {
    {"stream", SOCK_STREAM}, {"datagram", SOCK_DGRAM}, {"seqpacket", SOCK_SEQPACKET}};

// -1 for an unknown type.
int type_number(const std::string& name) {
  for (const Type& type : kTypes) {
    if (name == type.name) return type.number;
  }
  return -1;
}

int family_number(int family) {
  if (family == 4) return AF_INET;
  if (family == 6) return AF_INET6;
  return family == 0 ? AF_UNIX : -1;
}

int error_of(int result) { return result == 0 ? 0 : -errno; }

// Returns the prepared descriptor; or closes it and returns the error.
int prepared(int descriptor) {
  const int error = prepare_raw_socket(descriptor);
  if (error == 0) return descriptor;
  ::close(descriptor);
  return error;
}

int integer_option(int descriptor, int number, int* value) {
  socklen_t size = sizeof(*value);
  return error_of(getsockopt(descriptor, SOL_SOCKET, number, value, &size));
}

}  // namespace

int open_raw_socket(const SocketKind& kind) {
  const int family = family_number(kind.family);
  const int type = type_number(kind.type);
  if (family < 0) return -EAFNOSUPPORT;
  if (type < 0) return -EPROTOTYPE;
  const int descriptor = ::socket(family, type, kind.protocol);
  return descriptor < 0 ? -errno : prepared(descriptor);
}

int open_raw_pair(const std::string& type, int ends[2]) {
  const int number = type_number(type);
  if (number < 0) return -EPROTOTYPE;
  if (socketpair(AF_UNIX, number, 0, ends) != 0) return -errno;
  for (int n = 0; n < 2; n++) {
    const int error = prepare_raw_socket(ends[n]);
    if (error == 0) continue;
    for (int each = 0; each < 2; each++) ::close(ends[each]);
    return error;
  }
  return 0;
}

int examine_raw_socket(int descriptor, SocketKind* kind) {
  int type = 0;
  int error = integer_option(descriptor, SO_TYPE, &type);
  if (error != 0) return error;
  sockaddr_storage address{};
  socklen_t size = sizeof(address);
  if (getsockname(descriptor, reinterpret_cast<sockaddr*>(&address), &size) != 0) return -errno;
  const int family = address.ss_family;
  if (family != AF_INET && family != AF_INET6 && family != AF_UNIX) return -EAFNOSUPPORT;
  kind->family = family == AF_INET ? 4 : family == AF_INET6 ? 6 : 0;
  kind->type.clear();
  for (const Type& each : kTypes) {
    if (each.number == type) kind->type = each.name;
  }
  if (kind->type.empty()) return -EPROTOTYPE;
#if defined(SO_PROTOCOL)
  if (integer_option(descriptor, SO_PROTOCOL, &kind->protocol) != 0) kind->protocol = 0;
#endif
  int listens = 0;
  // A datagram socket may not support the option.
  if (integer_option(descriptor, SO_ACCEPTCONN, &listens) != 0) listens = 0;
  kind->listens = listens != 0;
  return 0;
}

int prepare_raw_socket(int descriptor) {
  const int flags = fcntl(descriptor, F_GETFL);
  if (flags < 0 || fcntl(descriptor, F_SETFD, FD_CLOEXEC) != 0) return -errno;
  if (fcntl(descriptor, F_SETFL, flags | O_NONBLOCK) != 0) return -errno;
#if defined(SO_NOSIGPIPE)
  const int on = 1;
  if (setsockopt(descriptor, SOL_SOCKET, SO_NOSIGPIPE, &on, sizeof(on)) != 0 && errno != EINVAL) {
    return -errno;
  }
#endif
  return 0;
}

int duplicate_raw_socket(int descriptor) {
  const int copy = fcntl(descriptor, F_DUPFD_CLOEXEC, 0);
  return copy < 0 ? -errno : copy;
}

int bind_raw_socket(int descriptor, const Address& address) {
  return error_of(::bind(descriptor, address.get(), address.length));
}

int listen_raw_socket(int descriptor, int backlog) {
  return error_of(::listen(descriptor, backlog));
}

int shut_raw_socket(int descriptor, int how) {
  static constexpr int kHow[] = {SHUT_RD, SHUT_WR, SHUT_RDWR};
  return how < 0 || how > 2 ? -EINVAL : error_of(::shutdown(descriptor, kHow[how]));
}

int32_t receive_raw(int descriptor, uint8_t* into, uint32_t size, Address* from) {
  for (;;) {
    ssize_t received;
    if (from == nullptr) {
      received = ::recv(descriptor, into, size, 0);
    } else {
      *from = Address{};
      from->length = sizeof(from->storage);
      received = ::recvfrom(descriptor, into, size, 0, reinterpret_cast<sockaddr*>(&from->storage),
                            &from->length);
    }
    if (received >= 0) return static_cast<int32_t>(received);
    if (errno != EINTR) return would_block(errno) ? -EAGAIN : -errno;
  }
}

int32_t send_raw(int descriptor, const uint8_t* data, uint32_t size, const Address* to) {
  for (;;) {
    const ssize_t sent =
        ::sendto(descriptor, data, size, kNoSignal, to == nullptr ? nullptr : to->get(),
                 to == nullptr ? 0 : to->length);
    if (sent >= 0) return static_cast<int32_t>(sent);
    if (errno != EINTR) return would_block(errno) ? -EAGAIN : -errno;
  }
}

}  // namespace oxbow
