#include "driver/epoll.h"

#include <algorithm>
#include <cerrno>

#include <sys/epoll.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include "base/assert.h"
#include "base/clock.h"
#include "driver/driver.h"
#include "ring/layout.h"

namespace oxbow {
Epoll::~Epoll() {
  for (const int descriptor : {epoll_, timer_}) {
    if (descriptor >= 0) ::close(descriptor);
  }
}

int Epoll::open() {
  epoll_ = epoll_create1(EPOLL_CLOEXEC);
  if (epoll_ < 0) return -errno;
  timer_ = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
  if (timer_ < 0) return -errno;
  const int error = wake_.open();
  if (error != 0) return error;
  for (const int descriptor : {timer_, wake_.descriptor()}) {
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.fd = descriptor;
    if (epoll_ctl(epoll_, EPOLL_CTL_ADD, descriptor, &event) != 0) return -errno;
  }
  return 0;
}

int Epoll::watch(int descriptor, Mode mode, uint32_t events, bool again) {
  epoll_event event{};
  event.data.fd = descriptor;
  switch (mode) {
    case Mode::kEdge:
      event.events = EPOLLET;
      if ((events & layout::kPollIn) != 0) event.events |= EPOLLIN | EPOLLRDHUP;
      if ((events & layout::kPollOut) != 0) event.events |= EPOLLOUT;
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
  if (again && epoll_ctl(epoll_, EPOLL_CTL_MOD, descriptor, &event) == 0) return 0;
  // Its owner may have closed it, and the number be that of another file by now.
  if (again && errno != ENOENT) return -errno;
  return epoll_ctl(epoll_, EPOLL_CTL_ADD, descriptor, &event) == 0 ? 0 : -errno;
}

void Epoll::forget(int descriptor, bool) {
  // Closing would not do: a child that has inherited the socket keeps its registration alive.
  // The descriptor may have been closed by its owner (addReader): then epoll has forgotten it.
  epoll_ctl(epoll_, EPOLL_CTL_DEL, descriptor, nullptr);
}

void Epoll::clear_timer() {
  uint64_t ignored;
  const ssize_t size = ::read(timer_, &ignored, sizeof(ignored));
  OXBOW_ASSERT(size == sizeof(ignored) || errno == EAGAIN || errno == EINTR);
  armed_ns_ = Clock::kNever;
}

int Epoll::wait(int64_t deadline_ns, Event* out, int most) {
  epoll_event events[kEventsMax];
  int timeout_ms = 0;
  if (deadline_ns != Driver::kNow) {
    arm(deadline_ns);
    timeout_ms = -1;
  }
  int count;
  do {
    count = epoll_wait(epoll_, events, std::min(most, kEventsMax), timeout_ms);
  } while (count < 0 && errno == EINTR && timeout_ms == 0);
  if (count < 0) {
    OXBOW_ASSERT(errno == EINTR);  // a signal: let the caller look around
    return 0;
  }
  int told = 0;
  for (int n = 0; n < count; n++) {
    const int descriptor = events[n].data.fd;
    const uint32_t mask = events[n].events;
    if (descriptor == timer_) {
      clear_timer();
    } else if (descriptor == wake_.descriptor()) {
      wake_.clear();
    } else {
      // An error or a hang-up wakes both directions: each finds out by its own system call.
      const bool broken = (mask & (EPOLLERR | EPOLLHUP)) != 0;
      out[told++] = {.descriptor = descriptor,
                     .error = 0,
                     .readable = broken || (mask & EPOLLIN) != 0,
                     .writable = broken || (mask & EPOLLOUT) != 0,
                     .hung_up = broken || (mask & EPOLLRDHUP) != 0,
                     .broken = broken};
    }
  }
  return told;
}

void Epoll::arm(int64_t deadline_ns) {
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
