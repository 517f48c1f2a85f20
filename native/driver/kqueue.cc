#include "driver/kqueue.h"

#include <algorithm>
#include <cerrno>

#include <fcntl.h>
#include <unistd.h>

#include "base/assert.h"
#include "base/clock.h"
#include "driver/driver.h"
#include "ring/layout.h"

namespace oxbow {
namespace {

// Tags of events: how their descriptor is watched.
constexpr uintptr_t kStays = 0;
constexpr uintptr_t kOnce = 1;
constexpr uintptr_t kOnceBoth = 2;  // when one direction is ready, the other is not wanted any more

constexpr uint64_t kOwnIdent = 0;  // of our timer, and of our user event

constexpr timespec kAtOnce{0, 0};

// From now to a deadline, but a year at most: macOS refuses to wait for more than three, and a
// timer of FreeBSD that ends after its clock does comes at once. To wake too early does no harm.
constexpr int64_t kSpanMaxNs = int64_t{365} * 86'400 * 1'000'000'000;

int64_t left_ns(int64_t deadline_ns) {
  return std::clamp<int64_t>(deadline_ns - monotonic_ns(), 0, kSpanMaxNs);
}

timespec span_of(int64_t ns) {
  timespec span{};
  span.tv_sec = static_cast<time_t>(ns / 1'000'000'000);
  span.tv_nsec = static_cast<long>(ns % 1'000'000'000);
  return span;
}

bool is_of_descriptor(const kernel::Event& event) {
  return event.filter == EVFILT_READ || event.filter == EVFILT_WRITE;
}

// EPIPE comes for a pipe that nobody reads any more: a write finds that out, and need not wait.
bool is_refusal(int64_t error) { return error != 0 && error != EPIPE; }

// Of a registration that stands in `event` with an error.
Selector::Event unregistered(const kernel::Event& event) {
  const bool refused = is_refusal(event.data);
  return {.descriptor = static_cast<int>(event.ident),
          .error = refused ? static_cast<int>(-event.data) : 0,
          .readable = false,
          .writable = !refused,
          .hung_up = false,
          .broken = !refused};
}

}  // namespace

Kqueue::~Kqueue() {
  if (queue_ >= 0) ::close(queue_);
}

int Kqueue::open() {
  queue_ = kqueue();
  if (queue_ < 0) return -errno;
  if (fcntl(queue_, F_SETFD, FD_CLOEXEC) != 0) return -errno;
  const kernel::Event user =
      kernel::make_event(kOwnIdent, EVFILT_USER, EV_ADD | EV_CLEAR, 0, 0, kStays);
  return kernel::queue_events(queue_, &user, 1, nullptr, 0, &kAtOnce) == 0 ? 0 : -errno;
}

int Kqueue::watch(int descriptor, Mode mode, uint32_t events, bool) {
  switch (mode) {
    case Mode::kEdge:
      if ((events & layout::kPollIn) != 0) add(descriptor, EVFILT_READ, EV_CLEAR);
      if ((events & layout::kPollOut) != 0) add(descriptor, EVFILT_WRITE, EV_CLEAR);
      return 0;
    case Mode::kLevelIn:
      add(descriptor, EVFILT_READ, 0);
      return 0;
    case Mode::kOneShot:
      return watch_once(descriptor, events);
  }
  return 0;
}

void Kqueue::add(int descriptor, int16_t filter, uint16_t flags) {
  changes_.push_back(
      kernel::make_event(static_cast<uint64_t>(descriptor), filter, EV_ADD | flags, 0, 0, kStays));
}

// Descriptors of users are registered at once: they may be none, or of a kind that cannot be
// watched, and the caller must learn of that.
int Kqueue::watch_once(int descriptor, uint32_t events) {
  const bool both = events == (layout::kPollIn | layout::kPollOut);
  kernel::Event changes[2];
  kernel::Event receipts[2];
  int count = 0;
  for (const int16_t filter : {EVFILT_READ, EVFILT_WRITE}) {
    const uint32_t direction = filter == EVFILT_READ ? layout::kPollIn : layout::kPollOut;
    if ((events & direction) == 0) continue;
    changes[count++] =
        kernel::make_event(static_cast<uint64_t>(descriptor), filter,
                           EV_ADD | EV_ONESHOT | EV_RECEIPT, 0, 0, both ? kOnceBoth : kOnce);
  }
  const int told = kernel::queue_events(queue_, changes, count, receipts, count, &kAtOnce);
  if (told < 0) return -errno;
  for (int n = 0; n < told; n++) {
    const int64_t error = receipts[n].data;
    if (is_refusal(error)) return static_cast<int>(-error);
    if (error == EPIPE) tell_later(unregistered(receipts[n]));
  }
  return 0;
}

void Kqueue::forget(int descriptor, bool closes) {
  drop_unsent(descriptor);
  // The system forgets what is closed.
  if (!closes) remove(descriptor, {EVFILT_READ, EVFILT_WRITE});
}

void Kqueue::remove(int descriptor, std::initializer_list<int16_t> filters) {
  for (const int16_t filter : filters) {
    const kernel::Event change =
        kernel::make_event(static_cast<uint64_t>(descriptor), filter, EV_DELETE, 0, 0, kStays);
    // It fails where there is nothing to remove: not registered, or closed by its owner.
    kernel::queue_events(queue_, &change, 1, nullptr, 0, &kAtOnce);
  }
}

// What is about this descriptor must not meet the next one of the same number.
void Kqueue::drop_unsent(int descriptor) {
  const uint64_t ident = static_cast<uint64_t>(descriptor);
  std::erase_if(changes_, [ident](const kernel::Event& each) {
    return each.ident == ident && is_of_descriptor(each);
  });
  std::erase_if(untold_, [descriptor](const Event& each) { return each.descriptor == descriptor; });
}

// Without taking events: a kevent with receipts answers with them alone.
void Kqueue::send_changes() {
  kernel::Event receipts[kEventsMax];
  for (size_t sent = 0; sent < changes_.size();) {
    const size_t count = std::min<size_t>(changes_.size() - sent, kEventsMax);
    kernel::Event* batch = changes_.data() + sent;
    for (size_t n = 0; n < count; n++) batch[n].flags |= EV_RECEIPT;
    const int told = kernel::queue_events(queue_, batch, static_cast<int>(count), receipts,
                                          kEventsMax, &kAtOnce);
    OXBOW_ASSERT(told >= 0);
    for (int n = 0; n < told; n++) {
      if (receipts[n].data == 0 || !is_of_descriptor(receipts[n])) continue;
      tell_later(unregistered(receipts[n]));
    }
    sent += count;
  }
  changes_.clear();
}

void Kqueue::tell_later(const Event& event) {
  untold_.push_back(event);
  wake();
}

int Kqueue::take_untold(Event* out, int most) {
  const int count = std::min(most, static_cast<int>(untold_.size()));
  std::copy(untold_.begin(), untold_.begin() + count, out);
  untold_.erase(untold_.begin(), untold_.begin() + count);
  return count;
}

int Kqueue::wait(int64_t deadline_ns, Event* out, int most) {
  if (!untold_.empty()) return take_untold(out, most);
  if (changes_.size() > kEventsMax) {
    send_changes();
    if (!untold_.empty()) return take_untold(out, most);
  }
  timespec left = kAtOnce;
  const bool forever = deadline_ns == Driver::kForever;
  if (deadline_ns != Driver::kNow && !forever) {
    left = span_of(left_ns(deadline_ns));
  }
  kernel::Event events[kEventsMax];
  const int count =
      kernel::queue_events(queue_, changes_.data(), static_cast<int>(changes_.size()), events,
                           std::min(most, kEventsMax), forever ? nullptr : &left);
  // The changes have been made also where a signal has interrupted the wait.
  changes_.clear();
  if (count < 0) {
    OXBOW_ASSERT(errno == EINTR);
    return 0;
  }
  int told = 0;
  for (int n = 0; n < count; n++) {
    if (events[n].filter == 0) continue;  // taken with another
    if (kernel::tag_of(events[n]) == kOnceBoth && (events[n].flags & EV_ERROR) == 0) {
      take_once(events, n, count, &out[told++]);
    } else if (take(events[n], &out[told])) {
      told++;
    }
  }
  return told;
}

// Whether it is one to report.
bool Kqueue::take(const kernel::Event& event, Event* out) {
  if ((event.flags & EV_ERROR) != 0) {
    if (event.data == 0 || !is_of_descriptor(event)) return false;
    *out = unregistered(event);
    return true;
  }
  if (event.filter == EVFILT_USER) {
    // An exchange, not a store: a wake() that came in between has left `true`, and to read that
    // makes what it announces visible here.
    woken_.exchange(false, std::memory_order_acq_rel);
    return false;
  }
  if (event.filter == EVFILT_TIMER) {
    armed_ns_ = Clock::kNever;
    return false;
  }
  // A refused connect and a reset come as EV_EOF of the write filter. Sending, or SO_ERROR, finds
  // out which; the end of what the peer sends is the read filter's alone.
  const bool reads = event.filter == EVFILT_READ;
  *out = {.descriptor = static_cast<int>(event.ident),
          .error = 0,
          .readable = reads,
          .writable = !reads,
          .hung_up = reads && (event.flags & EV_EOF) != 0,
          .broken = !reads && (event.flags & EV_EOF) != 0};
  return true;
}

// Of a descriptor watched once in both directions: one answer now, and no other later.
void Kqueue::take_once(kernel::Event* events, int at, int count, Event* out) {
  const kernel::Event event = events[at];
  const bool reads = event.filter == EVFILT_READ;
  bool both = false;
  for (int n = at + 1; n < count; n++) {
    if (events[n].ident != event.ident || !is_of_descriptor(events[n])) continue;
    events[n].filter = 0;
    both = true;
  }
  const int descriptor = static_cast<int>(event.ident);
  const int16_t other = reads ? EVFILT_WRITE : EVFILT_READ;
  if (!both) remove(descriptor, {other});
  *out = {.descriptor = descriptor,
          .error = 0,
          .readable = reads || both,
          .writable = !reads || both,
          .hung_up = false};
}

void Kqueue::wake() {
  if (woken_.exchange(true, std::memory_order_acq_rel)) return;
  const kernel::Event trigger =
      kernel::make_event(kOwnIdent, EVFILT_USER, 0, NOTE_TRIGGER, 0, kStays);
  while (kernel::queue_events(queue_, &trigger, 1, nullptr, 0, &kAtOnce) != 0) {
    OXBOW_ASSERT(errno == EINTR);
  }
}

// A host is about to sleep on our descriptor, so what wait() would have sent has to leave now.
void Kqueue::arm(int64_t deadline_ns) {
  // An earlier alarm that is still set does no harm: it wakes us once too often.
  if (deadline_ns < armed_ns_) {
    armed_ns_ = deadline_ns;
    // Relative: "absolute" is calendar time on macOS, and has another name on FreeBSD. Adding it
    // again starts it anew; its kind stays, for macOS refuses to change that.
    changes_.push_back(kernel::make_event(kOwnIdent, EVFILT_TIMER, EV_ADD | EV_ONESHOT,
                                          kernel::kTimerFlags,
                                          std::max<int64_t>(left_ns(deadline_ns), 1), kStays));
  }
  if (!changes_.empty()) send_changes();
}

}  // namespace oxbow
