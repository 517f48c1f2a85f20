// The state of an open file, for detecting changes.
#pragma once

#include <cstdint>

namespace oxbow {

// If two stamps of one descriptor are equal, the content did not change in between, unless the file
// changed twice within one clock tick of its file system.
struct FileStamp {
  int64_t size = -1;
  int64_t links = 0;
  int64_t modified_seconds = 0;
  int64_t modified_ns = 0;
  int64_t changed_seconds = 0;
  int64_t changed_ns = 0;

  bool operator==(const FileStamp&) const = default;
};

// 0 or a negative errno. On a network file system the cached attributes are used, without a request
// to the server.
int read_stamp(int descriptor, FileStamp* out);

}  // namespace oxbow
