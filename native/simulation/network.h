// A network in memory. Every numeric address is one of this machine's; what is sent arrives at
// once, in order, and nothing is lost. A direction holds as much as a pipe of the system, then
// senders wait; a listener's backlog holds as many connections as it says, then clients wait. A
// datagram that finds its receiver's buffer full is lost, and one that finds no receiver is
// refused.
//
// There is no multicast and no broadcast: joining a group is refused (EOPNOTSUPP).
//
// It differs from the system's in little: the numbers of its descriptors (kFirstDescriptor and up),
// a free port is the next one and not any, an IPv6 listener on :: reports IPv4 clients by their
// IPv4 addresses, and a peer that was cut off in the middle shows as an end, not as a reset.
#pragma once

#include <cstdint>
#include <deque>
#include <vector>

#include "driver/driver.h"

namespace oxbow {

class SimulatedNetwork final : public Network {
 public:
  // Numbers from here on are the simulation's, so that one can never be taken for the system's.
  static constexpr int kFirstDescriptor = 1 << 16;
  static constexpr uint32_t kPipeBytes = 1u << 16;
  static constexpr uint32_t kAcceptsPerStep = 256;
  static constexpr uint32_t kDatagramsBytes = 208u << 10;  // that wait at one socket

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

 private:
  enum class Kind : uint8_t { kFree, kUnconnected, kConnected, kListening, kDatagrams };

  struct Datagram {
    std::vector<uint8_t> bytes;
    Address from;
  };

  struct Socket {
    Kind kind = Kind::kFree;
    bool touched = false;  // in touched_
    bool ended = false;    // nothing more will come
    bool broken = false;   // sending fails: we have ended, or the peer is gone
    uint32_t flags = 0;
    int peer = -1;  // a place, like all below; -1 once it is gone
    Address local;
    Address remote;
    std::vector<uint8_t> received;
    uint32_t consumed = 0;
    Op* reader = nullptr;  // kReceive, kReadable, kAccept, kPoll
    Op* writer = nullptr;  // kSend, kConnect
    // Of a listener.
    uint32_t backlog = 0;
    std::deque<int> waiting;   // accepted ends that nobody has taken
    std::deque<int> knocking;  // clients that found the backlog full
    // For datagrams.
    std::deque<Datagram> datagrams;
    uint32_t datagram_bytes = 0;  // of them, and what each counts besides
    int32_t error = 0;            // of the last one sent, told by the next call

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
  int datagrams_for(const Address& to, const Address& from) const;
  int32_t send_datagram(int place, const OutgoingDatagram& datagram);
  bool step_one(int place, OpList* completed);
  bool step_writer(int place, OpList* completed);
  bool step_reader(int place, OpList* completed);
  bool step_accept(int place, OpList* completed);
  bool step_poll(int place, OpList* completed);
  bool step_connect(int place, OpList* completed);
  bool finish(Op** op, int32_t result, bool goes_on, OpList* completed);

  ReceiveBuffers* buffers_ = nullptr;
  std::vector<Socket> sockets_;
  std::vector<int> free_;
  std::vector<int> touched_;
  uint16_t next_port_ = 49152;
};

}  // namespace oxbow
