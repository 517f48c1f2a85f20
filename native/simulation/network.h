// A network in memory. Every numeric address is a host of it; what is sent arrives at once, in
// order, and nothing is lost, unless a link says otherwise (links.h). A direction holds as much as
// a pipe of the system, then senders wait; a listener's backlog holds as many connections as it
// says, then clients wait. A datagram that finds its receiver's buffer full is lost, and one that
// finds no receiver is refused.
//
// network.cc    sockets, addresses, bytes and datagrams at their end, operations
// arrivals.cc   what is on its way over a link that takes time
//
// What waits behind a cut link stays until it is repaired; a connect gives up after a while, as the
// system's does, and an open connection never.
//
// There is no multicast and no broadcast: joining a group is refused (EOPNOTSUPP).
//
// It differs from the system's in little: the numbers of its descriptors (kFirstDescriptor and up),
// a free port is the next one and not any, an IPv6 listener on :: reports IPv4 clients by their
// IPv4 addresses, and a peer that was cut off in the middle shows as an end, not as a reset.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <utility>
#include <vector>

#include "driver/driver.h"
#include "simulation/clock.h"
#include "simulation/links.h"

namespace oxbow {

class SimulatedNetwork final : public Network {
 public:
  // Numbers from here on are the simulation's, so that one can never be taken for the system's.
  static constexpr int kFirstDescriptor = 1 << 16;
  static constexpr uint32_t kPipeBytes = 1u << 16;
  static constexpr uint32_t kAcceptsPerStep = 256;
  static constexpr uint32_t kDatagramsBytes = 208u << 10;  // that wait at one socket

  SimulatedNetwork(const SimulatedClock& clock, uint64_t seed) : clock_(clock), links_(seed) {}

  void open(ReceiveBuffers* buffers) { buffers_ = buffers; }
  static bool is_simulated(int descriptor) { return descriptor >= kFirstDescriptor; }

  // Network
  int listen(const Address& address, uint32_t flags, int backlog) override;
  int listen_on(int, int) override { return -EOPNOTSUPP; }
  int open(const Address& address, const Address* local) override;
  int open_datagrams(const DatagramPlan& plan) override;
  int adopt_datagrams(int) override { return -EOPNOTSUPP; }
  int join_group(int descriptor, const Address& group, unsigned interface, bool joins) override;
  int set_multicast_interface(int descriptor, int family, unsigned interface) override;
  int pair(int ends[2]) override;
  int check(int descriptor) override;
  // The system knows nothing of the numbers here.
  int examine(int) override { return -EBADF; }
  int address(int descriptor, uint32_t which, Address* out) override;
  int credentials(int, Credentials*) override { return -EOPNOTSUPP; }
  int set_option(int descriptor, const char* name, int value) override;
  uint32_t unconfirmed(int descriptor) override;
  bool has_input(int descriptor) override;
  // Nothing is adopted here, and only what is adopted is waited for.
  void wait_writable(int) override {}
  int shutdown(int descriptor) override;
  int set_link(const Address& one, const Address& other, const LinkConditions& is) override;
  int cut_link(const Address& one, const Address& other, bool is_cut) override;

  // Driver, of descriptors of this network
  bool start(Op* op);
  void cancel(Op* op);
  int32_t send(int descriptor, const iovec* vectors, int count);
  int32_t receive(int descriptor, uint8_t* into, uint32_t size);
  int receive_datagrams(int descriptor, DatagramBatch* batch);
  int send_datagrams(int descriptor, const OutgoingDatagram* list, int count);
  void release(int descriptor);

  // Completes what can be completed now, in the order in which it became possible, or in one that
  // `random` chooses. False where there was nothing.
  bool step(OpList* completed, Random* random);
  // Whether there is something to look at.
  bool has_more() const { return !touched_.empty(); }
  // When something arrives next; Clock::kNever where nothing is on its way.
  int64_t next_arrival_ns() const {
    return arrivals_.empty() ? Clock::kNever : arrivals_.begin()->first.first;
  }

 private:
  enum class Kind : uint8_t { kFree, kUnconnected, kConnected, kListening, kDatagrams };

  struct Datagram {
    std::vector<uint8_t> bytes;
    Address from;
  };

  // A piece of a stream on its way, or its end.
  struct Piece {
    int64_t at_ns;  // Clock::kNever: the link is cut
    std::vector<uint8_t> bytes;
    bool ends = false;
    bool breaks = false;  // its sender takes nothing more either
  };

