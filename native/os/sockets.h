// Sockets and pipes. The differences between systems (accept4, SOCK_NONBLOCK, MSG_NOSIGNAL) are
// hidden here. All descriptors are opened non-blocking and closed on exec; errors are negative
// errno, and EINTR is never returned.
#pragma once

#include <cstdint>

#include <sys/uio.h>

#include "os/address.h"

namespace oxbow {

// Opens a bound and listening socket. `flags` are layout::kSocket*.
int open_listener(const Address& address, uint32_t flags, int backlog);

// Opens a socket for connecting, bound to `local` unless that is null.
int open_client(const Address& address, const Address* local);

// Opens both ends of a connection within this process.
int open_pair(int ends[2]);

// Opens a pipe: the end to read from, and the end to write to.
int open_pipe(int ends[2]);

// 0: connected; -EINPROGRESS: it becomes writable when the attempt has finished, and socket_error()
// then tells the outcome.
int connect_socket(int descriptor, const Address& address);

// Accepts the next connection of a listener, or -EAGAIN. Connections that were aborted meanwhile
// are skipped.
int accept_connection(int listener);

// Returns how many bytes were sent; -EAGAIN if there is no room.
int32_t send_bytes(int descriptor, iovec* vectors, int count);

// Returns how many bytes were received; 0 at the end of the stream, -EAGAIN if there are none.
int32_t receive_bytes(int descriptor, uint8_t* into, uint32_t size);

// Whether a read would return bytes, the end or an error right now.
bool has_input(int descriptor);

// The pending error of a socket as negative errno, or 0; reading it clears it.
int socket_error(int descriptor);

// Ends the sending direction.
int end_sending(int descriptor);

// 0, or a negative errno if this is not an open descriptor.
int check_descriptor(int descriptor);

void close_descriptor(int descriptor);

// Sets one option by name (os/socket_options.h, and also ttl, multicastTtl, multicastLoopback). 0
// or negative errno.
int set_option(int descriptor, const char* name, int value);

// The address of one end (layout::kAddressLocal or kAddressPeer).
int read_address(int descriptor, uint32_t which, Address* out);

// How many sent bytes the peer has not confirmed; 0 if the system does not tell.
uint32_t unconfirmed_bytes(int descriptor);

}  // namespace oxbow
