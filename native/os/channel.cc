#include "os/channel.h"

#include <algorithm>
#include <cerrno>
#include <climits>
#include <csignal>
#include <cstdio>
#include <cstring>

#include <fcntl.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "os/calls.h"
#include "os/sockets.h"
#include "ring/layout.h"

namespace oxbow {
namespace {

// How many bytes a channel that may block is sure to take when poll() says that it is writable.
constexpr size_t kCertain = PIPE_BUF;
// The most that one call writes, because its result is returned as an int.
constexpr size_t kBytesMax = size_t{1} << 30;

bool is_streaming_socket(int descriptor) {
  int type = 0;
  int listens = 0;
  socklen_t size = sizeof(type);
  if (getsockopt(descriptor, SOL_SOCKET, SO_TYPE, &type, &size) != 0) return false;
  size = sizeof(listens);
  if (getsockopt(descriptor, SOL_SOCKET, SO_ACCEPTCONN, &listens, &size) != 0) listens = 0;
  return type == SOCK_STREAM && listens == 0;
}

uint32_t kind_of(int descriptor, mode_t mode) {
  if (S_ISSOCK(mode)) {
    return is_streaming_socket(descriptor) ? layout::kDescriptorSocket : layout::kDescriptorOther;
  }
  if (S_ISFIFO(mode)) return layout::kDescriptorPipe;
  if (S_ISREG(mode) || S_ISBLK(mode)) return layout::kDescriptorFile;
  if (!S_ISCHR(mode)) return layout::kDescriptorOther;
  return isatty(descriptor) == 1 ? layout::kDescriptorTerminal : layout::kDescriptorDevice;
}

uint32_t directions_of(int flags) {
  switch (flags & O_ACCMODE) {
    case O_RDONLY:
      return layout::kDescriptorReadable;
    case O_WRONLY:
      return layout::kDescriptorWritable;
    default:
      return layout::kDescriptorReadable | layout::kDescriptorWritable;
  }
}

// Whether it is the master side of a pseudo-terminal: opening that again would create another
// terminal.
bool is_master(int descriptor) {
#if defined(TIOCGPTN)
  int number = 0;
  return ioctl(descriptor, TIOCGPTN, &number) == 0;
#elif defined(TIOCPTYGNAME)
  char name[128];
  return ioctl(descriptor, TIOCPTYGNAME, &name) == 0;
#elif defined(TIOCPTMASTER)
  return ioctl(descriptor, TIOCPTMASTER) == 0;
#else
  static_cast<void>(descriptor);
  return true;
#endif
}

// Whether a short read may leave data behind: a terminal returns one line per read, and a packet
// pipe one packet.
bool gives_pieces(uint32_t kind, int flags) {
  if (kind != layout::kDescriptorPipe) return kind != layout::kDescriptorSocket;
#if defined(__linux__) && defined(O_DIRECT)
  return (flags & O_DIRECT) != 0;
#else
  static_cast<void>(flags);
  return false;
#endif
}

// Opens the same pipe or terminal again, as a descriptor that does not share its flags with the
// original; or negative errno. O_NONBLOCK belongs to the open file description, not to the
// descriptor: set on a terminal, it would also affect the shell and every child.
int open_again(int descriptor, uint32_t kind, int flags) {
  const int mode = (flags & O_ACCMODE) | O_NONBLOCK | O_CLOEXEC | O_NOCTTY;
  if (kind == layout::kDescriptorTerminal && is_master(descriptor)) return -EINVAL;
  int opened = -1;
#if defined(__linux__)
  if ((flags & O_PATH) != 0) return -EBADF;
  char path[32];
  std::snprintf(path, sizeof(path), "/proc/self/fd/%d", descriptor);
  opened = ::open(path, mode);
#else
  if (kind != layout::kDescriptorTerminal) return -EINVAL;
  char path[256];
  const int error = ttyname_r(descriptor, path, sizeof(path));
  if (error != 0) return -error;
  opened = ::open(path, mode);
#endif
  return opened >= 0 ? opened : -errno;
}

int duplicate(int descriptor) {
  const int copy = fcntl(descriptor, F_DUPFD_CLOEXEC, 3);
  return copy >= 0 ? copy : -errno;
}

// Sets O_NONBLOCK and close-on-exec. On an error nothing has changed.
int make_own(int descriptor, int flags) {
  const int before = fcntl(descriptor, F_GETFD);
  if (before < 0 || fcntl(descriptor, F_SETFD, before | FD_CLOEXEC) != 0) return -errno;
  if (fcntl(descriptor, F_SETFL, flags | O_NONBLOCK) == 0) return 0;
  const int error = -errno;
  fcntl(descriptor, F_SETFD, before);
  return error;
}

// Makes writing to a pipe or socket without a reader an error instead of SIGPIPE.
void prevent_signal(int descriptor, bool is_socket) {
#if defined(__APPLE__)
  int on = 1;
  if (is_socket) {
    setsockopt(descriptor, SOL_SOCKET, SO_NOSIGPIPE, &on, sizeof(on));
  } else {
    fcntl(descriptor, F_SETNOSIGPIPE, on);
  }
#else
  static_cast<void>(descriptor);
  static_cast<void>(is_socket);
#endif
}

// write() has no MSG_NOSIGNAL. Node ignores SIGPIPE, but a program that listens for it and then
// stops listening restores the default, which ends the process.
void ignore_signal() {
#if !defined(__APPLE__)
  struct sigaction now;
  if (sigaction(SIGPIPE, nullptr, &now) == 0 && (now.sa_flags & SA_SIGINFO) == 0 &&
      now.sa_handler == SIG_DFL) {
    signal(SIGPIPE, SIG_IGN);
  }
#endif
}

// 0, or -EAGAIN if a call would block.
int ask(int descriptor, short events) {
  pollfd one{descriptor, events, 0};
  int ready;
  do {
    ready = ::poll(&one, 1, 0);
  } while (ready < 0 && errno == EINTR);
  return ready > 0 ? 0 : -EAGAIN;
}

int open_shared(int descriptor, uint32_t kind, int flags, Channel* channel) {
  if (kind == layout::kDescriptorPipe || kind == layout::kDescriptorTerminal) {
    const int again = open_again(descriptor, kind, flags);
    if (again >= 0) {
      // The new descriptor gets no events for what happened before it was opened.
      *channel |= kChannelTry;
      return again;
    }
  }
  if (kind != layout::kDescriptorSocket) *channel |= kChannelAsk | kChannelPieces;
  return duplicate(descriptor);
}

// Opens the terminal again, and puts the result under the original descriptor number.
int open_own_terminal(int descriptor, int flags, Channel* channel) {
  const int again = open_again(descriptor, layout::kDescriptorTerminal, flags);
  if (again < 0) {
    if (is_master(descriptor)) return make_own(descriptor, flags);
    *channel |= kChannelAsk;
    return 0;
  }
#if defined(__APPLE__)
  const int outcome =
      ::dup2(again, descriptor) < 0 || fcntl(descriptor, F_SETFD, FD_CLOEXEC) != 0 ? -errno : 0;
#else
  const int outcome = ::dup3(again, descriptor, O_CLOEXEC) < 0 ? -errno : 0;
#endif
  ::close(again);
  *channel |= kChannelTry;
  return outcome;
}

}  // namespace

int examine_descriptor(int descriptor) {
  struct stat about;
  if (fstat(descriptor, &about) != 0) return -errno;
  const int flags = fcntl(descriptor, F_GETFL);
  if (flags < 0) return -errno;
#if defined(O_PATH)
  if ((flags & O_PATH) != 0) return layout::kDescriptorOther;
#endif
  return static_cast<int>(kind_of(descriptor, about.st_mode) | directions_of(flags));
}

int open_channel(int descriptor, uint32_t traits, Channel* channel) {
  const uint32_t kind = traits & layout::kDescriptorKind;
  const int flags = fcntl(descriptor, F_GETFL);
  if (flags < 0) return -errno;
  *channel = 0;
  if (kind != layout::kDescriptorSocket) *channel |= kChannelPlain;
  if ((traits & layout::kDescriptorReadable) == 0) *channel |= kChannelWriteOnly;
  if ((traits & layout::kDescriptorWritable) == 0) *channel |= kChannelReadOnly;
  if (gives_pieces(kind, flags)) *channel |= kChannelPieces;
  if (kind == layout::kDescriptorFile) *channel |= kChannelFile;
  if (kind == layout::kDescriptorDevice) *channel |= kChannelUnsure;
  const bool shared = (traits & layout::kDescriptorShared) != 0;
  if (kind == layout::kDescriptorPipe && !shared) *channel |= kChannelPipe;

  int own = descriptor;
  int error = 0;
  if (shared) {
    own = open_shared(descriptor, kind, flags, channel);
    if (own < 0) error = own;
  } else if (kind == layout::kDescriptorTerminal) {
    error = open_own_terminal(descriptor, flags, channel);
  } else {
    error = make_own(descriptor, flags);
  }
  if (error != 0) return error;
  if ((*channel & kChannelReadOnly) == 0) prevent_signal(own, kind == layout::kDescriptorSocket);
  return own;
}

int32_t write_channel(int descriptor, Channel channel, iovec* vectors, int count) {
  if ((channel & kChannelPlain) == 0) return send_bytes(descriptor, vectors, count);
  ignore_signal();
  const bool asks = (channel & kChannelAsk) != 0 && (channel & kChannelFile) == 0;
  if (asks && ask(descriptor, POLLOUT) != 0) return -EAGAIN;
  for (;;) {
    const ssize_t written = asks || count == 1
                                ? ::write(descriptor, vectors->iov_base,
                                          std::min(vectors->iov_len, asks ? kCertain : kBytesMax))
                                : ::writev(descriptor, vectors, std::min(count, IOV_MAX));
    if (written >= 0) return static_cast<int32_t>(written);
    if (errno != EINTR) return would_block(errno) ? -EAGAIN : -errno;
  }
}

void widen_pipe([[maybe_unused]] int descriptor) {
#if defined(F_SETPIPE_SZ)
  constexpr int kWide = 4 * kPipeBytes;
  fcntl(descriptor, F_SETPIPE_SZ, kWide);
#endif
}

void wait_writable(int descriptor) {
  pollfd one{descriptor, POLLOUT, 0};
  while (::poll(&one, 1, -1) < 0 && errno == EINTR) {
  }
}

int32_t read_channel(int descriptor, Channel channel, uint8_t* into, uint32_t size) {
  if ((channel & kChannelPlain) == 0) return receive_bytes(descriptor, into, size);
  const bool asks = (channel & kChannelAsk) != 0 && (channel & kChannelFile) == 0;
  if (asks && ask(descriptor, POLLIN) != 0) return -EAGAIN;
  for (;;) {
    const ssize_t read = ::read(descriptor, into, size);
    if (read >= 0) return static_cast<int32_t>(read);
    if (errno == EINTR) continue;
    if (would_block(errno)) return -EAGAIN;
    // Linux reports EIO for a pseudo-terminal whose other side was closed: nothing more will come.
    const bool ended = errno == EIO && isatty(descriptor) == 1;
    return ended ? 0 : -errno;
  }
}

}  // namespace oxbow
