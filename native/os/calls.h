// Helpers for system calls, shared by the files of this folder.
#pragma once

#include <cerrno>

#include <sys/socket.h>

namespace oxbow {

// The flag of sends that makes a peer that has gone an error instead of SIGPIPE.
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

// musl's macro compares a signed with an unsigned number.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wsign-compare"
inline cmsghdr* next_control(msghdr* header, cmsghdr* at) { return CMSG_NXTHDR(header, at); }
#pragma GCC diagnostic pop

}  // namespace oxbow
