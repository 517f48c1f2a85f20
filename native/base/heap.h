// Controls how the C library's heap keeps large freed pieces: receive chunks, and blocks of send
// queues.
//
// Freed pieces stay in the process instead of going back to the system one by one: allocating them
// again would cost a page fault and a cleared page for each 4 KiB, which was a seventh of the CPU
// time of a 16 KiB echo. But at most kFreeKept stays: code that frees or allocates large pieces
// reports it with note_pieces(), and the heap is checked every kLookEvery bytes.
//
// Chunks are freed by the garbage collector, many at a time and without notice, so that is only
// noticed with the next bytes that are received or sent. A heap with much free memory just after a
// collection will fill up again, and returning all of that each time would cause the page faults
// that this is meant to avoid. So memory above kFreeKept is returned when it has stayed free for
// kLooksAbove checks, and above kFreeMost at once. All this is for glibc only; elsewhere it does
// nothing.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>

namespace oxbow {

constexpr size_t kFreeKept = 64u << 20;
constexpr size_t kFreeMost = 128u << 20;
constexpr uint32_t kLooksAbove = 8;
constexpr size_t kLookEvery = 8u << 20;

// Decides when to return memory. glibc still counts returned memory as free while something in use
// lies above it, so the amount is tracked here; otherwise the same pages would be returned over and
// over.
class FreeWatch {
 public:
  // `free` bytes are free. True: return them now, and then call gave_back().
  bool look(size_t free) {
    // At most this much can have been reused since the last check.
    gone_ -= std::min(gone_, kLookEvery);
    gone_ = std::min(gone_, free);
    // Plus one interval: what is freed before the next check is not seen.
    const size_t held = free - gone_ + kLookEvery;
    if (held <= kFreeKept) {
      looks_above_ = 0;
      return false;
    }
    return ++looks_above_ >= kLooksAbove || held > kFreeMost;
  }
  // `free` bytes are still counted as free.
  void gave_back(size_t free) {
    gone_ = free;
    looks_above_ = 0;
  }

 private:
  size_t gone_ = 0;           // free bytes that were returned to the system
  uint32_t looks_above_ = 0;  // consecutive checks that found more than kFreeKept
};

// Configures the heap, once per process.
void keep_freed_pieces();

// To be called when this many bytes of large pieces were freed or allocated; from any thread.
// Returns whether memory was returned to the system.
bool note_pieces(size_t bytes);

}  // namespace oxbow
