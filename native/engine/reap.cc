// Operation -> completion.
#include <algorithm>

#include "engine/engine.h"

namespace oxbow {

using layout::CompletionOp;

namespace {

struct Telling {
  uint16_t event;
  CompletionOp op;
};

// In the order in which a connection's events are told.
constexpr Telling kTellings[] = {
    {kEventConnect, CompletionOp::kConnect},
    {kEventReadable, CompletionOp::kReadable},
    {kEventRefused, CompletionOp::kNothing},  // the reader says which
    {kEventEnd, CompletionOp::kEnd},
    {kEventFailed, CompletionOp::kFailed},
    {kEventDrain, CompletionOp::kDrain},
    {kEventPoll, CompletionOp::kPoll},
    {kEventClosed, CompletionOp::kClosed},
};

}  // namespace

void Engine::reap() {
  resume_readers();
  while (completed_.front() != nullptr && completion_room() >= kRoomMin) {
    Op* op = completed_.front();
    Handle* owner = static_cast<Handle*>(op->owner);
    // A listener whose connections do not all find room stays in front.
    if (op->kind == OpKind::kAccept && !reap_accept(static_cast<AcceptOp*>(op))) break;
    // Out of the list first: the next operation may start, or this one be freed, in here.
    completed_.pop();
    op->completed = false;
    reap_op(op, owner);
    turn_->statistics.add_event();
    note(owner);
  }
  reap_answers();
  if (has_untold_posts()) tell_posts();
  tell_events();
  if (!dying_.empty()) free_retired();
}

void Engine::resume_later(Connection* connection) {
  if (connection->resumes) return;
  connection->resumes = true;
  resuming_.push_back(connection);
}

// Readers that have something left go on, unless they are paused.
void Engine::resume_readers() {
  std::vector<Connection*> turn;
  turn.swap(resuming_);
  for (Connection* connection : turn) {
    connection->resumes = false;
    if (!connection->closed) connection->reader->resume();
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

void Engine::reap_op(Op* op, Handle* owner) {
  switch (op->kind) {
    case OpKind::kAccept:
      return;
    case OpKind::kReceive:
    case OpKind::kReadable: {
      Connection* connection = static_cast<Connection*>(owner);
      if (op->kind == OpKind::kReceive) {
        reap_receive(op, connection);
      } else if (connection->reading && connection->direct && !connection->start_again) {
        connection->events |= kEventReadable;
      }
      connection->on_receive_reaped();
      return;
    }
    case OpKind::kSend:
    case OpKind::kConnect:
      static_cast<Connection*>(owner)->on_send_complete();
      return;
    case OpKind::kPoll:
      if (owner->descriptor < 0) return;
      owner->failure = op->result;
      owner->events |= kEventPoll;
      return;
  }
}

// False: there was no room for all of it.
bool Engine::reap_accept(AcceptOp* op) {
  Listener* listener = static_cast<Listener*>(op->owner);
  size_t taken = 0;
  for (const int descriptor : op->accepted) {
    // JavaScript makes room for handles when it hears of new ones.
    if (completion_room() < kRoomMin || handles_.next_index() >= memory_.backlog_capacity) break;
    taken++;
    if (listener->descriptor < 0) {
      driver_->release(descriptor, true);
      continue;
    }
    const Connection* connection = make_connection(descriptor, listener->readers.get());
    Completion* completion = complete(CompletionOp::kAccept, listener);
    completion->offset = connection->index;
    completion->length = connection->generation;
  }
  op->accepted.erase(op->accepted.begin(), op->accepted.begin() + static_cast<ptrdiff_t>(taken));
  if (!op->accepted.empty()) return false;
  if (op->result != 0 && listener->descriptor >= 0) {
    complete(CompletionOp::kAcceptFailed, listener)->result = op->result;
  }
  return true;
}

void Engine::reap_receive(const Op* op, Connection* connection) {
  if (connection->closed) return;
  if (op->result <= 0) {
    if (connection->reader != nullptr && op->result == 0) {
      connection->reader->end();
    } else {
      connection->on_receive_end(op->result);
    }
    return;
  }
  if (connection->reader != nullptr) {
    connection->reader->take(op->data, static_cast<uint32_t>(op->result));
    return;
  }
  Completion* completion = complete(CompletionOp::kData, connection);
  const ReceiveArena::Place place = arena_.find(op->data);
  completion->chunk = place.chunk;
  completion->offset = place.offset;
  completion->length = static_cast<uint32_t>(op->result);
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

void Engine::tell_events() {
  while (listed_.front() != nullptr) {
    Handle* handle = listed_.front();
    if (!tell(handle)) return;
    listed_.pop();
    handle->listed = false;
    if (handle->descriptor < 0) retire(handle);
  }
}

bool Engine::tell(Handle* handle) {
  for (const Telling& telling : kTellings) {
    if ((handle->events & telling.event) == 0) continue;
    if (completion_room() == 0) return false;
    handle->events &= static_cast<uint16_t>(~telling.event);
    Completion* completion = complete(telling.op, handle);
    if (telling.event == kEventConnect) {
      completion->result = handle->connect_result;
    } else if (telling.event == kEventRefused) {
      static_cast<Connection*>(handle)->reader->tell_refusal(completion);
    } else if (telling.event != kEventClosed) {
      completion->result = handle->failure;
    }
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
    const bool in_use = dying->kind == HandleKind::kConnection
        ? static_cast<Connection*>(dying)->in_use()
        : dying->kind == HandleKind::kListener ? static_cast<Listener*>(dying)->op.completed
                                               : static_cast<Watcher*>(dying)->op.completed;
    if (!in_use) destroy(dying);
    return !in_use;
  });
}

}  // namespace oxbow
