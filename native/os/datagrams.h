// Sends and receives many datagrams at a time: with recvmmsg, sendmmsg, and, where the kernel has
// them, GSO (sends datagrams of one size as one) and GRO (receives them as one). Elsewhere each
// datagram is one call.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "os/address.h"

namespace oxbow {

// The memory for one receive. It is large enough for the largest datagrams, and is shared by all
// sockets of a loop; pages that small datagrams do not touch are never allocated by the system.
class DatagramBatch {
 public:
  static constexpr int kMax = 64;
  // No datagram is longer, and no run that GRO has joined.
  static constexpr uint32_t kBytesMax = 0xffff;

  struct Entry {
    uint32_t length = 0;
    uint32_t segment = 0;  // for a run: the length of each datagram in it, the last may be shorter
    bool cut = false;      // truncated: longer than kBytesMax, which only Unix sockets send
    Address from;
  };

  DatagramBatch();

  uint8_t* data(int place) { return memory_.get() + static_cast<size_t>(place) * kStride; }

  Entry entries[kMax];
  int wanted = kMax;  // how many may be received
  // Set for a connected socket: an error may follow the received datagrams, so only -EAGAIN means
  // that there is nothing more.
  bool connected = false;
  // Set for a Unix socket: no ancillary data is received, because it may contain descriptors that
  // nobody would close.
  bool bare = false;
  // Set by a receive: nothing more is available.
  bool drained = false;

 private:
  // Not a power of two: otherwise all datagrams would compete for the same few cache lines.
  static constexpr size_t kStride = 0x10000 + 0x1000 + 0x140;
  std::unique_ptr<uint8_t[]> memory_;
};

struct OutgoingDatagram {
  const uint8_t* data;
  uint32_t length;
  const Address* to;  // null: the connected peer
};

// The maximum length of datagrams that are sent as runs; lowered when the kernel refuses.
struct SendRuns {
  static constexpr uint32_t kNever = 0;
  uint32_t longest = 0xffff;
};

// How to open a datagram socket. `flags` are layout::kSocket*.
struct DatagramPlan {
  int family = 0;                  // AF_*
  const Address* local = nullptr;  // null: not bound
  const Address* remote = nullptr;
  uint32_t flags = 0;
};
int open_datagrams(const DatagramPlan& plan);
// Prepares a socket that was opened elsewhere. 0 or negative errno.
int adopt_datagrams(int descriptor);

// Returns the number of datagrams received, or a negative errno; -EAGAIN if there are none.
int receive_datagrams(int descriptor, DatagramBatch* batch);

// Returns how many of them were sent, from the first; or the error of the first.
int send_datagrams(int descriptor, const OutgoingDatagram* list, int count, SendRuns* runs);

// Joins or leaves a multicast group. `interface` is the number of an interface, or 0 for the
// system's choice.
int join_group(int descriptor, const Address& group, unsigned interface, bool joins);

// Sets the interface that multicast is sent from, for a socket of that family.
int set_multicast_interface(int descriptor, int family, unsigned interface);

// The number of the network interface with this name or address; 0 if there is none.
unsigned interface_number(const std::string& name_or_address);

}  // namespace oxbow
