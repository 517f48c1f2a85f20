// Descriptors that were opened elsewhere: pipes, terminals, files, sockets. This finds out what
// they are, and transfers bytes without ever blocking and without a change that their other users
// would notice.
#pragma once

#include <cstdint>

#include <sys/uio.h>

namespace oxbow {

// How a driver treats a descriptor, as bits. 0 is a socket that was opened here.
using Channel = uint16_t;
constexpr Channel kChannelPlain = 1;      // read() and write() instead of recv() and send()
constexpr Channel kChannelAsk = 2;        // it may block, so poll() is called before each call
constexpr Channel kChannelFile = 4;       // it is always ready
constexpr Channel kChannelPieces = 8;     // a short read does not mean that it is empty
constexpr Channel kChannelReadOnly = 16;  // only for reading
constexpr Channel kChannelWriteOnly = 32;
constexpr Channel kChannelUnsure = 64;  // a device, which may turn out to be always ready
constexpr Channel kChannelTry =
    128;  // readiness may have come before it was registered: try it at once

constexpr Channel kChannelPipe = 256;  // a pipe that we own: it may be enlarged
constexpr Channel kChannelWide = 512;  // a pipe that was enlarged

// Returns its kind and directions (layout::kDescriptor*), or negative errno.
int examine_descriptor(int descriptor);

// Prepares it for a driver, as `traits` (layout::kDescriptor*) say. Returns the descriptor to use,
// which is a new one if it is shared; or negative errno, and then nothing has changed.
int open_channel(int descriptor, uint32_t traits, Channel* channel);

// As send_bytes() and receive_bytes() of sockets.h, for any channel.
int32_t write_channel(int descriptor, Channel channel, iovec* vectors, int count);
int32_t read_channel(int descriptor, Channel channel, uint8_t* into, uint32_t size);

// The usual capacity of a pipe: a read of this many bytes has found it full.
constexpr uint32_t kPipeBytes = 1u << 16;

// Enlarges a pipe, so that writer and reader alternate less often. Does nothing if the system
// refuses: all pipes of a user share a limit.
void widen_pipe(int descriptor);

// Blocks until it is writable or has failed.
void wait_writable(int descriptor);

}  // namespace oxbow
