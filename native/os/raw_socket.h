// Sockets that programs use call by call (the class Socket in lib/), of any family and kind. As in
// sockets.h they are non-blocking and closed on exec, errors are negative errno, and EINTR never
// shows.
#pragma once

#include <cstdint>
#include <string>

#include "os/address.h"

namespace oxbow {

struct SocketKind {
  int family = 0;    // 4, 6, or 0 for a Unix socket
  std::string type;  // stream, datagram, seqpacket
  int protocol = 0;  // 0: the usual one of the type
  bool listens = false;
};

// -EAFNOSUPPORT or -EPROTOTYPE for a kind that there is not.
int open_raw_socket(const SocketKind& kind);
int open_raw_pair(const std::string& type, int ends[2]);
// What a socket is that was opened elsewhere: 0, -ENOTSOCK, or -EAFNOSUPPORT for a family that is
// none of ours.
int examine_raw_socket(int descriptor, SocketKind* kind);
// Makes it as those are that are made here.
int prepare_raw_socket(int descriptor);
// Another descriptor of the same socket, closed on exec. It listens, or is connected, as long as
// one of them is open.
int duplicate_raw_socket(int descriptor);

int bind_raw_socket(int descriptor, const Address& address);
int listen_raw_socket(int descriptor, int backlog);
// `how`: 0 ends receiving, 1 sending, 2 both.
int shut_raw_socket(int descriptor, int how);

// `from`: whom it came from; null where nobody asks.
int32_t receive_raw(int descriptor, uint8_t* into, uint32_t size, Address* from);
// `to`: null for whom the socket is connected to.
int32_t send_raw(int descriptor, const uint8_t* data, uint32_t size, const Address* to);

}  // namespace oxbow
