// Sends from a file to a socket without copying through user space, hiding the differences between
// platforms.
#pragma once

#include <cstdint>

namespace oxbow {

// Returns how many bytes were sent, at most `count`, from `offset` on; 0 at the end of the file.
// -EAGAIN if the socket has no room; -EOPNOTSUPP for a kind of file or socket that does not support
// it; any other negative errno.
int32_t send_file(int descriptor, int file, int64_t offset, uint32_t count);

}  // namespace oxbow
