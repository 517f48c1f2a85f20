// From a file to a socket without a copy in between, as each platform spells it.
#pragma once

#include <cstdint>

namespace oxbow {

// How many bytes were taken, at most `count`, of those that stand at `offset`; 0 where the file
// ends. -EAGAIN where the socket has no room; -EOPNOTSUPP for a file or socket that it cannot be
// done with; any other negative errno.
int32_t send_file(int descriptor, int file, int64_t offset, uint32_t count);

}  // namespace oxbow
