// Making and asking descriptors: what happens once for a listener or a connection, at once and
// without a completion. There are the system's sockets, and those of a simulation, whose numbers
// the system does not know.
//
// Descriptors are numbers from 0; errors are negative errno.
#pragma once

#include <cerrno>
#include <cstdint>

#include "os/address.h"
#include "os/datagrams.h"
#include "os/unix_socket.h"

namespace oxbow {

// What happens to what is sent between two hosts of a simulated network.
struct LinkConditions {
  int64_t latency_ns = 0;
  int64_t jitter_ns = 0;  // up to this much is added to each packet's latency
  double loss = 0;        // probability that a packet is lost
};

class Network {
 public:
  // A socket bound and listening, for kAccept. `flags` are layout::kSocket*.
  virtual int listen(const Address& address, uint32_t flags, int backlog) = 0;
  // Has a bound socket listen that the network has not made.
  virtual int listen_on(int descriptor, int backlog) = 0;
  // A socket to connect to `address` with (kConnect), bound to `local` unless that is null.
  virtual int open(const Address& address, const Address* local) = 0;
  // A socket for datagrams, bound and connected as the plan says.
  virtual int open_datagrams(const DatagramPlan& plan) = 0;
  // Makes one out of a socket that the network has not made.
  virtual int adopt_datagrams(int descriptor) = 0;
  // Takes part in a group of multicast, or no longer, on an interface or where the system likes
  // (0).
  virtual int join_group(int descriptor, const Address& group, unsigned interface, bool joins) = 0;
  // Where multicast leaves.
  virtual int set_multicast_interface(int descriptor, int family, unsigned interface) = 0;
  // Both ends of a connection.
  virtual int pair(int ends[2]) = 0;
  // Whether a descriptor that the network has not made can be waited for with kPoll.
  virtual int check(int descriptor) = 0;

  // What such a descriptor is (layout::kDescriptor*).
  virtual int examine(int descriptor) = 0;

  // The address of one end (layout::kAddressLocal or kAddressPeer).
  virtual int address(int descriptor, uint32_t which, Address* out) = 0;
  // Who is at the other end of a Unix socket.
  virtual int credentials(int descriptor, Credentials* out) = 0;
  // One option by name.
  virtual int set_option(int descriptor, const char* name, int value) = 0;
  // Bytes that were sent and that the peer has not confirmed; 0 where that is not known.
  virtual uint32_t unconfirmed(int descriptor) = 0;
  // Whether a read would find bytes, the end or an error right now, announced or not.
  virtual bool has_input(int descriptor) = 0;
  // Blocks until a descriptor takes something, or says why it does not.
  virtual void wait_writable(int descriptor) = 0;
  // Ends the sending direction: the peer reads the end after what was sent.
  virtual int shutdown(int descriptor) = 0;

  // The link between two hosts, in both directions, and whether it is cut; an address of family 0
  // stands for every host. Only simulated networks have such links.
  virtual int set_link(const Address&, const Address&, const LinkConditions&) {
    return -EOPNOTSUPP;
  }
  virtual int cut_link(const Address&, const Address&, bool) { return -EOPNOTSUPP; }

 protected:
  ~Network() = default;
};

}  // namespace oxbow
