// Features that only Unix sockets have.
#pragma once

#include <cstdint>

namespace oxbow {

// The identity of the peer, as of the time when it connected.
struct Credentials {
  int64_t process = -1;  // -1 if the system does not tell
  uint32_t user = 0;
  uint32_t group = 0;
};

// 0, or negative errno: -ENOTSOCK, or -EOPNOTSUPP for an IP socket.
int peer_credentials(int descriptor, Credentials* out);

}  // namespace oxbow
