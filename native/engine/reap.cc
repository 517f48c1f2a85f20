// Operation -> completion.
#include <algorithm>

#include "engine/engine.h"

namespace oxbow {

using layout::CompletionOp;

namespace {

struct Report {
  HandleEvent event;
  CompletionOp op;
};

// In the order in which a handle's events are reported.
constexpr Report kReports[] = {
    {kEventLayer, CompletionOp::kLayer},
    {kEventConnect, CompletionOp::kConnect},
    {kEventReadable, CompletionOp::kReadable},
    {kEventRefused, CompletionOp::kNothing},  // the reader says which
    {kEventEnd, CompletionOp::kEnd},
    {kEventFailed, CompletionOp::kFailed},
    {kEventDrain, CompletionOp::kDrain},
    {kEventPoll, CompletionOp::kPoll},
    {kEventExited, CompletionOp::kExited},
    {kEventClosed, CompletionOp::kClosed},
};

}  // namespace

void Engine::reap() {
  renew_handshakes();
  resume_handles();
  while (completed_.front() != nullptr && completion_room() >= kRoomMin) {
    Op* op = completed_.pop();
    Handle* owner = static_cast<Handle*>(op->owner);
    // Out of the list first: the next operation may start, or this one be freed, in here.
    op->completed = false;
    if (!owner->reap(op)) {
      op->completed = true;
      completed_.push_front(op);
      break;
    }
    turn_->statistics.add_event();
    queue_events(owner);
  }
  reap_answers();
  reap_spawned();
  if (has_unreported_posts()) report_posts();
  report_events();
  if (!dying_.empty()) free_retired();
}

void Engine::reap_later(Op* op) {
  op->completed = true;
  completed_.push(op);
}

void Engine::resume_later(Handle* handle) {
  if (handle->resumes) return;
  handle->resumes = true;
  resuming_.push_back(handle);
}

void Engine::resume_handles() {
  std::vector<Handle*> turn;
  turn.swap(resuming_);
  for (Handle* handle : turn) {
    handle->resumes = false;
    handle->resume();
  }
}

uint32_t Engine::completion_room() const {
  const uint32_t used =
      control(layout::kControlCompletionTail) - control(layout::kControlCompletionHead);
  return std::min(layout::kCompletionCapacity - used, turn_->ready.room());
}

// A new completion, announced in the ready queue. The caller has looked for room.
Completion* Engine::complete(CompletionOp op, const Handle* handle) {
  uint32_t& tail = memory_.control[layout::kControlCompletionTail];
  const uint32_t place = tail & (layout::kCompletionCapacity - 1);
  tail++;
  turn_->ready.push(layout::kReadyCompletion | place);
  Completion* completion = &memory_.completions[place];
  *completion = Completion{op, 0, 0, 0, 0, 0, 0, 0};
  if (handle != nullptr) {
    completion->handle = handle->index;
    completion->generation = handle->generation;
  }
  return completion;
}

void Engine::reap_answers() {
  const size_t before = answers_.size();
  resolver_->take_answers(&answers_);
  driver_->expect_wake(-static_cast<int>(answers_.size() - before));
  while (!answers_.empty() && completion_room() >= kRoomMin) {
    Resolver::Answer& answer = answers_.front();
    Completion* completion = complete(CompletionOp::kResolved, nullptr);
    completion->handle = answer.request;
    if (answer.error == layout::LookupError::kNone) {
      completion->result = static_cast<int32_t>(answer.addresses.size());
      resolved_[answer.request] = std::move(answer.addresses);
    } else {
      completion->result = -static_cast<int32_t>(answer.error);
    }
    answers_.pop_front();
  }
}

void Engine::reap_spawned() {
  spawner_->take_answers(&untold_);
  while (!untold_.empty() && completion_room() >= kRoomMin) {
    const uint32_t request = untold_.front().request;
    complete(CompletionOp::kSpawned, nullptr)->handle = request;
    spawned_[request] = untold_.front();
    untold_.pop_front();
  }
}

void Engine::report_events() {
  while (listed_.front() != nullptr) {
    Handle* handle = listed_.front();
    if (!report_events_of(handle)) return;
    listed_.pop();
    handle->listed = false;
    if (handle->descriptor < 0) retire(handle);
  }
}

// False: there was no room for all of them.
bool Engine::report_events_of(Handle* handle) {
  for (const Report& report : kReports) {
    if ((handle->events & report.event) == 0) continue;
    if (completion_room() == 0) return false;
    handle->events &= static_cast<uint16_t>(~report.event);
    handle->report(report.event, complete(report.op, handle));
  }
  return true;
}

// The number is free once its end was heard; the memory when no completed operation points into it.
void Engine::retire(Handle* handle) {
  handles_.remove(handle, control(layout::kControlCompletionTail));
  handle->index = kNoHandle;
  dying_.push_back(handle);
}

void Engine::free_retired() {
  std::erase_if(dying_, [this](Handle* dying) {
    const bool in_use = dying->in_use();
    if (!in_use) destroy(dying);
    return !in_use;
  });
}

}  // namespace oxbow
