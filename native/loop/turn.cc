#include "loop/turn.h"

#include <cerrno>

namespace oxbow {

int64_t Turn::next_deadline() {
  if (!ready.empty() || operations_->has_unreaped()) return Driver::kNow;
  return timers.next_deadline();
}

bool Turn::polled_just_now() const {
  if (ready.empty() || driver_->has_more() || driver_->time_is_virtual()) return false;
  return driver_->now_ns() - polled_ns_ < kPollEveryNs;
}

int Turn::run(bool may_wait) {
  // 1. Submit what JavaScript queued since the last turn.
  operations_->submit();

  // 2. Wait: not at all if something is ready, else until a deadline, else until an event.
  const int64_t deadline_ns = may_wait ? next_deadline() : Driver::kNow;
  if (deadline_ns == Driver::kForever && !operations_->expects_events()) return -EDEADLK;
  if (!polled_just_now()) {
    const int outcome = driver_->wait(deadline_ns, completed_);
    if (outcome != 0) return outcome;
    polled_ns_ = driver_->now_ns();
  }

  // 3. Reap: events in the order in which they came, then every timer that is due.
  operations_->reap();
  timers.take_due(driver_->now_ns(), &ready);
  return 0;
}

}  // namespace oxbow
