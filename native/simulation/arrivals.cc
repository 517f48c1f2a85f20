// SimulatedNetwork's part of what is on its way: streams, datagrams and connects over a link that
// takes time, loses packets or is cut.
#include <algorithm>
#include <utility>

#include "simulation/network.h"

namespace oxbow {

SimulatedNetwork::Socket* SimulatedNetwork::find(const Reference& socket) {
  if (socket.place < 0) return nullptr;
  Socket* found = &at(socket.place);
  return found->kind != Kind::kFree && found->life == socket.life ? found : nullptr;
}

SimulatedNetwork::Moment SimulatedNetwork::arrive_at(int64_t at_ns, Arrival arrival) {
  const Moment moment{at_ns, ++arrivals_made_};
  arrivals_.emplace(moment, std::move(arrival));
  return moment;
}

int SimulatedNetwork::set_link(const Address& one, const Address& other,
                               const LinkConditions& conditions) {
  links_.set(one, other, conditions);
  return 0;
}

int SimulatedNetwork::cut_link(const Address& one, const Address& other, bool is_cut) {
  links_.cut(one, other, is_cut);
  if (!is_cut) look_at_links();
  return 0;
}

// --- streams ---

bool SimulatedNetwork::send_piece(int from, int to, Piece* piece) {
  const Address& here = at(from).local;
  Socket& peer = at(to);
  // Both ends of a pair are in one process, and not on a network.
  const bool instant = here.family() == 0 || links_.is_instant(here, peer.local);
  if (instant && peer.coming.empty()) return false;
  const bool held = !peer.coming.empty() && peer.coming.back().at_ns == Clock::kNever;
  if (held || links_.is_cut(here, peer.local)) {
    piece->at_ns = Clock::kNever;
  } else {
    const int64_t at_ns = clock_.now_ns() + links_.delay(here, peer.local, Links::kResendNs);
    piece->at_ns = peer.coming.empty() ? at_ns : std::max(at_ns, peer.coming.back().at_ns);
    arrive_at(piece->at_ns, {.kind = ArrivalKind::kPiece, .socket = reference(to)});
  }
  peer.coming_bytes += static_cast<uint32_t>(piece->bytes.size());
  peer.coming.push_back(std::move(*piece));
  return true;
}

void SimulatedNetwork::take_pieces(int place) {
  Socket& socket = at(place);
  const bool is_cut = links_.is_cut(socket.remote, socket.local);
  while (!socket.coming.empty() && socket.coming.front().at_ns <= clock_.now_ns()) {
    if (is_cut) {
      // Lost, and sent again when the link is repaired; what follows waits for it.
      for (Piece& piece : socket.coming) piece.at_ns = Clock::kNever;
      return;
    }
    Piece piece = std::move(socket.coming.front());
    socket.coming.pop_front();
    socket.coming_bytes -= static_cast<uint32_t>(piece.bytes.size());
    if (!piece.bytes.empty()) take_bytes(place, std::move(piece.bytes));
    if (piece.ends) socket.ended = true;
    if (piece.breaks) socket.broken = true;
    touch(place);
  }
}

// --- datagrams ---

void SimulatedNetwork::post_datagram(int sender, Datagram datagram, const Address& to) {
  const Address from = datagram.from;
  if (links_.is_instant(from, to)) {
    deliver(sender, std::move(datagram), to);
    return;
  }
  if (links_.is_cut(from, to) || links_.loses(from, to)) return;
  arrive_at(clock_.now_ns() + links_.delay(from, to), {.kind = ArrivalKind::kDatagram,
                                                       .socket = reference(sender),
                                                       .datagram = std::move(datagram),
                                                       .to = to});
}

// --- connects ---

Address SimulatedNetwork::target_of(const Socket& socket) const {
  Address target = socket.remote;
  if (target.is_any()) target.set_loopback();
  return target;
}

// A client without an address of its own has that of the server, which makes it the same host.
Address SimulatedNetwork::source_of(const Socket& socket) const {
  return socket.local.family() == 0 ? target_of(socket) : socket.local;
}

void SimulatedNetwork::begin_connect(int place) {
  Socket& socket = at(place);
  socket.reached = links_.is_instant(source_of(socket), target_of(socket));
  if (socket.reached) return;
  socket.gives_up = {clock_.now_ns() + Links::kGiveUpNs, 0};
  knock(place);
}

// Sends the request of a connect, and its answer; behind a cut link it waits.
void SimulatedNetwork::knock(int place) {
  Socket& socket = at(place);
  const Address here = source_of(socket);
  const Address target = target_of(socket);
  const auto wait = [&](int64_t at_ns, ArrivalKind kind) {
    return arrive_at(at_ns, {.kind = kind, .socket = reference(place)});
  };
  socket.waits_for_link = links_.is_cut(here, target);
  if (socket.waits_for_link) {
    socket.gives_up = wait(socket.gives_up.first, ArrivalKind::kConnectGivesUp);
    return;
  }
  arrivals_.erase(socket.gives_up);
  const int64_t there_ns = links_.delay(here, target, Links::kKnockNs);
  const int64_t back_ns = links_.delay(here, target, Links::kKnockNs);
  wait(clock_.now_ns() + there_ns + back_ns, ArrivalKind::kConnect);
}

// The listener has the connection when the client's confirmation has come.
void SimulatedNetwork::offer(int listener, int accepted) {
  const Socket& end = at(accepted);
  if (links_.is_instant(end.remote, end.local)) {
    at(listener).waiting.push_back(accepted);
    touch(listener);
    return;
  }
  arrive_at(clock_.now_ns() + links_.delay(end.remote, end.local, Links::kKnockNs),
            {.kind = ArrivalKind::kAccept,
             .socket = reference(listener),
             .accepted = reference(accepted)});
}

// --- time ---

void SimulatedNetwork::arrive() {
  while (!arrivals_.empty() && arrivals_.begin()->first.first <= clock_.now_ns()) {
    Arrival arrival = std::move(arrivals_.begin()->second);
    arrivals_.erase(arrivals_.begin());
    arrive(&arrival);
  }
}

void SimulatedNetwork::arrive(Arrival* arrival) {
  Socket* socket = find(arrival->socket);
  const int place = arrival->socket.place;
  switch (arrival->kind) {
    case ArrivalKind::kPiece:
      if (socket != nullptr) take_pieces(place);
      return;
    case ArrivalKind::kDatagram:
      if (links_.is_cut(arrival->datagram.from, arrival->to)) return;
      deliver(socket == nullptr ? -1 : place, std::move(arrival->datagram), arrival->to);
      return;
    case ArrivalKind::kConnect:
      if (socket == nullptr || socket->kind != Kind::kUnconnected) return;
      socket->reached = !links_.is_cut(source_of(*socket), target_of(*socket));
      if (socket->reached) {
        touch(place);
      } else {
        knock(place);
      }
      return;
    case ArrivalKind::kConnectGivesUp:
      if (socket == nullptr || socket->kind != Kind::kUnconnected) return;
      socket->error = -ETIMEDOUT;
      touch(place);
      return;
    case ArrivalKind::kAccept: {
      Socket* accepted = find(arrival->accepted);
      if (accepted == nullptr) return;
      if (socket == nullptr) {
        release(descriptor_of(arrival->accepted.place));
        return;
      }
      socket->waiting.push_back(arrival->accepted.place);
      touch(place);
      return;
    }
  }
}

// What a cut link has held goes on its way again where it is repaired.
void SimulatedNetwork::look_at_links() {
  const int64_t now_ns = clock_.now_ns();
  for (size_t n = 0; n < sockets_.size(); n++) {
    const int place = static_cast<int>(n);
    Socket& socket = at(place);
    if (socket.waits_for_link) knock(place);
    if (links_.is_cut(socket.remote, socket.local)) continue;
    int64_t earliest_ns = now_ns;
    for (Piece& piece : socket.coming) {
      if (piece.at_ns == Clock::kNever) {
        piece.at_ns = std::max(
            earliest_ns, now_ns + links_.delay(socket.remote, socket.local, Links::kResendNs));
        arrive_at(piece.at_ns, {.kind = ArrivalKind::kPiece, .socket = reference(place)});
      }
      earliest_ns = piece.at_ns;
    }
  }
}

}  // namespace oxbow
