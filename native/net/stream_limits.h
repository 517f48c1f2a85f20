// How much of what is written to a stream goes where; with a layer or without.
#pragma once

#include <cstdint>

namespace oxbow {

// Vectors given to one system call: enough for a turn's writes to leave together. What is beyond
// them is copied into the queue first. (An array of IOV_MAX would be 16 KiB of stack.)
constexpr int kStreamVectorsMax = 256;

// How much of lent memory is copied into the queue: all of it when that makes the queue no longer
// than this, so that an ordinary write is done with at once; otherwise only as much as keeps a
// send waiting for the socket, whose end then tells JavaScript to give more from where it stands.
constexpr uint64_t kCopyAll = 64 * 1024;
constexpr uint64_t kCopySome = 16 * 1024;

}  // namespace oxbow
