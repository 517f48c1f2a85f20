#include "net/connection.h"

#include <algorithm>
#include <cerrno>

namespace oxbow {
namespace {

// Vectors given to one system call: enough for a turn's writes to leave together. What is beyond
// them is copied into the queue first. (An array of IOV_MAX would be 16 KiB of stack.)
constexpr int kVectorsMax = 256;

// How much of lent memory is copied into the queue: all of it when that makes the queue no longer
// than this, so that an ordinary write is done with at once; otherwise only as much as keeps a
// send waiting for the socket, whose end then tells JavaScript to give more from where it stands.
constexpr uint64_t kCopyAll = 64 * 1024;
constexpr uint64_t kCopySome = 16 * 1024;

}  // namespace

Connection::Connection(Driver* driver, int descriptor)
    : Handle(HandleKind::kConnection, descriptor), receive_op(OpKind::kReceive), driver_(driver) {
  receive_op.descriptor = send_op.descriptor = descriptor;
  receive_op.owner = send_op.owner = this;
}

void Connection::start_reading(bool want_direct) {
  if (!alive() || close_asked) return;
  paused = false;
  if (reader != nullptr && reader->ended()) return;
  if (reading && direct == want_direct) return;
  if (reading) driver_->cancel(&receive_op);
  reading = true;
  direct = want_direct;
  start_receiving();
}

void Connection::start_receiving() {
  // The last completion is still to be reaped, and says by its kind what it is.
  start_again = receive_op.completed;
  if (start_again) return;
  receive_op.kind = direct ? OpKind::kReadable : OpKind::kReceive;
  if (driver_->start(&receive_op)) on_receive_end(receive_op.result);
}

void Connection::on_receive_reaped() {
  if (start_again && reading && alive()) start_receiving();
  start_again = false;
}

void Connection::stop_reading() {
  paused = true;
  if (!reading) return;
  reading = false;
  driver_->cancel(&receive_op);
}

int Connection::start_connecting(const Address& address) {
  connect_op = std::make_unique<ConnectOp>();
  connect_op->descriptor = descriptor;
  connect_op->owner = this;
  connect_op->address = address;
  if (driver_->start(connect_op.get())) {
    const int result = connect_op->result;
    connect_op.reset();
    return result;
  }
  connecting = true;
  return -EINPROGRESS;
}

void Connection::add_segment(Segments* segments, const uint8_t* data, uint32_t size) {
  const uint32_t index = static_cast<uint32_t>(segments->size());
  segments->push_back({data, size, kNoSegment});
  if (first_segment == kNoSegment) {
    first_segment = index;
  } else {
    (*segments)[last_segment].next = index;
  }
  last_segment = index;
}

uint32_t Connection::queue_segments(const Segments& segments, uint64_t skip, bool lent) {
  for (uint32_t at = first_segment; at != kNoSegment; at = segments[at].next) {
    const Segment& segment = segments[at];
    if (skip >= segment.size) {
      skip -= segment.size;
      continue;
    }
    const uint32_t unsent = segment.size - static_cast<uint32_t>(skip);
    uint32_t copied = unsent;
    if (lent && at == last_segment && queue.size() + unsent > kCopyAll) {
      copied = static_cast<uint32_t>(
          std::min<uint64_t>(unsent, kCopySome - std::min(kCopySome, queue.size())));
    }
    queue.append(segment.data + skip, copied);
    if (copied < unsent) return unsent - copied;
    skip = 0;
  }
  return 0;
}

uint32_t Connection::flush(const Segments& segments, bool lent) {
  dirty = false;
  uint32_t left = 0;
  if (first_segment != kNoSegment && alive()) {
    uint64_t sent = 0;
    if (!connecting && queue.empty()) {
      iovec vectors[kVectorsMax];
      int count = 0;
      uint32_t at = first_segment;
      for (; at != kNoSegment && count < kVectorsMax; at = segments[at].next) {
        vectors[count++] = {const_cast<uint8_t*>(segments[at].data), segments[at].size};
      }
      const int32_t taken = driver_->try_send(descriptor, vectors, count);
      if (taken >= 0) {
        sent = static_cast<uint64_t>(taken);
      } else if (taken != -EAGAIN) {
        fail(taken);
      }
    }
    if (alive()) left = queue_segments(segments, sent, lent);
  }
  first_segment = last_segment = kNoSegment;
  continue_sending();
  if (close_asked && failure != 0) abort();
  return left;
}

// Keeps a send under way as long as something is queued.
void Connection::continue_sending() {
  while (alive() && !connecting && !queue.empty() && !send_op.started && !send_op.completed) {
    send_op.vector_count = queue.vectors(&send_op.vectors);
    if (!driver_->start(&send_op)) break;
    if (send_op.result < 0) {
      fail(send_op.result);
      return;
    }
    queue.consume(static_cast<uint64_t>(send_op.result));
  }
  settle();
}

// Everything that waits for the queue to empty, or to fall.
void Connection::settle() {
  if (!alive()) return;
  if (drain_below >= 0 && static_cast<double>(queue.size()) <= drain_below) {
    drain_below = -1;
    events |= kEventDrain;
  }
  if (connecting || !queue.empty()) return;
  if (close_asked) {
    close_now(true);
    return;
  }
  if (!shutdown_asked) return;
  shutdown_asked = false;
  // ENOTCONN means that the peer has reset; reading finds that out.
  driver_->network().shutdown(descriptor);
}

void Connection::on_send_complete() {
  // It may have failed since this completed: then nothing is queued that could have been sent.
  if (!alive()) return;
  if (connecting) {
    connecting = false;
    connect_result = connect_op->result;
    connect_op.reset();
    events |= kEventConnect;
    if (connect_result != 0) {
      failure = connect_result;
      queue.clear();
      if (close_asked) abort();
      return;
    }
  } else if (send_op.result < 0) {
    fail(send_op.result);
    return;
  } else {
    queue.consume(static_cast<uint64_t>(send_op.result));
  }
  continue_sending();
}

void Connection::on_receive_end(int32_t result) {
  reading = false;
  if (closed || failure != 0) return;
  if (result < 0) {
    fail(result);
  } else {
    events |= kEventEnd;
  }
}

void Connection::fail(int32_t error) {
  if (!alive()) return;
  failure = error;
  events |= kEventFailed;
  stop_reading();
  driver_->cancel(&send_op);
  queue.clear();
}

void Connection::abort() {
  if (closed) return;
  close_now(true);
}

void Connection::abandon() {
  if (!closed) close_now(false);
}

void Connection::close_now(bool owns) {
  stop_reading();
  if (connect_op != nullptr) driver_->cancel(connect_op.get());
  driver_->cancel(&send_op);
  queue.clear();
  closed = true;
  // Nothing is told about a connection after its end but the end itself.
  events = kEventClosed;
  driver_->release(descriptor, owns);
  descriptor = -1;
}

}  // namespace oxbow
