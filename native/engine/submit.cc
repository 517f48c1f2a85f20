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
  // A handle that is gone: the operation came too late, which is nobody's fault.
  if (Handle* handle = handles_.find(entry.handle, entry.generation)) handle->take(entry);
}

const uint8_t* Engine::bytes_to_send(const Submission& entry) const {
  const uint64_t end = static_cast<uint64_t>(entry.offset) + entry.length;
  OXBOW_ASSERT(end <= layout::kTransmitBytes);
  return memory_.transmit + entry.offset;
}

void Engine::flush_later(Handle* handle) {
  if (handle->dirty) return;
  handle->dirty = true;
  dirty_.push_back(handle);
}

// Everything that one submit sends to one handle leaves in one system call.
void Engine::flush() {
  for (Handle* handle : dirty_) {
    handle->dirty = false;
    handle->flush();
    queue_events(handle);
  }
  dirty_.clear();
  segments_.clear();
  memory_.control[layout::kControlTransmitUsed] = 0;
}

void Engine::queue_events(Handle* handle) {
  turn_->needed();
  if (handle->index < memory_.backlog_capacity) {
    memory_.backlog[handle->index] = static_cast<double>(handle->unsent());
  }
  if (handle->events == 0 || handle->listed) return;
  handle->listed = true;
  listed_.push(handle);
}

}  // namespace oxbow
