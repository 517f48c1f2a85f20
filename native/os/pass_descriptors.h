// Passes descriptors together with bytes from one process to another, over Unix sockets.
#pragma once

#include <cstdint>

#include "os/address.h"

namespace oxbow {

// The maximum of Linux for one message.
constexpr int kPassedMax = 253;

struct PassedDescriptors {
  int list[kPassedMax];
  int count = 0;
  bool cut = false;  // there were more, which were closed
};

// Returns how many bytes were sent, the descriptors with the first of them; -EAGAIN if there is no
// room. `to`: null for the connected peer.
int32_t send_with_descriptors(int descriptor, const uint8_t* data, uint32_t size,
                              const PassedDescriptors& passed, const Address* to);

// Returns how many bytes were received; 0 at the end of the stream. At most `wanted` descriptors
// are kept, and are closed on exec; any others are closed.
int32_t receive_with_descriptors(int descriptor, uint8_t* into, uint32_t size, int wanted,
                                 PassedDescriptors* passed);

}  // namespace oxbow