  // A time, and the number of what happens then: what was sent first arrives first.
  using Moment = std::pair<int64_t, uint64_t>;

  // A socket by its place, as long as it is the same.
  struct Reference {
    int place = -1;
    uint64_t life = 0;
  };

  enum class ArrivalKind : uint8_t { kPiece, kDatagram, kConnect, kConnectGivesUp, kAccept };

  // What happens at a moment to come.
  struct Arrival {
    ArrivalKind kind;
    Reference socket;  // kPiece: the receiver; kDatagram: the sender; kAccept: the listener
    Reference accepted = {};
    Datagram datagram = {};
    Address to = {};
  };

  struct Socket {
    Kind kind = Kind::kFree;
    uint64_t life = 0;            // of all sockets that a place has had, this one
    bool reached = false;         // a connect has arrived, and may be answered
    bool waits_for_link = false;  // a connect that a cut link holds
    Moment gives_up = {};         // when it has waited long enough
    bool touched = false;         // in touched_
    bool ended = false;           // nothing more will come
    bool broken = false;          // sending fails: we have ended, or the peer is gone
    uint32_t flags = 0;
    int peer = -1;  // a place, like all below; -1 once it is gone
    Address local;
    Address remote;
    std::vector<uint8_t> received;
    uint32_t consumed = 0;
    std::deque<Piece> coming;  // on their way here, in order
    uint32_t coming_bytes = 0;
    Op* reader = nullptr;  // kReceive, kReadable, kAccept, kPoll
    Op* writer = nullptr;  // kSend, kConnect
    // Of a listener.
    uint32_t backlog = 0;
    std::deque<int> waiting;   // accepted ends that nobody has taken
    std::deque<int> knocking;  // clients that found the backlog full
    // For datagrams.
    std::deque<Datagram> datagrams;
    uint32_t datagram_bytes = 0;  // of them, and what each counts besides
    int32_t error = 0;            // of the last one sent, reported by the next call

    uint32_t available() const { return static_cast<uint32_t>(received.size()) - consumed; }
  };

  Socket* find(int descriptor);
  Socket& at(int place) { return sockets_[static_cast<size_t>(place)]; }
  static int descriptor_of(int place) { return place + kFirstDescriptor; }
  static int place_of(int descriptor) { return descriptor - kFirstDescriptor; }
  int make(Kind kind);
  void touch(int place);
  void link(int one, int other);
  uint16_t free_port();
  bool port_is_taken(const Address& address, uint32_t flags) const;
  int listener_for(const Address& address) const;
  uint32_t room_towards(const Socket& socket);
  void take_bytes(int place, std::vector<uint8_t> bytes);
  int datagrams_for(const Address& to, const Address& from) const;
  int32_t send_datagram(int place, const OutgoingDatagram& datagram);
  void deliver(int sender, Datagram datagram, const Address& to);
  void end_of(int place, int peer, bool breaks);

  // arrivals.cc
  Reference reference(int place) { return {place, at(place).life}; }
  Socket* find(const Reference& socket);
  Moment arrive_at(int64_t at_ns, Arrival arrival);
  // False where the link is instant and nothing else is on its way: then it is there already.
  bool send_piece(int from, int to, Piece* piece);
  void post_datagram(int sender, Datagram datagram, const Address& to);
  Address target_of(const Socket& socket) const;
  Address source_of(const Socket& socket) const;
  void begin_connect(int place);
  void knock(int place);
  void offer(int listener, int accepted);
  void arrive();
  void arrive(Arrival* arrival);
  void take_pieces(int place);
  void look_at_links();
  bool step_one(int place, OpList* completed);
  bool step_writer(int place, OpList* completed);
  bool step_reader(int place, OpList* completed);
  bool step_accept(int place, OpList* completed);
  bool step_poll(int place, OpList* completed);
  bool step_connect(int place, OpList* completed);
  bool finish(Op** op, int32_t result, bool goes_on, OpList* completed);

  const SimulatedClock& clock_;
  Links links_;
  std::map<Moment, Arrival> arrivals_;
  uint64_t arrivals_made_ = 0;
  uint64_t lives_ = 0;
  ReceiveBuffers* buffers_ = nullptr;
  std::vector<Socket> sockets_;
  std::vector<int> free_;
  std::vector<int> touched_;
  uint16_t next_port_ = 49152;
};

}  // namespace oxbow
