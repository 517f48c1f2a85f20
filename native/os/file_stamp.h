// The state of an open file, to see whether it is still the same.
#pragma once

#include <cstdint>

namespace oxbow {

// Two stamps of one descriptor that are equal have the same content between them, unless the file
// changed twice within a tick of its file system's clock.
struct FileStamp {
  int64_t size = -1;
  int64_t links = 0;
  int64_t modified_seconds = 0;
  int64_t modified_ns = 0;
  int64_t changed_seconds = 0;
  int64_t changed_ns = 0;

  bool operator==(const FileStamp&) const = default;
};

// 0 or a negative errno. It does not ask the server of a network file system again.
int read_stamp(int descriptor, FileStamp* out);

}  // namespace oxbow
