#include "process/child.h"

#include <cerrno>
#include <csignal>

#include "process/reaper.h"

namespace oxbow {

using layout::SubmissionOp;

Child::Child(HandleHost* h, pid_t pid, int watch, bool stays)
    : Handle(HandleKind::kChild, h, watch), op_(OpKind::kPoll), pid_(pid), stays_(stays) {
  op_.descriptor = watch;
  op_.events = layout::kPollIn;
  op_.owner = static_cast<Handle*>(this);
}

void Child::start() {
  if (!host->driver()->start(&op_)) return;
  // It cannot be polled (a limit of epoll), so its end would not be noticed.
  failure = op_.result;
  if (failure >= 0 && look()) return;
  abort();
}

bool Child::look() {
  const int outcome = take_exit(pid_, &exit_);
  if (outcome == -EAGAIN) return false;
  failure = outcome;
  stop_watching(true);
  events = kEventExited | kEventClosed;
  return true;
}

int Child::signal(int number) {
  return descriptor < 0 ? -ESRCH : signal_child(pid_, descriptor, number);
}

void Child::take(const Submission& entry) {
  const auto op = static_cast<SubmissionOp>(entry.op);
  if (op != SubmissionOp::kClose && op != SubmissionOp::kAbort) return;
  abort();
  host->queue_events(this);
}

bool Child::reap(Op*) {
  if (descriptor < 0 || look()) return true;
  // Reported too early, which macOS may do: the descriptor is still readable, so wait again.
  if (host->driver()->start(&op_)) abort();
  return true;
}

// The result is the exit code, or the negative number of the signal.
void Child::report(HandleEvent event, Completion* completion) const {
  if (event != kEventExited) return;
  completion->result = exit_.signal != 0 ? -exit_.signal : exit_.code;
  // 1 if other code has reaped the child, so that its status is lost.
  completion->length = failure == 0 ? 0 : 1;
}

void Child::stop_watching(bool owns) {
  host->driver()->cancel(&op_);
  host->driver()->release(descriptor, owns);
  descriptor = -1;
}

void Child::abort() {
  if (descriptor < 0) return;
  const int watch = descriptor;
  stop_watching(false);
  if (!stays_) signal_child(pid_, watch, SIGKILL);
  reap_elsewhere(pid_, watch);
  events = kEventClosed;
}

void Child::abandon() {
  if (descriptor < 0) return;
  stop_watching(false);
  const int watch = open_exit_watch(pid_);
  if (watch >= 0) reap_elsewhere(pid_, watch);
  events = kEventClosed;
}

}  // namespace oxbow
