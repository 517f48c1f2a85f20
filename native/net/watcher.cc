#include "net/watcher.h"

namespace oxbow {

using layout::SubmissionOp;

Watcher::Watcher(HandleHost* h, int d) : Handle(HandleKind::kWatcher, h, d), op_(OpKind::kPoll) {
  op_.descriptor = d;
  op_.owner = static_cast<Handle*>(this);
}

int Watcher::probe() {
  op_.events = layout::kPollIn;
  if (host->driver()->start(&op_)) return op_.result < 0 ? op_.result : 0;
  host->driver()->cancel(&op_);
  return 0;
}

void Watcher::take(const Submission& entry) {
  switch (static_cast<SubmissionOp>(entry.op)) {
    case SubmissionOp::kPollStart:
      if (descriptor < 0 || op_.completed) return;
      host->driver()->cancel(&op_);
      op_.events = entry.flags;
      if (entry.flags == 0 || !host->driver()->start(&op_)) return;
      failure = op_.result;
      events |= kEventPoll;
      break;
    case SubmissionOp::kClose:
    case SubmissionOp::kAbort:
      abort();
      break;
    default:
      return;
  }
  host->queue_events(this);
}

bool Watcher::reap(Op* op) {
  if (descriptor < 0) return true;
  failure = op->result;
  events |= kEventPoll;
  return true;
}

void Watcher::abort() {
  if (descriptor < 0) return;
  host->driver()->cancel(&op_);
  host->driver()->release(descriptor, false);
  descriptor = -1;
  events = kEventClosed;
}

}  // namespace oxbow
