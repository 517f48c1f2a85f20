#include "net/stream.h"

#include <algorithm>
#include <cerrno>
#include <utility>

#include "net/stream_limits.h"

namespace oxbow {

using layout::CompletionOp;
using layout::SubmissionOp;

Stream::Stream(HandleHost* h, int d, const ReaderMaker* readers)
    : Handle(HandleKind::kStream, h, d), receive_op(OpKind::kReceive) {
  receive_op.descriptor = d;
  receive_op.owner = static_cast<Handle*>(this);
  if (readers != nullptr) reader = readers->make(this, h);
}

void Stream::take(const Submission& entry) {
  switch (static_cast<SubmissionOp>(entry.op)) {
    case SubmissionOp::kSend: {
      const uint8_t* bytes = host->bytes_to_send(entry);
      if (!alive()) return;
      add_segment(bytes, entry.length);
      break;
    }
    case SubmissionOp::kReadStart:
      start_reading((entry.flags & layout::kReadDirect) != 0);
      if (reader != nullptr) reader->reading_again();
      break;
    case SubmissionOp::kReadStop:
      if (!write_only) stop_reading();
      return;
    case SubmissionOp::kNotifyDrain:
      drain_below = entry.value;
      break;
    case SubmissionOp::kMessageMethod:
    case SubmissionOp::kMessageGoOn:
    case SubmissionOp::kMessagePreface:
      if (reader != nullptr) reader->control(entry);
      return;
    case SubmissionOp::kShutdown:
      shutdown_asked = true;
      break;
    case SubmissionOp::kClose:
      close_asked = true;
      stop_reading();
      break;
    case SubmissionOp::kAbort:
      abort();
      host->queue_events(this);
      return;
    default:
      return;
  }
  // These take effect after everything that is sent in this submit.
  host->flush_later(this);
}

bool Stream::reap(Op* op) {
  switch (op->kind) {
    case OpKind::kReceive:
      if (layered_ != nullptr) {
        reap_layered(op);
        break;
      }
      reap_receive(op);
      on_receive_reaped();
      break;
    case OpKind::kReadable:
      if (layered_ != nullptr) {
        reap_layered(op);
        break;
      }
      if (write_only) {
        on_reader_gone();
        break;
      }
      if (reading && receives_directly() && !start_again) events |= kEventReadable;
      on_receive_reaped();
      break;
    case OpKind::kWritable:
      if (!closed && failure == 0) events |= kEventPoll;
      break;
    default:
      on_send_complete();
      break;
  }
  return true;
}

void Stream::reap_receive(const Op* op) {
  if (closed) return;
  if (op->result <= 0) {
    if (reader != nullptr && op->result == 0) {
      reader->end();
    } else {
      on_receive_end(op->result);
    }
    return;
  }
  deliver(op->data, static_cast<uint32_t>(op->result));
}

void Stream::deliver(const uint8_t* data, uint32_t size) {
  if (reader != nullptr) {
    reader->take(data, size);
    return;
  }
  Completion* completion = host->complete(CompletionOp::kData, this);
  const ReceiveArena::Place place = host->arena().find(data);
  completion->chunk = place.chunk;
  completion->offset = place.offset;
  completion->length = size;
}

// The reader or the layer kept something; they report nothing while the stream is paused.
void Stream::resume() {
  if (!closed && reader != nullptr) reader->resume();
  if (alive() && layered_ != nullptr) pump_layer();
}

void Stream::report(HandleEvent event, Completion* completion) const {
  if (event == kEventRefused) {
    reader->tell_refusal(completion);
  } else if (event == kEventLayer) {
    completion->result = static_cast<int32_t>(layered_->layer->question());
  } else {
    Handle::report(event, completion);
  }
}

void Stream::watch_reader() {
  reading = true;
  receive_op.kind = OpKind::kReadable;
  if (host->driver()->start(&receive_op)) on_receive_end(receive_op.result);
}

// For a write-only stream. Readable means that the reading end has gone; or it is a socket that was
// written to, which is ignored.
void Stream::on_reader_gone() {
  if (!reading || !alive()) return;
  reading = false;
  uint8_t unwanted[256];
  const int32_t received = host->driver()->try_receive(descriptor, unwanted, sizeof(unwanted));
  if (received > 0 || received == -EAGAIN) {
    watch_reader();
  } else if (unsent() > 0) {
    fail(-EPIPE);
  } else {
    events |= kEventEnd;
  }
}

void Stream::start_reading(bool want_direct) {
  if (!alive() || close_asked || write_only) return;
  paused = false;
  if (reader != nullptr && reader->ended()) return;
  if (held) {
    direct = want_direct;
    return;
  }
  if (layered_ != nullptr) {
    // The layer may have kept bytes; reading continues after those.
    direct = want_direct;
    if (layered_->opened && !layered_->at_end) host->resume_later(this);
    return;
  }
  if (reading && direct == want_direct && (receive_op.started || receive_op.completed)) return;
  if (reading) host->driver()->cancel(&receive_op);
  reading = true;
  direct = want_direct;
  start_receiving();
}

void Stream::start_receiving() {
  // The previous completion was not reaped yet, and is told apart by the kind.
  start_again = receive_op.completed;
  if (start_again) return;
  const bool readable = receives_directly() || layered_ != nullptr;
  receive_op.kind = readable ? OpKind::kReadable : OpKind::kReceive;
  if (host->driver()->start(&receive_op)) on_receive_end(receive_op.result);
}

void Stream::on_receive_reaped() {
  const bool again = start_again;
  start_again = false;
  if (!reading || !alive()) return;
  // The reader had to take bytes itself first; now the rest may bypass it.
  const bool turns_direct =
      receive_op.kind == OpKind::kReceive && receive_op.started && receives_directly();
  if (turns_direct) host->driver()->cancel(&receive_op);
  // Or the opposite: bytes have come that may not bypass it.
  const bool turns_back = receive_op.kind == OpKind::kReadable && !receives_directly();
  if (again || turns_direct || turns_back) start_receiving();
}

void Stream::stop_reading() {
  paused = true;
  if (!handshaking()) stop_receiving();
}

void Stream::stop_receiving() {
  if (!reading) return;
  reading = false;
  host->driver()->cancel(&receive_op);
}

void Stream::set_reader(const ReaderMaker& maker) {
  std::unique_ptr<Reader> next = maker.make(this, host);
  if (reader != nullptr) reader->hand_over(next.get());
  reader = std::move(next);
  events &= static_cast<uint16_t>(~kEventRefused);
  release();
  reader->reading_again();
}

void Stream::hold() {
  if (held) return;
  held = true;
  if (!handshaking()) stop_receiving();
}

void Stream::release() {
  if (!held) return;
  held = false;
  if (!paused) start_reading(direct);
}

int Stream::start_connecting(const Address& address) {
  connect_op = std::make_unique<ConnectOp>();
  connect_op->descriptor = descriptor;
  connect_op->owner = static_cast<Handle*>(this);
  connect_op->address = address;
  if (host->driver()->start(connect_op.get())) {
    const int result = connect_op->result;
    connect_op.reset();
    return result;
  }
  connecting = true;
  return -EINPROGRESS;
}

void Stream::add_segment(const uint8_t* data, uint32_t size) {
  Segments& segments = *host->segments();
  const uint32_t index = static_cast<uint32_t>(segments.size());
  segments.push_back({data, size, kNoSegment});
  if (first_segment == kNoSegment) {
    first_segment = index;
  } else {
    segments[last_segment].next = index;
  }
  last_segment = index;
}

uint32_t Stream::queue_segments(uint64_t skip, bool lent) {
  const Segments& segments = *host->segments();
  for (uint32_t at = first_segment; at != kNoSegment; at = segments[at].next) {
    const Segment& segment = segments[at];
    if (skip >= segment.size) {
      skip -= segment.size;
      continue;
    }
    const uint32_t unsent = segment.size - static_cast<uint32_t>(skip);
    uint32_t copied = unsent;
    if (lent && at == last_segment && this->unsent() + unsent > kCopyAll) {
      copied = static_cast<uint32_t>(
          std::min<uint64_t>(unsent, kCopySome - std::min(kCopySome, this->unsent())));
    }
    queue.append(segment.data + skip, copied);
    if (copied < unsent) return unsent - copied;
    skip = 0;
  }
  return 0;
}

uint32_t Stream::send_segments(bool lent) {
  const Segments& segments = *host->segments();
  uint32_t left = 0;
  if (layered_ != nullptr) {
    if (alive()) left = write_segments(lent);
  } else if (first_segment != kNoSegment && alive()) {
    uint64_t sent = 0;
    if (!connecting && queue.empty()) {
      iovec vectors[kStreamVectorsMax];
      int count = 0;
      uint32_t at = first_segment;
      for (; at != kNoSegment && count < kStreamVectorsMax; at = segments[at].next) {
        vectors[count++] = {const_cast<uint8_t*>(segments[at].data), segments[at].size};
      }
      const int32_t taken = host->driver()->try_send(descriptor, vectors, count);
      if (taken >= 0) {
        sent = static_cast<uint64_t>(taken);
        sent_total += sent;
      } else if (taken != -EAGAIN) {
        fail(taken);
      }
    }
    if (alive()) left = queue_segments(sent, lent);
  }
  first_segment = last_segment = kNoSegment;
  continue_sending();
  if (close_asked && failure != 0) abort();
  return left;
}

// Keeps a send operation in progress as long as anything is queued. The operation is allocated only
// then, like the queue, so that an idle stream needs neither.
void Stream::continue_sending() {
  if (layered_ != nullptr) {
    send_collected();
    if (queue.empty() && !sending()) layered_->answered = 0;
    raise_question();
  }
  while (alive() && !connecting && !queue.empty() && !sending()) {
    // Only one operation may wait for room. The file is retried when the queue is empty again.
    if (writable_op != nullptr && writable_op->started) {
      stop_file();
      events |= kEventPoll;
    }
    if (send_op == nullptr) {
      send_op = std::make_unique<SendOp>();
      send_op->descriptor = descriptor;
      send_op->owner = static_cast<Handle*>(this);
    }
    send_op->vector_count = queue.vectors(&send_op->vectors);
    if (!host->driver()->start(send_op.get())) break;
    if (send_op->result < 0) {
      fail(send_op->result);
      return;
    }
    take_sent(send_op->result);
  }
  if (queue.empty() && !sending()) send_op.reset();
  settle();
}

// Does whatever was waiting for the queue to become shorter or empty.
void Stream::settle() {
  if (!alive()) return;
  if (drain_below >= 0 && static_cast<double>(unsent()) <= drain_below) {
    drain_below = -1;
    events |= kEventDrain;
  }
  if (connecting || unsent() > 0) return;
  if (layered_ != nullptr && (close_asked || shutdown_asked) && !layered_->said_goodbye) {
    // The layer's closing message can only follow the handshake, so a half-close waits for that; a
    // close does not.
    if (handshaking() && !close_asked) return;
    if (say_goodbye()) {
      continue_sending();
      return;
    }
    if (!alive()) return;
  }
  if (close_asked) {
    close_now(true);
    return;
  }
  if (!shutdown_asked) return;
  shutdown_asked = false;
  // ENOTCONN means that the peer has reset the connection; reading reports that.
  host->driver()->network().shutdown(descriptor);
}

void Stream::on_send_complete() {
  // The stream may have failed since this completed; then the queue was dropped.
  if (!alive()) return;
  if (connecting) {
    connecting = false;
    connect_result = connect_op->result;
    connect_op.reset();
    if (connect_result != 0) {
      events |= kEventConnect;
      failure = connect_result;
      queue.clear();
      if (close_asked) abort();
      return;
    }
    if (layered_ == nullptr) {
      events |= kEventConnect;
    } else {
      begin_layer(nullptr, 0);
    }
  } else if (send_op->result < 0) {
    fail(send_op->result);
    return;
  } else {
    take_sent(send_op->result);
  }
  continue_sending();
}

int32_t Stream::send_file(int file, int64_t offset, uint32_t count) {
  if (layered_ != nullptr) return -EOPNOTSUPP;
  if (connecting || !queue.empty() || sending()) return -EAGAIN;
  stop_file();
  const int32_t sent = host->driver()->try_send_file(descriptor, file, offset, count);
  if (sent > 0) sent_total += static_cast<uint32_t>(sent);
  if (sent == -EAGAIN) {
    if (writable_op == nullptr) {
      writable_op = std::make_unique<Op>(OpKind::kWritable);
      writable_op->descriptor = descriptor;
      writable_op->owner = static_cast<Handle*>(this);
    }
    if (!writable_op->completed && host->driver()->start(writable_op.get())) {
      return writable_op->result;
    }
  } else if (sent == -EPIPE || sent == -ECONNRESET || sent == -ENOTCONN || sent == -ETIMEDOUT) {
    // The error concerns the connection, not the file.
    fail(sent);
  }
  return sent;
}

// Called when the kernel has taken `count` bytes of the queue.
void Stream::take_sent(int32_t count) {
  queue.consume(static_cast<uint64_t>(count));
  sent_total += static_cast<uint32_t>(count);
}

void Stream::send_everything() {
  if (layered_ != nullptr || connecting) return;
  while (alive() && !queue.empty()) {
    if (send_op != nullptr && send_op->completed) {
      // Completed but not reaped yet: count it now, so that reaping counts nothing.
      const int32_t sent = send_op->result;
      if (sent < 0) break;
      take_sent(sent);
      send_op->result = 0;
      if (queue.empty()) break;
    } else if (send_op != nullptr) {
      host->driver()->cancel(send_op.get());
    }
    iovec* vectors = nullptr;
    const int count = queue.vectors(&vectors);
    const int32_t sent = host->driver()->try_send(descriptor, vectors, count);
    if (sent >= 0) {
      take_sent(sent);
    } else if (sent == -EAGAIN) {
      host->driver()->network().wait_writable(descriptor);
    } else {
      fail(sent);
    }
  }
  continue_sending();
}

void Stream::stop_file() {
  if (writable_op != nullptr) host->driver()->cancel(writable_op.get());
}

int32_t Stream::receive(uint8_t* into, uint32_t size) {
  if (reader != nullptr) {
    const uint64_t most = receives_directly() ? reader->direct_left() : 0;
    if (most == 0) return -EAGAIN;
    size = static_cast<uint32_t>(std::min<uint64_t>(size, most));
  }
  if (layered_ != nullptr) return receive_layered(into, size);
  const int32_t received = host->driver()->try_receive(descriptor, into, size);
  if (received > 0) pass_reader(static_cast<uint32_t>(received));
  if (received == -EAGAIN || received > 0) {
    // Wait for the next kReadable, or for what the reader takes itself.
    if (reading && !receive_op.started && !receive_op.completed) start_receiving();
  } else if (received == 0 && reader != nullptr) {
    reader->end();
  } else {
    on_receive_end(received);
  }
  return received;
}

void Stream::pass_reader(uint32_t size) {
  if (reader == nullptr) return;
  reader->received(size);
  if (reader->direct_left() == 0) direct = false;
}

bool Stream::quiet() const {
  return alive() && events == 0 && !receive_op.completed &&
         (reader == nullptr || reader->quiet()) &&
         (layered_ == nullptr || layered_->layer->quiet());
}

void Stream::on_receive_end(int32_t result) {
  reading = false;
  if (closed || failure != 0) return;
  if (result < 0) {
    fail(result);
  } else {
    events |= kEventEnd;
  }
}

void Stream::fail(int32_t error) {
  if (!alive()) return;
  failure = error;
  if (handshaking()) connect_result = error;
  events |= handshaking() ? kEventConnect : kEventFailed;
  // Nothing that is written now would arrive, so JavaScript must not be asked to write more.
  events &= static_cast<uint16_t>(~kEventDrain);
  paused = true;
  stop_receiving();
  if (layered_ != nullptr) layered_->held.clear();
  if (send_op != nullptr) host->driver()->cancel(send_op.get());
  stop_file();
  queue.clear();
}

void Stream::abort() {
  if (closed) return;
  close_now(true);
}

void Stream::abandon() {
  if (!closed) close_now(false);
}

void Stream::close_now(bool owns) {
  paused = true;
  stop_receiving();
  if (layered_ != nullptr) layered_->held.clear();
  if (connect_op != nullptr) host->driver()->cancel(connect_op.get());
  if (send_op != nullptr) host->driver()->cancel(send_op.get());
  stop_file();
  queue.clear();
  closed = true;
  // After its end, nothing but the end itself is reported of a connection.
  events = kEventClosed;
  host->driver()->release(descriptor, owns);
  descriptor = -1;
}

}  // namespace oxbow
