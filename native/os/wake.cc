#include "os/wake.h"

#include <cerrno>
#include <cstdint>

#if defined(__linux__)
#include <sys/eventfd.h>
#endif
#include <unistd.h>

#include "base/assert.h"
#include "os/sockets.h"

namespace oxbow {

WakeDescriptor::~WakeDescriptor() {
  if (read_ >= 0) ::close(read_);
  if (write_ >= 0 && write_ != read_) ::close(write_);
}

int WakeDescriptor::open() {
#if defined(__linux__)
  read_ = write_ = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
  return read_ < 0 ? -errno : 0;
#else
  int ends[2];
  const int error = open_pipe(ends);
  if (error != 0) return error;
  read_ = ends[0];
  write_ = ends[1];
  return 0;
#endif
}

void WakeDescriptor::wake() {
  if (woken_.exchange(true, std::memory_order_acq_rel)) return;
  const uint64_t one = 1;
  ssize_t size;
  do {
    size = ::write(write_, &one, sizeof(one));
  } while (size < 0 && errno == EINTR);
}

void WakeDescriptor::clear() {
  uint64_t ignored;
  // A wake() between the read and the exchange is not lost: what it announces was posted before,
  // and the sleeping thread checks its mailboxes after every wait.
  const ssize_t size = ::read(read_, &ignored, sizeof(ignored));
  OXBOW_ASSERT(size == sizeof(ignored) || errno == EAGAIN || errno == EINTR);
  // An exchange, not a store: a wake() in between has set `true`, and reading that value makes what
  // it announces visible here. A store could be reordered after the check of the mailbox.
  woken_.exchange(false, std::memory_order_acq_rel);
}

}  // namespace oxbow
