// Limits for writing to a stream, with or without a layer.
#pragma once

#include <cstdint>

namespace oxbow {

// Vectors passed to one system call: enough for a turn's writes to leave together. Any further
// segments are copied to the queue first. (An array of IOV_MAX would take 16 KiB of stack.)
constexpr int kStreamVectorsMax = 256;

// How much of lent memory is copied to the queue: all of it, if the queue then stays within
// kCopyAll, so that an ordinary write is finished at once. Otherwise only up to kCopySome, which
// keeps a send waiting for the socket; when that is done JavaScript is asked for the next part of
// its memory.
constexpr uint64_t kCopyAll = 64 * 1024;
constexpr uint64_t kCopySome = 16 * 1024;

}  // namespace oxbow
