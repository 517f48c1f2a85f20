// Descriptors that go along with bytes from one process to another, over Unix sockets.
#pragma once

#include <cstdint>

#include "os/address.h"

namespace oxbow {

// As many as Linux takes with one message.
constexpr int kPassedMax = 253;

struct PassedDescriptors {
  int list[kPassedMax];
  int count = 0;
  bool cut = false;  // there were more, which are closed
};

// How many bytes were taken, the descriptors with the first of them; -EAGAIN where there is no
// room. `to`: null for whom the socket is connected to.
int32_t send_with_descriptors(int descriptor, const uint8_t* data, uint32_t size,
                              const PassedDescriptors& passed, const Address* to);

// How many bytes came; 0 at the end of the stream. At most `wanted` descriptors are kept, closed on
// exec; whatever came beyond them is closed, also where the receive fails.
int32_t receive_with_descriptors(int descriptor, uint8_t* into, uint32_t size, int wanted,
                                 PassedDescriptors* passed);

}  // namespace oxbow
