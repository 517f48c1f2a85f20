#include "os/send_file.h"

#include <cerrno>

#include <sys/socket.h>
#include <sys/types.h>
#if defined(__linux__)
#include <sys/sendfile.h>
#else
#include <sys/uio.h>
#endif

#include "os/sockets.h"

namespace oxbow {
namespace {

// Returns how many bytes were sent; -1 with errno if none were.
ssize_t take(int descriptor, int file, off_t offset, size_t count) {
#if defined(__linux__)
  return ::sendfile(descriptor, file, &offset, count);
#else
  // These systems report a partial transfer (no more room, or interrupted) as an error.
  off_t sent = static_cast<off_t>(count);
#if defined(__APPLE__)
  const int result = ::sendfile(file, descriptor, offset, &sent, nullptr, 0);
#else
  sent = 0;
  const int result = ::sendfile(file, descriptor, offset, count, nullptr, &sent, 0);
#endif
  if (result == 0) return static_cast<ssize_t>(sent);
  const bool partly = errno == EAGAIN || errno == EINTR || errno == EBUSY;
  return partly && sent > 0 ? static_cast<ssize_t>(sent) : -1;
#endif
}

}  // namespace

int32_t send_file(int descriptor, int file, int64_t offset, uint32_t count) {
  for (;;) {
    const ssize_t sent = take(descriptor, file, static_cast<off_t>(offset), count);
    if (sent >= 0) return static_cast<int32_t>(sent);
    switch (errno) {
      case EINTR:
        continue;
      case EBUSY:
        return -EAGAIN;
      case EINVAL:    // a file that cannot be mapped
      case ENOSYS:    // not supported by the system
      case ENOTSOCK:  // the target is a pipe, but must be a socket
      case ESPIPE:    // the file is a pipe
      case EOPNOTSUPP:
        return -EOPNOTSUPP;
      case EPIPE: {
        const int reason = socket_error(descriptor);
        return reason != 0 ? reason : -EPIPE;
      }
      default:
        return errno == EAGAIN || errno == EWOULDBLOCK ? -EAGAIN : -errno;
    }
  }
}

}  // namespace oxbow
