#include "driver/epoll.h"

#include <algorithm>
#include <cerrno>

#include <fcntl.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include "base/assert.h"
#include "base/clock.h"
#include "ring/layout.h"

namespace oxbow {
namespace {

// Events taken at one wait. More stay in the kernel for the next turn.
constexpr int kEventsMax = 512;

}  // namespace

EpollDriver::~EpollDriver() {
  for (const int descriptor : {epoll_, timer_, wake_}) {
    if (descriptor >= 0) ::close(descriptor);
  }
}

int EpollDriver::open(ReceiveBuffers* buffers) {
  readiness_ = std::make_unique<Readiness>(this, buffers);
  epoll_ = epoll_create1(EPOLL_CLOEXEC);
  if (epoll_ < 0) return -errno;
  timer_ = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
  if (timer_ < 0) return -errno;
  wake_ = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
  if (wake_ < 0) return -errno;
  for (const int descriptor : {timer_, wake_}) {
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.fd = descriptor;
    if (epoll_ctl(epoll_, EPOLL_CTL_ADD, descriptor, &event) != 0) return -errno;
  }
  return 0;
}

int64_t EpollDriver::now_ns() const { return monotonic_ns(); }

int EpollDriver::watch(int descriptor, Mode mode, uint32_t events, bool again) {
  epoll_event event{};
  event.data.fd = descriptor;
  switch (mode) {
    case Mode::kEdge:
      event.events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET;
      break;
    case Mode::kLevelIn:
      event.events = EPOLLIN;
      break;
    case Mode::kOneShot:
      event.events = EPOLLONESHOT;
      if ((events & layout::kPollIn) != 0) event.events |= EPOLLIN | EPOLLRDHUP;
      if ((events & layout::kPollOut) != 0) event.events |= EPOLLOUT;
      break;
  }
  const int action = again ? EPOLL_CTL_MOD : EPOLL_CTL_ADD;
  return epoll_ctl(epoll_, action, descriptor, &event) == 0 ? 0 : -errno;
}

void EpollDriver::forget(int descriptor) {
  // The descriptor may have been closed by its owner (addReader): then epoll has forgotten it.
  epoll_ctl(epoll_, EPOLL_CTL_DEL, descriptor, nullptr);
}

void EpollDriver::release(int descriptor, bool owns) {
  readiness_->release(descriptor);
  if (owns) ::close(descriptor);
}

int EpollDriver::shutdown(int descriptor) {
  return ::shutdown(descriptor, SHUT_WR) == 0 ? 0 : -errno;
}

int EpollDriver::pair(int ends[2]) {
  const int type = SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC;
  return socketpair(AF_UNIX, type, 0, ends) == 0 ? 0 : -errno;
}

void EpollDriver::read_own(int descriptor) {
  uint64_t ignored;
  // A wake() between the read and the store is not lost: what it announces was posted before, and
  // the engine looks at its mailboxes after every wait.
  const ssize_t size = ::read(descriptor, &ignored, sizeof(ignored));
  OXBOW_ASSERT(size == sizeof(ignored) || errno == EAGAIN || errno == EINTR);
  if (descriptor == timer_) armed_ns_ = kForever;
  // An exchange, not a store: a wake() that came in between has left `true`, and reading that makes
  // what it announces visible here. A store could be overtaken by the engine's look at the mailbox.
  if (descriptor == wake_) woken_.exchange(false, std::memory_order_acq_rel);
}

int EpollDriver::wait(int64_t deadline_ns, OpList* completed) {
  epoll_event events[kEventsMax];
  int timeout_ms = 0;
  if (deadline_ns != kNow && !readiness_->has_retries()) {
    arm(deadline_ns);
    timeout_ms = -1;
  }
  int count;
  do {
    count = epoll_wait(epoll_, events, kEventsMax, timeout_ms);
  } while (count < 0 && errno == EINTR && timeout_ms == 0);
  if (count < 0) {
    OXBOW_ASSERT(errno == EINTR);  // a signal: let the caller look around
    count = 0;
  }
  // First what waited longer.
  if (readiness_->has_retries()) readiness_->retry(completed);
  for (int n = 0; n < count; n++) {
    const int descriptor = events[n].data.fd;
    const uint32_t mask = events[n].events;
    if (descriptor == timer_ || descriptor == wake_) {
      read_own(descriptor);
      continue;
    }
    // An error or a hang-up wakes both directions: each finds out by its own system call.
    const bool broken = (mask & (EPOLLERR | EPOLLHUP)) != 0;
    readiness_->on_event(descriptor,
                         {.readable = broken || (mask & EPOLLIN) != 0,
                          .writable = broken || (mask & EPOLLOUT) != 0,
                          .hung_up = broken || (mask & EPOLLRDHUP) != 0},
                         completed);
  }
  return 0;
}

void EpollDriver::wake() {
  if (woken_.exchange(true, std::memory_order_acq_rel)) return;
  const uint64_t one = 1;
  ssize_t size;
  do {
    size = ::write(wake_, &one, sizeof(one));
  } while (size < 0 && errno == EINTR);
}

void EpollDriver::arm(int64_t deadline_ns) {
  // An earlier alarm that is still set does no harm: it wakes us once too often. Setting it back
  // for every timer that is cancelled would cost a system call each time.
  if (deadline_ns >= armed_ns_) return;
  armed_ns_ = deadline_ns;
  const int64_t absolute = std::max<int64_t>(deadline_ns, 0) + monotonic_epoch_ns();
  itimerspec alarm{};
  alarm.it_value.tv_sec = absolute / 1000000000;
  alarm.it_value.tv_nsec = absolute % 1000000000;
  const int outcome = timerfd_settime(timer_, TFD_TIMER_ABSTIME, &alarm, nullptr);
  OXBOW_ASSERT(outcome == 0);
}

}  // namespace oxbow
