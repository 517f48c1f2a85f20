#include "simulation/network.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "base/assert.h"
#include "ring/layout.h"

namespace oxbow {
namespace {

// Ports that are given out are from here to the last one.
constexpr uint16_t kFirstPort = 49152;
// What the kernel counts for a datagram besides its bytes, more or less.
constexpr uint32_t kDatagramCosts = 256;

}  // namespace

// --- sockets ---

SimulatedNetwork::Socket* SimulatedNetwork::find(int descriptor) {
  const int place = place_of(descriptor);
  if (place < 0 || static_cast<size_t>(place) >= sockets_.size()) return nullptr;
  Socket* socket = &at(place);
  return socket->kind == Kind::kFree ? nullptr : socket;
}

int SimulatedNetwork::make(Kind kind) {
  if (free_.empty()) {
    free_.push_back(static_cast<int>(sockets_.size()));
    sockets_.emplace_back();
  }
  const int place = free_.back();
  free_.pop_back();
  // It may still be in the list of what to look at, from an earlier life.
  const bool touched = at(place).touched;
  at(place) = Socket{};
  at(place).touched = touched;
  at(place).kind = kind;
  at(place).life = ++lives_;
  return place;
}

void SimulatedNetwork::touch(int place) {
  if (place < 0 || at(place).touched) return;
  at(place).touched = true;
  touched_.push_back(place);
}

void SimulatedNetwork::link(int one, int other) {
  at(one).peer = other;
  at(other).peer = one;
  at(one).kind = at(other).kind = Kind::kConnected;
}

void SimulatedNetwork::release(int descriptor) {
  Socket* socket = find(descriptor);
  if (socket == nullptr) return;
  const int place = place_of(descriptor);
  if (socket->peer >= 0) {
    const int peer = socket->peer;
    end_of(place, peer, true);
    // The number will be given out again: the peer must forget it.
    at(peer).peer = -1;
  }
  const std::deque<int> waiting = std::move(socket->waiting);
  const std::deque<int> knocking = std::move(socket->knocking);
  for (Socket& other : sockets_) std::erase(other.knocking, place);
  arrivals_.erase(socket->gives_up);
  const bool touched = socket->touched;
  *socket = Socket{};
  socket->touched = touched;
  free_.push_back(place);
  for (const int each : waiting) release(descriptor_of(each));
  for (const int each : knocking) touch(each);
}

// --- addresses ---

uint16_t SimulatedNetwork::free_port() {
  const auto taken = [this](uint16_t port) {
    return std::any_of(sockets_.begin(), sockets_.end(), [port](const Socket& socket) {
      return socket.kind != Kind::kFree && socket.local.port() == port;
    });
  };
  while (taken(next_port_)) next_port_ = next_port_ == UINT16_MAX ? kFirstPort : next_port_ + 1;
  const uint16_t port = next_port_;
  next_port_ = next_port_ == UINT16_MAX ? kFirstPort : next_port_ + 1;
  return port;
}

bool SimulatedNetwork::port_is_taken(const Address& address, uint32_t flags) const {
  return std::any_of(sockets_.begin(), sockets_.end(), [&](const Socket& socket) {
    if (socket.kind != Kind::kListening || socket.local.port() != address.port()) return false;
    if ((socket.flags & flags & layout::kSocketReusePort) != 0) return false;
    if (socket.local.same_host(address)) return true;
    if (socket.local.family() == address.family()) {
      return socket.local.is_any() || address.is_any();
    }
    const bool other_is_both = socket.local.is_any() && socket.local.family() == AF_INET6 &&
                               (socket.flags & layout::kSocketOnly6) == 0;
    const bool this_is_both =
        address.is_any() && address.family() == AF_INET6 && (flags & layout::kSocketOnly6) == 0;
    return other_is_both || this_is_both;
  });
}

// The place of who listens there, or -1. One for this very address goes before one for all.
int SimulatedNetwork::listener_for(const Address& address) const {
  int any = -1;
  for (size_t place = 0; place < sockets_.size(); place++) {
    const Socket& socket = sockets_[place];
    if (socket.kind != Kind::kListening || socket.local.port() != address.port()) continue;
    if (socket.local.same_host(address)) return static_cast<int>(place);
    const bool same_family = socket.local.family() == address.family();
    const bool both =
        socket.local.family() == AF_INET6 && (socket.flags & layout::kSocketOnly6) == 0;
    if (socket.local.is_any() && (same_family || both)) any = static_cast<int>(place);
  }
  return any;
}

int SimulatedNetwork::listen(const Address& address, uint32_t flags, int backlog) {
  // Their addresses are in the file system, which is not simulated.
  if (address.family() == AF_UNIX) return -EOPNOTSUPP;
  Address local = address;
  if (local.port() == 0) local.set_port(free_port());
  if (port_is_taken(local, flags)) return -EADDRINUSE;
  const int place = make(Kind::kListening);
  at(place).local = local;
  at(place).flags = flags;
  at(place).backlog = static_cast<uint32_t>(std::max(backlog, 1));
  return descriptor_of(place);
}

int SimulatedNetwork::open(const Address& address, const Address* local) {
  if (address.family() == AF_UNIX) return -EOPNOTSUPP;
  if (local != nullptr && local->family() != address.family()) return -EINVAL;
  const int place = make(Kind::kUnconnected);
  if (local != nullptr) at(place).local = *local;
  if (local != nullptr && local->port() == 0) at(place).local.set_port(free_port());
  return descriptor_of(place);
}

int SimulatedNetwork::open_datagrams(const DatagramPlan& plan) {
  const int place = make(Kind::kDatagrams);
  Socket& socket = at(place);
  socket.flags = plan.flags;
  socket.local.storage.ss_family = static_cast<sa_family_t>(plan.family);
  const auto refuse = [&](int error) {
    release(descriptor_of(place));
    return error;
  };
  for (const Address* given : {plan.local, plan.remote}) {
    if (given != nullptr && given->family() != plan.family) return refuse(-EINVAL);
  }
  if (plan.local != nullptr) {
    Address local = *plan.local;
    if (local.port() == 0) local.set_port(free_port());
    for (const Socket& other : sockets_) {
      const bool shared = (other.flags & plan.flags & layout::kSocketReusePort) != 0;
      if (other.kind != Kind::kDatagrams || other.local.port() != local.port() || shared) continue;
      if (other.local.is_any() || local.is_any() || other.local.same_host(local)) {
        return refuse(-EADDRINUSE);
      }
    }
    socket.local = local;
  }
  if (plan.remote != nullptr) {
    socket.remote = *plan.remote;
    if (socket.remote.is_any()) socket.remote.set_loopback();
    if (plan.local == nullptr) {
      socket.local = socket.remote;
      socket.local.set_port(free_port());
    }
  }
  return descriptor_of(place);
}

int SimulatedNetwork::join_group(int, const Address&, unsigned, bool) { return -EOPNOTSUPP; }

int SimulatedNetwork::set_multicast_interface(int, int, unsigned) { return -EOPNOTSUPP; }

int SimulatedNetwork::pair(int ends[2]) {
  const int one = make(Kind::kUnconnected);
  const int other = make(Kind::kUnconnected);
  link(one, other);
  ends[0] = descriptor_of(one);
  ends[1] = descriptor_of(other);
  return 0;
}

int SimulatedNetwork::check(int descriptor) { return find(descriptor) == nullptr ? -EBADF : 0; }

int SimulatedNetwork::address(int descriptor, uint32_t which, Address* out) {
  const Socket* socket = find(descriptor);
  if (socket == nullptr) return -EBADF;
  const bool to_peer = socket->kind == Kind::kDatagrams && socket->remote.family() != 0;
  if (which == layout::kAddressPeer && socket->kind != Kind::kConnected && !to_peer) {
    return -ENOTCONN;
  }
  *out = which == layout::kAddressPeer ? socket->remote : socket->local;
  return 0;
}

int SimulatedNetwork::set_option(int descriptor, const char* name, int) {
  if (find(descriptor) == nullptr) return -EBADF;
  // There is nothing that they could change.
  for (const char* known :
       {"noDelay", "keepAlive", "keepIdle", "keepInterval", "keepCount", "receiveBuffer",
        "sendBuffer", "broadcast", "ttl", "multicastTtl", "multicastLoopback"}) {
    if (std::strcmp(name, known) == 0) return 0;
  }
  return -EINVAL;
}

uint32_t SimulatedNetwork::unconfirmed(int descriptor) {
  const Socket* socket = find(descriptor);
  if (socket == nullptr || socket->peer < 0) return 0;
  return at(socket->peer).available() + at(socket->peer).coming_bytes;
}

bool SimulatedNetwork::has_input(int descriptor) {
  const Socket* socket = find(descriptor);
  return socket == nullptr || socket->available() > 0 || socket->ended;
}

int SimulatedNetwork::shutdown(int descriptor) {
  Socket* socket = find(descriptor);
  if (socket == nullptr) return -EBADF;
  if (socket->kind != Kind::kConnected) return -ENOTCONN;
  socket->broken = true;
  if (socket->peer >= 0) end_of(place_of(descriptor), socket->peer, false);
  return 0;
}

// The peer reads the end, behind what is on its way.
void SimulatedNetwork::end_of(int place, int peer, bool breaks) {
  Piece last{.at_ns = 0, .bytes = {}, .ends = true, .breaks = breaks};
  if (send_piece(place, peer, &last)) return;
  at(peer).ended = true;
  if (breaks) at(peer).broken = true;
  touch(peer);
}

// --- bytes ---

uint32_t SimulatedNetwork::room_towards(const Socket& socket) {
  // The peer has gone, and its end is still on its way: what is sent to it is lost.
  if (socket.peer < 0) return kPipeBytes;
  const Socket& peer = at(socket.peer);
  return kPipeBytes - std::min(kPipeBytes, peer.available() + peer.coming_bytes);
}

int32_t SimulatedNetwork::send(int descriptor, const iovec* vectors, int count) {
  Socket* socket = find(descriptor);
  if (socket == nullptr) return -EBADF;
  if (socket->kind != Kind::kConnected) return -ENOTCONN;
  if (socket->broken) return -EPIPE;
  uint32_t room = room_towards(*socket);
  if (room == 0) return -EAGAIN;
  Piece piece{.at_ns = 0, .bytes = {}};
  for (int n = 0; n < count && room > 0; n++) {
    const uint8_t* bytes = static_cast<const uint8_t*>(vectors[n].iov_base);
    const uint32_t size = static_cast<uint32_t>(std::min<size_t>(vectors[n].iov_len, room));
    piece.bytes.insert(piece.bytes.end(), bytes, bytes + size);
    room -= size;
  }
  const int32_t sent = static_cast<int32_t>(piece.bytes.size());
  if (socket->peer < 0) return sent;
  if (!send_piece(place_of(descriptor), socket->peer, &piece)) {
    take_bytes(socket->peer, std::move(piece.bytes));
  }
  return sent;
}

void SimulatedNetwork::take_bytes(int place, std::vector<uint8_t> bytes) {
  Socket& socket = at(place);
  touch(place);
  if (socket.received.empty()) {
    socket.received = std::move(bytes);
    return;
  }
  if (socket.consumed > 0) {
    socket.received.erase(socket.received.begin(), socket.received.begin() + socket.consumed);
    socket.consumed = 0;
  }
  socket.received.insert(socket.received.end(), bytes.begin(), bytes.end());
}

int32_t SimulatedNetwork::receive(int descriptor, uint8_t* into, uint32_t size) {
  Socket* socket = find(descriptor);
  if (socket == nullptr) return -EBADF;
  const uint32_t count = std::min(size, socket->available());
  if (count == 0) return socket->ended ? 0 : -EAGAIN;
  std::memcpy(into, socket->received.data() + socket->consumed, count);
  socket->consumed += count;
  if (socket->available() == 0) {
    socket->received = {};  // an idle end holds no memory
    socket->consumed = 0;
  }
  touch(socket->peer);
  return static_cast<int32_t>(count);
}

// --- datagrams ---

// The place of who receives there from that sender, or -1. One that is connected to it goes first.
int SimulatedNetwork::datagrams_for(const Address& to, const Address& from) const {
  int found = -1;
  for (size_t place = 0; place < sockets_.size(); place++) {
    const Socket& socket = sockets_[place];
    if (socket.kind != Kind::kDatagrams || socket.local.port() != to.port()) continue;
    const bool here = socket.local.same_host(to) ||
                      (socket.local.is_any() && socket.local.family() == to.family());
    if (!here) continue;
    if (socket.remote.family() == 0) {
      if (found < 0) found = static_cast<int>(place);
    } else if (socket.remote.same_host(from) && socket.remote.port() == from.port()) {
      return static_cast<int>(place);
    }
  }
  return found;
}

int32_t SimulatedNetwork::send_datagram(int place, const OutgoingDatagram& datagram) {
  Socket& socket = at(place);
  if (socket.error != 0) return std::exchange(socket.error, 0);
  if (datagram.length > 65'507) return -EMSGSIZE;
  if (datagram.to == nullptr && socket.remote.family() == 0) return -EDESTADDRREQ;
  Address to = datagram.to == nullptr ? socket.remote : *datagram.to;
  if (to.family() != socket.local.family()) return -EAFNOSUPPORT;
  if (to.port() == 0) return -EINVAL;
  if (to.is_any()) to.set_loopback();
  if (socket.local.port() == 0) {
    if (socket.local.length == 0) socket.local = to;
    socket.local.set_port(free_port());
  }
  Address from = socket.local;
  if (from.is_any()) {
    from = to;
    from.set_port(socket.local.port());
  }
  post_datagram(place, {{datagram.data, datagram.data + datagram.length}, from}, to);
  return 0;
}

// `sender` is where it came from, or -1 if that is gone.
void SimulatedNetwork::deliver(int sender, Datagram datagram, const Address& to) {
  const int receiver = datagrams_for(to, datagram.from);
  if (receiver < 0) {
    // No receiver: only a connected socket learns of that.
    if (sender < 0 || at(sender).remote.family() == 0) return;
    at(sender).error = -ECONNREFUSED;
    touch(sender);
    return;
  }
  Socket& other = at(receiver);
  const uint32_t counts = static_cast<uint32_t>(datagram.bytes.size()) + kDatagramCosts;
  if (other.datagram_bytes + counts > kDatagramsBytes) return;
  other.datagram_bytes += counts;
  other.datagrams.push_back(std::move(datagram));
  touch(receiver);
}

int SimulatedNetwork::send_datagrams(int descriptor, const OutgoingDatagram* list, int count) {
  if (find(descriptor) == nullptr) return -EBADF;
  for (int sent = 0; sent < count; sent++) {
    const int32_t error = send_datagram(place_of(descriptor), list[sent]);
    if (error == 0) continue;
    if (sent == 0) return error;
    // Told by the next call, as the system does it.
    at(place_of(descriptor)).error = error == -ECONNREFUSED ? error : 0;
    return sent;
  }
  return count;
}

int SimulatedNetwork::receive_datagrams(int descriptor, DatagramBatch* batch) {
  Socket* socket = find(descriptor);
  if (socket == nullptr) return -EBADF;
  if (socket->error != 0) return std::exchange(socket->error, 0);
  int count = 0;
  for (; count < batch->wanted && !socket->datagrams.empty(); count++) {
    const Datagram& first = socket->datagrams.front();
    DatagramBatch::Entry& entry = batch->entries[count];
    entry.length = static_cast<uint32_t>(first.bytes.size());
    entry.segment = 0;
    entry.from = first.from;
    // An empty one may have no address to copy from.
    if (!first.bytes.empty()) {
      std::memcpy(batch->data(count), first.bytes.data(), first.bytes.size());
    }
    socket->datagram_bytes -= entry.length + kDatagramCosts;
    socket->datagrams.pop_front();
  }
  touch(place_of(descriptor));
  return count > 0 ? count : -EAGAIN;
}

// --- operations ---

bool SimulatedNetwork::start(Op* op) {
  OXBOW_ASSERT(!op->started);
  Socket* socket = find(op->descriptor);
  if (socket == nullptr) {
    op->result = -EBADF;
    return true;
  }
  switch (op->kind) {
    case OpKind::kReceive:
    case OpKind::kReadable:
    case OpKind::kAccept:
    case OpKind::kPoll:
      OXBOW_ASSERT(socket->reader == nullptr);
      socket->reader = op;
      break;
    case OpKind::kSend: {
      OXBOW_ASSERT(socket->writer == nullptr);
      const SendOp* sending = static_cast<SendOp*>(op);
      op->result = send(op->descriptor, sending->vectors, sending->vector_count);
      if (op->result != -EAGAIN) return true;
      socket->writer = op;
      break;
    }
    case OpKind::kWritable:
      // What is sent in datagrams always has room, or is lost; nothing else is sent that would
      // wait.
      op->result = socket->kind == Kind::kDatagrams ? 0 : -EOPNOTSUPP;
      return true;
    case OpKind::kConnect:
      OXBOW_ASSERT(socket->writer == nullptr);
      if (socket->kind != Kind::kUnconnected) {
        op->result = -EISCONN;
        return true;
      }
      socket->remote = static_cast<ConnectOp*>(op)->address;
      socket->writer = op;
      begin_connect(place_of(op->descriptor));
      break;
  }
  op->started = true;
  touch(place_of(op->descriptor));
  return false;
}

void SimulatedNetwork::cancel(Op* op) {
  Socket* socket = op->started ? find(op->descriptor) : nullptr;
  if (socket != nullptr) {
    if (socket->reader == op) socket->reader = nullptr;
    if (socket->writer == op) socket->writer = nullptr;
  }
  op->started = false;
}

bool SimulatedNetwork::finish(Op** op, int32_t result, bool goes_on, OpList* completed) {
  Op* done = *op;
  if (!goes_on) {
    *op = nullptr;
    done->started = false;
  }
  done->result = result;
  done->completed = true;
  completed->push(done);
  return true;
}

bool SimulatedNetwork::step(OpList* completed, Random* random) {
  arrive();
  std::vector<int> places;
  places.swap(touched_);
  if (random != nullptr) random->shuffle(places);
  for (const int place : places) at(place).touched = false;
  bool any = false;
  for (const int place : places) any = step_one(place, completed) || any;
  return any;
}

bool SimulatedNetwork::step_one(int place, OpList* completed) {
  if (at(place).kind == Kind::kFree) return false;
  const bool wrote = step_writer(place, completed);
  return step_reader(place, completed) || wrote;
}

bool SimulatedNetwork::step_writer(int place, OpList* completed) {
  Op* op = at(place).writer;
  if (op == nullptr) return false;
  if (op->kind == OpKind::kConnect) return step_connect(place, completed);
  const SendOp* sending = static_cast<SendOp*>(op);
  const int32_t result = send(op->descriptor, sending->vectors, sending->vector_count);
  if (result == -EAGAIN) return false;
  return finish(&at(place).writer, result, false, completed);
}

bool SimulatedNetwork::step_connect(int place, OpList* completed) {
  const int32_t error = std::exchange(at(place).error, 0);
  if (error != 0) return finish(&at(place).writer, error, false, completed);
  if (!at(place).reached) return false;
  const Address target = target_of(at(place));
  const int listener = listener_for(target);
  if (listener < 0) return finish(&at(place).writer, -ECONNREFUSED, false, completed);
  if (at(listener).waiting.size() >= at(listener).backlog) {
    std::deque<int>& knocking = at(listener).knocking;
    if (std::find(knocking.begin(), knocking.end(), place) == knocking.end()) {
      knocking.push_back(place);
    }
    return false;
  }
  if (at(place).local.family() == 0) {
    at(place).local = target;
    at(place).local.set_port(free_port());
  }
  at(place).remote = target;
  const int accepted = make(Kind::kUnconnected);
  link(place, accepted);
  at(accepted).local = target;
  at(accepted).remote = at(place).local;
  offer(listener, accepted);
  return finish(&at(place).writer, 0, false, completed);
}

bool SimulatedNetwork::step_reader(int place, OpList* completed) {
  Socket& socket = at(place);
  Op* op = socket.reader;
  if (op == nullptr) return false;
  if (op->completed) {
    // Still to be taken from an earlier list: one completion at a time.
    touch(place);
    return false;
  }
  if (op->kind == OpKind::kAccept) return step_accept(place, completed);
  if (op->kind == OpKind::kPoll) return step_poll(place, completed);
  if (socket.kind == Kind::kDatagrams) {
    if (socket.datagrams.empty() && socket.error == 0) return false;
    return finish(&socket.reader, 0, false, completed);
  }
  if (socket.available() == 0 && !socket.ended) return false;
  if (op->kind == OpKind::kReadable) return finish(&socket.reader, 0, false, completed);
  if (socket.available() == 0) return finish(&socket.reader, 0, false, completed);
  const ReceiveBuffers::Room room = buffers_->acquire(false);
  if (room.size == 0) {
    touch(place);
    return false;
  }
  const int32_t result = receive(op->descriptor, room.data, room.size);
  buffers_->commit(room, static_cast<uint32_t>(result));
  op->data = room.data;
  if (socket.available() > 0 || socket.ended) touch(place);
  return finish(&socket.reader, result, true, completed);
}

bool SimulatedNetwork::step_accept(int place, OpList* completed) {
  Socket& listener = at(place);
  AcceptOp* op = static_cast<AcceptOp*>(listener.reader);
  if (listener.waiting.empty()) return false;
  while (!listener.waiting.empty() && op->accepted.size() < kAcceptsPerStep) {
    op->accepted.push_back(descriptor_of(listener.waiting.front()));
    listener.waiting.pop_front();
  }
  const std::deque<int> knocking = std::move(listener.knocking);
  for (const int each : knocking) touch(each);
  if (!listener.waiting.empty()) touch(place);
  return finish(&listener.reader, 0, true, completed);
}

bool SimulatedNetwork::step_poll(int place, OpList* completed) {
  Socket& socket = at(place);
  const bool readable = socket.available() > 0 || socket.ended || !socket.waiting.empty() ||
                        !socket.datagrams.empty();
  const bool writable = socket.kind == Kind::kConnected &&
                        (socket.broken || socket.peer < 0 || room_towards(socket) > 0);
  const uint32_t seen = ((readable ? layout::kPollIn : 0) | (writable ? layout::kPollOut : 0)) &
                        socket.reader->events;
  if (seen == 0) return false;
  return finish(&socket.reader, static_cast<int32_t>(seen), false, completed);
}

}  // namespace oxbow
