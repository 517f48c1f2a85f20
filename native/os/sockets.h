// What the core asks of the system about sockets and pipes. The systems differ in spelling
// (accept4, SOCK_NONBLOCK, MSG_NOSIGNAL), which stays in here. All descriptors are made
// non-blocking and closed on exec; errors are negative errno, and EINTR never shows.
#pragma once

#include <cstdint>

#include <sys/uio.h>

#include "os/address.h"

namespace oxbow {

// A socket bound and listening. `flags` are layout::kSocket*.
int open_listener(const Address& address, uint32_t flags, int backlog);

// A socket to connect with, bound to `local` unless that is null.
int open_client(const Address& address, const Address* local);

// Both ends of a connection within this process.
int open_pair(int ends[2]);

// The end to read from, and the end to write to.
int open_pipe(int ends[2]);

// 0: connected; -EINPROGRESS: it becomes writable when that is decided, and socket_error() says
// how.
int connect_socket(int descriptor, const Address& address);

// The next connection that waits at a listener, or -EAGAIN. One that its peer has given up
// meanwhile is passed over.
int accept_connection(int listener);

// How many bytes were taken; -EAGAIN where there is no room.
int32_t send_bytes(int descriptor, iovec* vectors, int count);

// How many bytes came; 0 at the end of the stream, -EAGAIN where nothing is there.
int32_t receive_bytes(int descriptor, uint8_t* into, uint32_t size);

// Whether a read would find bytes, the end or an error right now.
bool has_input(int descriptor);

// What a socket has failed with since the last call, or 0.
int socket_error(int descriptor);

// Ends the sending direction.
int end_sending(int descriptor);

// 0, or why this is no descriptor.
int check_descriptor(int descriptor);

void close_descriptor(int descriptor);

// One option by name (os/socket_options.h); of datagrams also ttl, multicastTtl, multicastLoopback.
// 0 or negative errno.
int set_option(int descriptor, const char* name, int value);

// The address of one end (layout::kAddressLocal or kAddressPeer).
int read_address(int descriptor, uint32_t which, Address* out);

// Bytes that the kernel holds because the peer has not confirmed them; 0 where it does not say.
uint32_t unconfirmed_bytes(int descriptor);

}  // namespace oxbow
