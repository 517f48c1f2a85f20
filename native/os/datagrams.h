// Datagrams, many at a time: recvmmsg, sendmmsg, and where the kernel has them GSO, which sends
// datagrams of one size as one, and GRO, which receives them so. Elsewhere one call for each.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "os/address.h"

namespace oxbow {

// What one receive brings at the most. The memory is large enough for the largest datagrams, and
// is made once for all sockets of a loop; what small ones do not touch the system never provides.
class DatagramBatch {
 public:
  static constexpr int kMax = 64;
  // No datagram is longer, nor a run of them that GRO has put together.
  static constexpr uint32_t kBytesMax = 0xffff;

  struct Entry {
    uint32_t length = 0;
    uint32_t segment = 0;  // of a run: the length of each datagram in it, the last may be shorter
    bool cut = false;      // it was longer than kBytesMax, which only Unix sockets send
    Address from;
  };

  DatagramBatch();

  uint8_t* data(int place) { return memory_.get() + static_cast<size_t>(place) * kStride; }

  Entry entries[kMax];
  int wanted = kMax;  // how many may be received
  // An error may stand behind what is received: only -EAGAIN says that there is nothing more.
  bool connected = false;
  // What comes beside the datagrams may be descriptors, which nobody here would close: of a Unix
  // socket none of it is asked for.
  bool bare = false;
  // Set by a receive: nothing more is there.
  bool drained = false;

 private:
  // Not a power of two, or all datagrams would fight for the same few lines of the cache.
  static constexpr size_t kStride = 0x10000 + 0x1000 + 0x140;
  std::unique_ptr<uint8_t[]> memory_;
};

struct OutgoingDatagram {
  const uint8_t* data;
  uint32_t length;
  const Address* to;  // null: whom the socket is connected to
};

// The length up to which runs of datagrams are sent as one; it falls when the kernel refuses.
struct SendRuns {
  static constexpr uint32_t kNever = 0;
  uint32_t longest = 0xffff;
};

// How a socket for datagrams is made. `flags` are layout::kSocket*.
struct DatagramPlan {
  int family = 0;                  // AF_*
  const Address* local = nullptr;  // null: not bound
  const Address* remote = nullptr;
  uint32_t flags = 0;
};
int open_datagrams(const DatagramPlan& plan);
// Makes one of those out of a socket that others have made: 0 or negative errno.
int adopt_datagrams(int descriptor);

// How many came, or a negative errno; -EAGAIN where nothing is there.
int receive_datagrams(int descriptor, DatagramBatch* batch);

// How many of them were taken, from the first on; or why the first was not.
int send_datagrams(int descriptor, const OutgoingDatagram* list, int count, SendRuns* runs);

// Takes part in a group of multicast, or no longer. `interface` is the number of one, 0 for the
// system's choice.
int join_group(int descriptor, const Address& group, unsigned interface, bool joins);

// Where multicast leaves, for a socket of that family.
int set_multicast_interface(int descriptor, int family, unsigned interface);

// The number of a network interface that is called so or has this address; 0 for none.
unsigned interface_number(const std::string& name_or_address);

}  // namespace oxbow
