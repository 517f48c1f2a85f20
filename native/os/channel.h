// Descriptors that others have made: pipes, terminals, files, sockets. What they are, and how bytes
// go through them without ever blocking and without a change that their other users would notice.
#pragma once

#include <cstdint>

#include <sys/uio.h>

namespace oxbow {

// How a driver goes about a descriptor, as bits. 0 is a socket that was made here.
using Channel = uint16_t;
constexpr Channel kChannelPlain = 1;      // read() and write() instead of recv() and send()
constexpr Channel kChannelAsk = 2;        // it may block, so poll() is asked before each call
constexpr Channel kChannelFile = 4;       // it is always ready
constexpr Channel kChannelPieces = 8;     // a short read does not mean that it is empty
constexpr Channel kChannelReadOnly = 16;  // nothing is written
constexpr Channel kChannelWriteOnly = 32;
constexpr Channel kChannelUnsure = 64;  // a device, which may turn out to be always ready
constexpr Channel kChannelTry =
    128;  // what was to be reported of it may have been reported already

constexpr Channel kChannelPipe = 256;  // of our own: it may be made larger
constexpr Channel kChannelWide = 512;  // a pipe that was

// What it is (layout::kDescriptor*), or negative errno.
int examine_descriptor(int descriptor);

// Makes it ready for a driver, as `traits` (layout::kDescriptor*) say. The number to use it by,
// which is another one if it is shared, or negative errno: then nothing has changed.
int open_channel(int descriptor, uint32_t traits, Channel* channel);

// As send_bytes() and receive_bytes() of sockets.h, for any channel.
int32_t write_channel(int descriptor, Channel channel, iovec* vectors, int count);
int32_t read_channel(int descriptor, Channel channel, uint8_t* into, uint32_t size);

// What a pipe holds as a rule: a read of so much has found it full.
constexpr uint32_t kPipeBytes = 1u << 16;

// Makes a pipe hold more, so that its writer and its reader take turns less often. Does nothing
// where the system does not let us: all pipes of a user share a limit.
void widen_pipe(int descriptor);

// Blocks until it takes something, or says why it does not.
void wait_writable(int descriptor);

}  // namespace oxbow
