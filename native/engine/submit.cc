// Submission -> operation.
#include <algorithm>

#include "base/assert.h"
#include "engine/engine.h"

namespace oxbow {

using layout::SubmissionOp;

namespace {

// What a deadline may be at most: 285 years, and less than kForever on any clock.
constexpr double kDeadlineMax = 9e18;

// Infinity is a deadline that is never reached. Deadlines before the clock's start are due, and
// keep their order.
int64_t deadline_of(double value) {
  if (value != value) return 0;
  return static_cast<int64_t>(std::clamp(value, -kDeadlineMax, kDeadlineMax));
}

}  // namespace

void Engine::submit() {
  take_submissions();
  flush();
}

void Engine::take_submissions() {
  uint32_t& count = memory_.control[layout::kControlSubmissionCount];
  OXBOW_ASSERT(count <= layout::kSubmissionCapacity);
  if (count != 0) turn_->needed();
  for (uint32_t n = 0; n < count; n++) take(memory_.submissions[n]);
  count = 0;
  memory_.control[layout::kControlSubmissionEpoch]++;
}

void Engine::take(const Submission& entry) {
  switch (static_cast<SubmissionOp>(entry.op)) {
    case SubmissionOp::kNothing:
      return;
    case SubmissionOp::kTimerAdd:
      turn_->timers.add(entry.handle, deadline_of(entry.value));
      return;
    case SubmissionOp::kTimerCancel:
      turn_->timers.cancel(entry.handle);
      return;
    default:
      break;
  }
  take_for_handle(entry);
}

void Engine::take_for_handle(const Submission& entry) {
  // A handle that is gone: the operation came too late, which is nobody's fault.
  Handle* handle = handles_.find(entry.handle, entry.generation);
  if (handle == nullptr) return;
  switch (handle->kind) {
    case HandleKind::kConnection:
      take_connection(entry, static_cast<Connection*>(handle));
      break;
    case HandleKind::kListener:
      take_listener(entry, static_cast<Listener*>(handle));
      break;
    case HandleKind::kWatcher:
      take_watcher(entry, static_cast<Watcher*>(handle));
      break;
  }
}

void Engine::take_connection(const Submission& entry, Connection* connection) {
  switch (static_cast<SubmissionOp>(entry.op)) {
    case SubmissionOp::kSend:
      send(entry, connection);
      return;
    case SubmissionOp::kReadStart:
      connection->start_reading((entry.flags & layout::kReadDirect) != 0);
      if (connection->reader != nullptr) connection->reader->reading_again();
      break;
    case SubmissionOp::kReadStop:
      connection->stop_reading();
      return;
    case SubmissionOp::kNotifyDrain:
      connection->drain_below = entry.value;
      break;
    case SubmissionOp::kMessageMethod:
      if (connection->reader != nullptr) connection->reader->control(entry);
      return;
    case SubmissionOp::kShutdown:
      connection->shutdown_asked = true;
      break;
    case SubmissionOp::kClose:
      connection->close_asked = true;
      connection->stop_reading();
      break;
    case SubmissionOp::kAbort:
      connection->abort();
      note(connection);
      return;
    default:
      return;
  }
  // The rest waits for what this submit still sends.
  mark_dirty(connection);
}

void Engine::take_listener(const Submission& entry, Listener* listener) {
  switch (static_cast<SubmissionOp>(entry.op)) {
    case SubmissionOp::kAcceptStart:
      if (listener->descriptor < 0 || listener->op.started) return;
      if (driver_->start(&listener->op) && !listener->op.completed) {
        listener->op.completed = true;
        completed_.push(&listener->op);
      }
      return;
    case SubmissionOp::kAcceptStop:
      driver_->cancel(&listener->op);
      return;
    case SubmissionOp::kClose:
    case SubmissionOp::kAbort:
      drop(listener, &listener->op, true);
      return;
    default:
      return;
  }
}

void Engine::take_watcher(const Submission& entry, Watcher* watcher) {
  switch (static_cast<SubmissionOp>(entry.op)) {
    case SubmissionOp::kPollStart:
      if (watcher->descriptor < 0 || watcher->op.completed) return;
      driver_->cancel(&watcher->op);
      watcher->op.events = entry.flags;
      if (entry.flags == 0 || !driver_->start(&watcher->op)) return;
      watcher->failure = watcher->op.result;
      watcher->events |= kEventPoll;
      note(watcher);
      return;
    case SubmissionOp::kClose:
    case SubmissionOp::kAbort:
      drop(watcher, &watcher->op, false);
      return;
    default:
      return;
  }
}

void Engine::send(const Submission& entry, Connection* connection) {
  const uint64_t end = static_cast<uint64_t>(entry.offset) + entry.length;
  OXBOW_ASSERT(end <= layout::kTransmitBytes);
  if (!connection->alive()) return;
  connection->add_segment(&segments_, memory_.transmit + entry.offset, entry.length);
  mark_dirty(connection);
}

void Engine::mark_dirty(Connection* connection) {
  if (connection->dirty) return;
  connection->dirty = true;
  dirty_.push_back(connection);
}

// Everything that one submit sends to one connection leaves in one system call.
void Engine::flush() {
  for (Connection* connection : dirty_) {
    connection->flush(segments_);
    note(connection);
  }
  dirty_.clear();
  segments_.clear();
  memory_.control[layout::kControlTransmitUsed] = 0;
}

void Engine::note(Handle* handle) {
  turn_->needed();
  if (handle->kind == HandleKind::kConnection && handle->index < memory_.backlog_capacity) {
    const Connection* connection = static_cast<Connection*>(handle);
    memory_.backlog[handle->index] = static_cast<double>(connection->queue.size());
  }
  if (handle->events == 0 || handle->listed) return;
  handle->listed = true;
  listed_.push(handle);
}

}  // namespace oxbow
