// Sockets of any family and type on which programs make the calls themselves (class Socket in
// lib/). As in sockets.h they are non-blocking and closed on exec, errors are negative errno, and
// EINTR is never returned.
#pragma once

#include <cstdint>
#include <string>

#include "os/address.h"

namespace oxbow {

struct SocketKind {
  int family = 0;    // 4, 6, or 0 for a Unix socket
  std::string type;  // stream, datagram, seqpacket
  int protocol = 0;  // 0: the default of the type
  bool listens = false;
};

// -EAFNOSUPPORT or -EPROTOTYPE for an unknown family or type.
int open_raw_socket(const SocketKind& kind);
int open_raw_pair(const std::string& type, int ends[2]);
// Examines a socket that was opened elsewhere: 0; -ENOTSOCK; or -EAFNOSUPPORT or -EPROTOTYPE for an
// unsupported family or type.
int examine_raw_socket(int descriptor, SocketKind* kind);
// Makes it non-blocking and closed on exec, like those opened here.
int prepare_raw_socket(int descriptor);
// Another descriptor of the same socket, closed on exec. The socket stays listening or connected as
// long as any of its descriptors is open.
int duplicate_raw_socket(int descriptor);

int bind_raw_socket(int descriptor, const Address& address);
int listen_raw_socket(int descriptor, int backlog);
// `how`: 0 ends receiving, 1 sending, 2 both.
int shut_raw_socket(int descriptor, int how);

// `from`: receives the sender; may be null.
int32_t receive_raw(int descriptor, uint8_t* into, uint32_t size, Address* from);
// `to`: null for the connected peer.
int32_t send_raw(int descriptor, const uint8_t* data, uint32_t size, const Address* to);

}  // namespace oxbow
