#include "loop/turn.h"

#include <algorithm>
#include <cerrno>

namespace oxbow {

int64_t Turn::next_deadline() {
  if (!ready.empty() || operations_->has_unreaped()) return Driver::kNow;
  return std::min(timers.next_deadline(), driver_->next_arrival_ns());
}

bool Turn::polled_just_now(int64_t now_ns) const {
  if (ready.empty() || driver_->has_more()) return false;
  return now_ns - polled_ns_ < driver_->poll_every_ns();
}

// A turn before that would neither poll nor find a timer, so it does not take C++ to run it.
double Turn::alone_until() {
  const int64_t every_ns = driver_->poll_every_ns();
  if (every_ns == 0 || operations_->has_unreaped() || driver_->has_more()) return 0;
  const int64_t until_ns = std::min(polled_ns_ + every_ns, timers.next_deadline());
  return static_cast<double>(until_ns) / 1e9;
}

int64_t Turn::until(int64_t deadline_ns, int64_t longest_ns) const {
  if (longest_ns == Driver::kForever || deadline_ns == Driver::kNow) return deadline_ns;
  return std::min(deadline_ns, driver_->clock().after(longest_ns));
}

int Turn::run(bool may_wait, int64_t longest_ns) {
  // 1. Submit what JavaScript queued since the last turn.
  operations_->submit();

  // 2. Wait: not at all if something is ready, else until a deadline, else until an event.
  const int64_t deadline_ns = may_wait ? next_deadline() : Driver::kNow;
  if (deadline_ns == Driver::kForever && !operations_->expects_events()) return -EDEADLK;
  int64_t now_ns = driver_->now_ns();
  statistics.end_turn(now_ns);
  if (!polled_just_now(now_ns)) {
    const bool waits = deadline_ns != Driver::kNow;
    if (waits) statistics.rest(now_ns);
    const int outcome = driver_->wait(until(deadline_ns, longest_ns), completed_);
    if (outcome != 0) return outcome;
    polled_ns_ = driver_->now_ns();
    if (waits) statistics.add_polling(polled_ns_ - now_ns);
    now_ns = polled_ns_;
  }
  statistics.begin_turn(now_ns);

  // 3. Reap: events in the order in which they came, then every timer that is due.
  operations_->reap();
  timers.take_due(now_ns, &ready, driver_->random());
  *alone_until_ = alone_until();
  return 0;
}

}  // namespace oxbow
