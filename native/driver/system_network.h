// The system's sockets.
#pragma once

#include "driver/network.h"
#include "os/channel.h"
#include "os/raw_socket.h"
#include "os/sockets.h"

namespace oxbow {

class SystemNetwork final : public Network {
 public:
  int listen(const Address& address, uint32_t flags, int backlog) override {
    return open_listener(address, flags, backlog);
  }
  int listen_on(int descriptor, int backlog) override {
    return listen_raw_socket(descriptor, backlog);
  }
  int open(const Address& address, const Address* local) override {
    return open_client(address, local);
  }
  int open_datagrams(const DatagramPlan& plan) override { return oxbow::open_datagrams(plan); }
  int adopt_datagrams(int descriptor) override { return oxbow::adopt_datagrams(descriptor); }
  int join_group(int descriptor, const Address& group, unsigned interface, bool joins) override {
    return oxbow::join_group(descriptor, group, interface, joins);
  }
  int set_multicast_interface(int descriptor, int family, unsigned interface) override {
    return oxbow::set_multicast_interface(descriptor, family, interface);
  }
  int pair(int ends[2]) override { return open_pair(ends); }
  int check(int descriptor) override { return check_descriptor(descriptor); }
  int examine(int descriptor) override { return examine_descriptor(descriptor); }
  int address(int descriptor, uint32_t which, Address* out) override {
    return read_address(descriptor, which, out);
  }
  int credentials(int descriptor, Credentials* out) override {
    return peer_credentials(descriptor, out);
  }
  int set_option(int descriptor, const char* name, int value) override {
    return oxbow::set_option(descriptor, name, value);
  }
  uint32_t unconfirmed(int descriptor) override { return unconfirmed_bytes(descriptor); }
  bool has_input(int descriptor) override { return oxbow::has_input(descriptor); }
  void wait_writable(int descriptor) override { oxbow::wait_writable(descriptor); }
  int shutdown(int descriptor) override { return end_sending(descriptor); }
};

}  // namespace oxbow
