// Making sockets: the system calls that happen once for a listener or a connection.
#pragma once

#include <cstdint>

#include "net/address.h"

namespace oxbow {

// A non-blocking socket bound and listening. `flags` are layout::kSocket*. Negative errno on error.
int open_listener(const Address& address, uint32_t flags, int backlog);

// A non-blocking socket to connect with, bound to `local` unless that is null.
int open_client(const Address& address, const Address* local);

// One option by name: noDelay, keepAlive, receiveBuffer, sendBuffer. 0 or negative errno.
int set_option(int descriptor, const char* name, int value);

// The address of one end (layout::kAddressLocal or kAddressPeer). 0 or negative errno.
int read_address(int descriptor, uint32_t which, Address* out);

// Bytes that the kernel holds because the peer has not confirmed them; 0 where it does not say.
uint32_t unconfirmed_bytes(int descriptor);

}  // namespace oxbow
