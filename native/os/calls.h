// What the files of this room share about system calls.
#pragma once

#include <cerrno>

#include <sys/socket.h>

namespace oxbow {

// A flag of sends: a peer that is gone is an error and no signal.
#if defined(MSG_NOSIGNAL)
constexpr int kNoSignal = MSG_NOSIGNAL;
#else
constexpr int kNoSignal = 0;  // SO_NOSIGPIPE instead
#endif

inline bool would_block(int error) { return error == EAGAIN || error == EWOULDBLOCK; }

// 0 or a negative errno.
inline int set_integer(int descriptor, int level, int option, int value) {
  return setsockopt(descriptor, level, option, &value, sizeof(value)) == 0 ? 0 : -errno;
}

// The macro of musl compares a signed with an unsigned number.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wsign-compare"
inline cmsghdr* next_control(msghdr* header, cmsghdr* at) { return CMSG_NXTHDR(header, at); }
#pragma GCC diagnostic pop

}  // namespace oxbow
