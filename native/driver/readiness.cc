#include "driver/readiness.h"

#include "base/assert.h"
#include "os/send_file.h"
#include "ring/layout.h"

namespace oxbow {
int Readiness::open(ReceiveBuffers* buffers) {
  buffers_ = buffers;
  return selector_->open();
}

Readiness::State& Readiness::state_of(int descriptor) {
  OXBOW_ASSERT(descriptor >= 0);
  const size_t index = static_cast<size_t>(descriptor);
  if (index >= states_.size()) states_.resize(index + index / 2 + 64);
  return states_[index];
}

int Readiness::watch_edges(int descriptor, State& state) {
  if (state.watched || (state.channel & kChannelFile) != 0) return 0;
  const uint32_t events = ((state.channel & kChannelWriteOnly) != 0 ? 0 : layout::kPollIn) |
                          ((state.channel & kChannelReadOnly) != 0 ? 0 : layout::kPollOut);
  const int error = selector_->watch(descriptor, Selector::Mode::kEdge, events, false);
  if (error != 0 && (state.channel & kChannelUnsure) != 0) {
    always_ready(state);
    return 0;
  }
  state.watched = error == 0;
  return error;
}

// It cannot be waited for, as a file: it is read until it says that this is the end.
void Readiness::always_ready(State& state) {
  state.channel |= kChannelFile;
  state.readable = true;
}

void Readiness::queue_retry(Op* op) {
  if (op->queued) return;
  op->queued = true;
  retries_.push(op);
}

void Readiness::finish(Op* op, int32_t result, OpList* completed) {
  op->result = result;
  op->completed = true;
  completed->push(op);
}

bool Readiness::start(Op* op) {
  OXBOW_ASSERT(!op->started);
  State& state = state_of(op->descriptor);
  switch (op->kind) {
    case OpKind::kAccept:
    case OpKind::kReceive:
    case OpKind::kReadable:
      return start_read(op, state);
    case OpKind::kSend:
      return start_send(static_cast<SendOp*>(op), state);
    case OpKind::kConnect:
      return start_connect(static_cast<ConnectOp*>(op), state);
    case OpKind::kPoll:
      return start_poll(op, state);
    case OpKind::kWritable:
      return start_writable(op, state);
  }
  return true;
}

bool Readiness::start_read(Op* op, State& state) {
  OXBOW_ASSERT(state.reader == nullptr);
  int error = 0;
  if (op->kind == OpKind::kAccept) {
    // A listener is level-triggered: what one turn leaves in its backlog is announced to the next
    // one.
    error = selector_->watch(op->descriptor, Selector::Mode::kLevelIn, 0, false);
    state.watched = error == 0;
  } else {
    error = watch_edges(op->descriptor, state);
  }
  if (error != 0) {
    op->result = error;
    return true;
  }
  state.reader = op;
  op->started = true;
  // Known to be readable: the selector will not say it again.
  if (state.readable) queue_retry(op);
  return false;
}

bool Readiness::start_send(SendOp* op, State& state) {
  OXBOW_ASSERT(state.writer == nullptr);
  op->result = write_channel(op->descriptor, state.channel, op->vectors, op->vector_count);
  if (op->result != -EAGAIN) return true;
  const int error = watch_edges(op->descriptor, state);
  if (error != 0) {
    op->result = error;
    return true;
  }
  state.writer = op;
  op->started = true;
  return false;
}

bool Readiness::start_connect(ConnectOp* op, State& state) {
  OXBOW_ASSERT(state.writer == nullptr);
  op->result = connect_socket(op->descriptor, op->address);
  if (op->result == -EINPROGRESS)
    op->result = watch_edges(op->descriptor, state);
  else
    return true;
  if (op->result != 0) return true;
  state.writer = op;
  op->started = true;
  return false;
}

bool Readiness::start_poll(Op* op, State& state) {
  OXBOW_ASSERT(state.reader == nullptr);
  const int error =
      selector_->watch(op->descriptor, Selector::Mode::kOneShot, op->events, state.watched);
  if (error != 0) {
    op->result = error;
    return true;
  }
  state.watched = true;
  state.reader = op;
  op->started = true;
  return false;
}

// There was no room a moment ago, so the selector will tell when there is.
bool Readiness::start_writable(Op* op, State& state) {
  OXBOW_ASSERT(state.writer == nullptr);
  op->result = watch_edges(op->descriptor, state);
  if (op->result != 0) return true;
  state.writer = op;
  op->started = true;
  return false;
}

bool Readiness::cancel(Op* op) {
  if (!op->started) return true;
  State& state = state_of(op->descriptor);
  if (state.reader == op) state.reader = nullptr;
  if (state.writer == op) state.writer = nullptr;
  if (op->queued) {
    retries_.remove(op);
    op->queued = false;
  }
  if (op->kind == OpKind::kAccept || op->kind == OpKind::kPoll) {
    selector_->forget(op->descriptor, false);
    state.watched = false;
  }
  op->started = false;
  return true;
}

int32_t Readiness::try_send(int descriptor, iovec* vectors, int count) {
  return write_channel(descriptor, state_of(descriptor).channel, vectors, count);
}

int32_t Readiness::try_send_file(int descriptor, int file, int64_t offset, uint32_t count) {
  // Only sockets, and only those that never block.
  const Channel channel = state_of(descriptor).channel;
  if ((channel & (kChannelPlain | kChannelAsk | kChannelFile)) != 0) return -EOPNOTSUPP;
  return send_file(descriptor, file, offset, count);
}

int32_t Readiness::try_receive(int descriptor, uint8_t* into, uint32_t size) {
  State& state = state_of(descriptor);
  const int32_t received = read_channel(descriptor, state.channel, into, size);
  // A short read emptied the socket's buffer; whatever comes later is a new edge. Not so once the
  // peer's end was announced: it may have come in one event with the bytes, and reading finds it.
  const bool short_read = received > 0 && static_cast<uint32_t>(received) < size &&
                          (state.channel & (kChannelPieces | kChannelFile)) == 0;
  if (received == -EAGAIN || (short_read && !state.hung_up)) state.readable = false;
  return received;
}

int Readiness::adopt(int descriptor, uint32_t traits) {
  Channel channel;
  const int own = open_channel(descriptor, traits, &channel);
  if (own < 0) return own;
  State& state = state_of(own);
  OXBOW_ASSERT(state.reader == nullptr && state.writer == nullptr);
  state = State{};
  state.channel = channel;
  state.readable = (channel & (kChannelTry | kChannelWriteOnly)) == kChannelTry;
  if ((channel & kChannelFile) != 0) always_ready(state);
  return own;
}

int Readiness::try_receive_datagrams(int descriptor, DatagramBatch* batch) {
  batch->drained = false;
  const int received = receive_datagrams(descriptor, batch);
  if (received == -EAGAIN || batch->drained) state_of(descriptor).readable = false;
  return received;
}

int Readiness::try_send_datagrams(int descriptor, const OutgoingDatagram* list, int count,
                                  SendRuns* runs) {
  return send_datagrams(descriptor, list, count, runs);
}

void Readiness::release(int descriptor, bool owns) {
  State& state = state_of(descriptor);
  OXBOW_ASSERT(state.reader == nullptr && state.writer == nullptr);
  if (state.watched) selector_->forget(descriptor, owns);
  state = State{};
  if (owns) close_descriptor(descriptor);
}

int Readiness::wait(int64_t deadline_ns, OpList* completed) {
  Selector::Event events[Selector::kEventsMax];
  const int64_t until_ns = has_more() ? kNow : deadline_ns;
  const int count = selector_->wait(until_ns, events, Selector::kEventsMax);
  // First what waited longer.
  if (has_more()) retry(completed);
  for (int n = 0; n < count; n++) on_event(events[n], completed);
  return 0;
}

// A registration that was sent along with the wait has failed.
void Readiness::fail(State& state, int32_t error, OpList* completed) {
  state.watched = false;
  if ((state.channel & kChannelUnsure) != 0) {
    // It is no descriptor to wait for, and so is always ready.
    always_ready(state);
    if (state.writer != nullptr) write(state.writer, state, completed);
    if (state.reader != nullptr) queue_retry(state.reader);
    return;
  }
  for (Op** each : {&state.reader, &state.writer}) {
    Op* op = *each;
    if (op == nullptr) continue;
    *each = nullptr;
    op->started = false;
    if (op->queued) retries_.remove(op);
    op->queued = false;
    finish(op, error, completed);
  }
}

void Readiness::on_event(const Selector::Event& event, OpList* completed) {
  State& state = state_of(event.descriptor);
  if (event.error != 0) {
    fail(state, event.error, completed);
    return;
  }
  const bool unread = event.broken && (state.channel & kChannelWriteOnly) != 0;
  const bool readable = event.readable || event.hung_up || unread;
  const bool writable = event.writable;
  if (state.reader != nullptr && state.reader->kind == OpKind::kPoll) {
    Op* op = state.reader;
    state.reader = nullptr;
    op->started = false;
    const uint32_t seen = (readable ? layout::kPollIn : 0) | (writable ? layout::kPollOut : 0);
    finish(op, static_cast<int32_t>(seen & op->events), completed);
    return;
  }
  state.readable |= readable;
  state.hung_up |= event.hung_up;
  if (writable && state.writer != nullptr) write(state.writer, state, completed);
  if (readable && state.reader != nullptr) try_read(state.reader, state, completed);
}

void Readiness::retry(OpList* completed) {
  RetryList again;
  again.append(retries_);
  while (Op* op = again.pop()) {
    op->queued = false;
    try_read(op, state_of(op->descriptor), completed);
  }
}

void Readiness::try_read(Op* op, State& state, OpList* completed) {
  // Still waiting to be taken from an earlier turn's list: one completion at a time.
  if (op->completed) {
    queue_retry(op);
    return;
  }
  if (op->kind == OpKind::kReceive) {
    receive(op, state, completed);
  } else if (op->kind == OpKind::kAccept) {
    accept(static_cast<AcceptOp*>(op), state, completed);
  } else {
    // kReadable: the caller tries to read by itself and starts the operation again.
    state.reader = nullptr;
    op->started = false;
    finish(op, 0, completed);
  }
}

void Readiness::receive(Op* op, State& state, OpList* completed) {
  const ReceiveBuffers::Room room = buffers_->acquire((state.channel & kChannelWide) != 0);
  if (room.size == 0) {
    queue_retry(op);
    return;
  }
  const int32_t received = try_receive(op->descriptor, room.data, room.size);
  buffers_->commit(room, received > 0 ? static_cast<uint32_t>(received) : 0);
  if (received == -EAGAIN) return;
  if (received <= 0) {
    state.reader = nullptr;
    op->started = false;
    finish(op, received, completed);
    return;
  }
  op->data = room.data;
  if (received == kPipeBytes && (state.channel & (kChannelPipe | kChannelWide)) == kChannelPipe) {
    // Its writer had to wait for us.
    widen_pipe(op->descriptor);
    state.channel |= kChannelWide;
  }
  if (state.readable) queue_retry(op);
  finish(op, received, completed);
}

void Readiness::accept(AcceptOp* op, State& state, OpList* completed) {
  state.readable = false;  // level-triggered: the selector says it again
  int32_t result = 0;
  for (uint32_t n = 0; n < kAcceptsPerTurn; n++) {
    const int descriptor = accept_connection(op->descriptor);
    if (descriptor < 0) {
      if (descriptor != -EAGAIN) result = descriptor;
      break;
    }
    op->accepted.push_back(descriptor);
  }
  if (result == 0 && op->accepted.empty()) return;
  if (result != 0) {
    // EMFILE and its like: the listener stays, but asking again at once would spin.
    selector_->forget(op->descriptor, false);
    state.watched = false;
    state.reader = nullptr;
    op->started = false;
  }
  finish(op, result, completed);
}

void Readiness::write(Op* op, State& state, OpList* completed) {
  int32_t result = 0;
  if (op->kind == OpKind::kConnect) {
    result = socket_error(op->descriptor);
  } else if (op->kind == OpKind::kSend) {
    SendOp* send = static_cast<SendOp*>(op);
    result = write_channel(send->descriptor, state.channel, send->vectors, send->vector_count);
    if (result == -EAGAIN) return;
  }
  state.writer = nullptr;
  op->started = false;
  finish(op, result, completed);
}

}  // namespace oxbow
