// What sockets within this machine have beyond those of a network.
#pragma once

#include <cstdint>

namespace oxbow {

// Who is at the other end: as of when it connected.
struct Credentials {
  int64_t process = -1;  // -1 where the system does not say
  uint32_t user = 0;
  uint32_t group = 0;
};

// 0, or negative errno: -ENOTSOCK, or -EOPNOTSUPP for a socket of a network.
int peer_credentials(int descriptor, Credentials* out);

}  // namespace oxbow
