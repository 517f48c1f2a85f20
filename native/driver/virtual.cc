#include "driver/virtual.h"

#include <algorithm>
#include <cerrno>
#include <cstring>

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "base/assert.h"

namespace oxbow {
namespace {

// Virtual descriptors start here, so that one can never be taken for the system's.
constexpr int kFirstDescriptor = 1 << 24;

}  // namespace

VirtualDriver::~VirtualDriver() {
  if (wake_ >= 0) ::close(wake_);
}

int VirtualDriver::open(ReceiveBuffers* buffers) {
  buffers_ = buffers;
  wake_ = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
  return wake_ < 0 ? -errno : 0;
}

VirtualDriver::End* VirtualDriver::end_of(int descriptor) {
  const int index = descriptor - kFirstDescriptor;
  if (index < 0 || static_cast<size_t>(index) >= ends_.size()) return nullptr;
  End* end = &ends_[static_cast<size_t>(index)];
  return end->open ? end : nullptr;
}

int VirtualDriver::pair(int out[2]) {
  for (int n = 0; n < 2; n++) {
    if (free_.empty()) {
      free_.push_back(static_cast<int>(ends_.size()));
      ends_.emplace_back();
    }
    out[n] = free_.back() + kFirstDescriptor;
    free_.pop_back();
  }
  for (int n = 0; n < 2; n++) {
    End& end = ends_[static_cast<size_t>(out[n] - kFirstDescriptor)];
    end = End{};
    end.open = true;
    end.peer = out[1 - n];
  }
  return 0;
}

int32_t VirtualDriver::send(End& end, const iovec* vectors, int count) {
  End* peer = end_of(end.peer);
  if (end.broken || peer == nullptr) return -EPIPE;
  uint32_t room = kPipeBytes - std::min(kPipeBytes, peer->available());
  if (room == 0) return -EAGAIN;
  if (peer->consumed > 0) {
    peer->received.erase(peer->received.begin(), peer->received.begin() + peer->consumed);
    peer->consumed = 0;
  }
  int32_t sent = 0;
  for (int n = 0; n < count && room > 0; n++) {
    const uint8_t* bytes = static_cast<const uint8_t*>(vectors[n].iov_base);
    const uint32_t size = static_cast<uint32_t>(std::min<size_t>(vectors[n].iov_len, room));
    peer->received.insert(peer->received.end(), bytes, bytes + size);
    room -= size;
    sent += static_cast<int32_t>(size);
  }
  return sent;
}

bool VirtualDriver::start(Op* op) {
  more_ = true;
  OXBOW_ASSERT(!op->started);
  End* end = end_of(op->descriptor);
  if (end == nullptr) {
    op->result = -EBADF;
    return true;
  }
  switch (op->kind) {
    case OpKind::kReceive:
    case OpKind::kReadable:
      OXBOW_ASSERT(end->reader == nullptr);
      end->reader = op;
      break;
    case OpKind::kSend: {
      SendOp* sending = static_cast<SendOp*>(op);
      op->result = send(*end, sending->vectors, sending->vector_count);
      if (op->result != -EAGAIN || !sending->patient) return true;
      end->writer = sending;
      break;
    }
    default:
      // Listening and connecting need the virtual network.
      op->result = -EOPNOTSUPP;
      return true;
  }
  op->started = true;
  return false;
}

bool VirtualDriver::cancel(Op* op) {
  End* end = op->started ? end_of(op->descriptor) : nullptr;
  if (end != nullptr) {
    if (end->reader == op) end->reader = nullptr;
    if (end->writer == op) end->writer = nullptr;
  }
  op->started = false;
  return true;
}

void VirtualDriver::release(int descriptor, bool) {
  more_ = true;
  End* end = end_of(descriptor);
  if (end == nullptr) return;
  if (End* peer = end_of(end->peer)) {
    peer->peer_closed = true;
    peer->broken = true;
  }
  *end = End{};
  free_.push_back(descriptor - kFirstDescriptor);
}

int VirtualDriver::shutdown(int descriptor) {
  more_ = true;
  End* end = end_of(descriptor);
  if (end == nullptr) return -EBADF;
  end->broken = true;
  if (End* peer = end_of(end->peer)) peer->peer_closed = true;
  return 0;
}

int32_t VirtualDriver::receive(int descriptor, uint8_t* into, uint32_t size) {
  End* end = end_of(descriptor);
  if (end == nullptr) return -EBADF;
  const uint32_t count = std::min(size, end->available());
  if (count == 0) return end->peer_closed ? 0 : -EAGAIN;
  std::memcpy(into, end->received.data() + end->consumed, count);
  end->consumed += count;
  return static_cast<int32_t>(count);
}

bool VirtualDriver::has_input(int descriptor) {
  const End* end = end_of(descriptor);
  return end == nullptr || end->available() > 0 || end->peer_closed;
}

bool VirtualDriver::step_reader(End& end, OpList* completed) {
  Op* op = end.reader;
  if (op == nullptr || op->completed || (end.available() == 0 && !end.peer_closed)) return false;
  int32_t result = 0;
  if (op->kind == OpKind::kReceive && end.available() > 0) {
    const ReceiveBuffers::Room room = buffers_->acquire();
    if (room.size == 0) return false;
    result = receive(op->descriptor, room.data, room.size);
    buffers_->commit(static_cast<uint32_t>(result));
    op->data = room.data;
  }
  if (result == 0) {
    end.reader = nullptr;
    op->started = false;
  }
  op->result = result;
  op->completed = true;
  completed->push(op);
  return true;
}

bool VirtualDriver::step_writer(End& end, OpList* completed) {
  SendOp* op = end.writer;
  if (op == nullptr) return false;
  const int32_t result = send(end, op->vectors, op->vector_count);
  if (result == -EAGAIN) return false;
  end.writer = nullptr;
  op->started = false;
  op->result = result;
  op->completed = true;
  completed->push(op);
  return true;
}

bool VirtualDriver::step(OpList* completed) {
  bool any = false;
  for (End& end : ends_) {
    if (!end.open) continue;
    any = step_writer(end, completed) || any;
    any = step_reader(end, completed) || any;
  }
  more_ = any;
  return any;
}

void VirtualDriver::clear_wake() {
  uint64_t ignored;
  const ssize_t size = ::read(wake_, &ignored, sizeof(ignored));
  OXBOW_ASSERT(size == sizeof(ignored) || errno == EAGAIN || errno == EINTR);
}

int VirtualDriver::wait(int64_t deadline_ns, OpList* completed) {
  if (step(completed) || deadline_ns == kNow) {
    clear_wake();
    return 0;
  }
  pollfd watch{wake_, POLLIN, 0};
  const bool sleeps = expected_wakes_ > 0 || (allowed_wakes_ > 0 && deadline_ns == kForever);
  const int woken = ::poll(&watch, 1, sleeps ? -1 : 0);
  if (woken > 0) clear_wake();
  // Woken, or a signal came: let the caller look around, the time is the same.
  if (woken != 0) return 0;
  if (deadline_ns == kForever) return -EDEADLK;
  now_ns_ = std::max(now_ns_, deadline_ns);
  return 0;
}

void VirtualDriver::wake() {
  const uint64_t one = 1;
  const ssize_t size = ::write(wake_, &one, sizeof(one));
  OXBOW_ASSERT(size == sizeof(one) || errno == EAGAIN);
}

}  // namespace oxbow
