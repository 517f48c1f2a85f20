#include "net/listener.h"

#include <utility>

#include "net/stream.h"

namespace oxbow {

using layout::CompletionOp;
using layout::SubmissionOp;

Listener::Listener(HandleHost* h, int d, std::shared_ptr<const ReaderMaker> readers,
                   std::shared_ptr<const LayerMaker> layers)
    : Handle(HandleKind::kListener, h, d),
      readers_(std::move(readers)),
      layers_(std::move(layers)) {
  op_.descriptor = d;
  op_.owner = static_cast<Handle*>(this);
}

Listener::~Listener() {
  for (const int accepted : op_.accepted) host->driver()->release(accepted, true);
}

void Listener::take(const Submission& entry) {
  switch (static_cast<SubmissionOp>(entry.op)) {
    case SubmissionOp::kAcceptStart:
      if (descriptor < 0 || op_.started) return;
      if (host->driver()->start(&op_) && !op_.completed) host->reap_later(&op_);
      return;
    case SubmissionOp::kAcceptStop:
      host->driver()->cancel(&op_);
      return;
    case SubmissionOp::kClose:
    case SubmissionOp::kAbort:
      abort();
      host->queue_events(this);
      return;
    default:
      return;
  }
}

bool Listener::reap(Op*) {
  size_t taken = 0;
  for (const int accepted : op_.accepted) {
    // JavaScript enlarges its handle table when it learns of new handles.
    if (host->completion_room() < kRoomMin || !host->has_handle_room()) break;
    taken++;
    if (descriptor < 0) {
      host->driver()->release(accepted, true);
      continue;
    }
    Stream* stream = new Stream(host, accepted, readers_.get());
    host->add_handle(stream);
    Completion* completion = host->complete(CompletionOp::kAccept, this);
    completion->offset = stream->index;
    completion->length = stream->generation;
    if (layers_ != nullptr) stream->set_layer(layers_->make());
  }
  op_.accepted.erase(op_.accepted.begin(), op_.accepted.begin() + static_cast<ptrdiff_t>(taken));
  if (!op_.accepted.empty()) return false;
  if (op_.result != 0 && descriptor >= 0) {
    host->complete(CompletionOp::kAcceptFailed, this)->result = op_.result;
  }
  return true;
}

void Listener::close(bool owns) {
  if (descriptor < 0) return;
  host->driver()->cancel(&op_);
  host->driver()->release(descriptor, owns);
  descriptor = -1;
  events = kEventClosed;
}

}  // namespace oxbow
