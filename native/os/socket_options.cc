#include "os/socket_options.h"

#include <cerrno>
#include <cstring>

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

namespace oxbow {
namespace {

// For options that a platform lacks.
constexpr int kNone = -1;

#if defined(__APPLE__)
constexpr int kKeepIdle = TCP_KEEPALIVE;
#else
constexpr int kKeepIdle = TCP_KEEPIDLE;
#endif

#if defined(TCP_USER_TIMEOUT)
constexpr int kUserTimeout = TCP_USER_TIMEOUT;
#else
constexpr int kUserTimeout = kNone;
#endif

struct Option {
  const char* name;
  int level;
  int number;
};

constexpr Option kOptions[] = {
    {"reuseAddress", SOL_SOCKET, SO_REUSEADDR},
    {"reusePort", SOL_SOCKET, SO_REUSEPORT},
    {"keepAlive", SOL_SOCKET, SO_KEEPALIVE},
    {"keepIdle", IPPROTO_TCP, kKeepIdle},
    {"keepInterval", IPPROTO_TCP, TCP_KEEPINTVL},
    {"keepCount", IPPROTO_TCP, TCP_KEEPCNT},
    {"noDelay", IPPROTO_TCP, TCP_NODELAY},
    {"userTimeout", IPPROTO_TCP, kUserTimeout},
    {"ipv6Only", IPPROTO_IPV6, IPV6_V6ONLY},
    {"broadcast", SOL_SOCKET, SO_BROADCAST},
    {"receiveBuffer", SOL_SOCKET, SO_RCVBUF},
    {"sendBuffer", SOL_SOCKET, SO_SNDBUF},
    {"receiveLowWater", SOL_SOCKET, SO_RCVLOWAT},
    {"linger", SOL_SOCKET, SO_LINGER},
    {"error", SOL_SOCKET, SO_ERROR},
    {"listening", SOL_SOCKET, SO_ACCEPTCONN},
};

const Option* find(const char* name) {
  for (const Option& option : kOptions) {
    if (std::strcmp(option.name, name) == 0) return &option;
  }
  return nullptr;
}

bool is_linger(const Option& option) {
  return option.level == SOL_SOCKET && option.number == SO_LINGER;
}

}  // namespace

int set_socket_option(int descriptor, const char* name, int value) {
  const Option* option = find(name);
  if (option == nullptr) return -EINVAL;
  if (option->number == kNone) return -ENOPROTOOPT;
  if (!is_linger(*option)) {
    const int result = setsockopt(descriptor, option->level, option->number, &value, sizeof(value));
    return result == 0 ? 0 : -errno;
  }
  linger wait{};
  wait.l_onoff = value < 0 ? 0 : 1;
  wait.l_linger = value < 0 ? 0 : value;
  return setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &wait, sizeof(wait)) == 0 ? 0 : -errno;
}

int get_socket_option(int descriptor, const char* name, int* value) {
  const Option* option = find(name);
  if (option == nullptr) return -EINVAL;
  if (option->number == kNone) return -ENOPROTOOPT;
  *value = 0;
  if (!is_linger(*option)) {
    socklen_t size = sizeof(*value);
    const int result = getsockopt(descriptor, option->level, option->number, value, &size);
    return result == 0 ? 0 : -errno;
  }
  linger wait{};
  socklen_t size = sizeof(wait);
  if (getsockopt(descriptor, SOL_SOCKET, SO_LINGER, &wait, &size) != 0) return -errno;
  *value = wait.l_onoff == 0 ? -1 : wait.l_linger;
  return 0;
}

}  // namespace oxbow
