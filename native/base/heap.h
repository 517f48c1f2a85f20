// How the C library's heap treats the large pieces that bytes travel in: receive chunks, and blocks
// of send queues.
//
// Freed ones stay in the process instead of going back to the system one by one: taking them again
// would cost a page fault and a cleared page for each 4 KiB, which was a seventh of the CPU time of
// a 16 KiB echo. But no more than kFreeKept stays: code that frees large pieces, or takes them,
// says so, and every kLookEvery bytes the heap is looked at.
//
// Chunks are freed by the garbage collector, many at a time, and no one is told: what it frees is
// seen with the next bytes that are received or sent. A heap that has much free just after a
// collection will fill up again, and to give all of that back each time would cost the page faults
// that this is here to avoid. So what is above kFreeKept goes back when it has stayed free for
// kLooksAbove looks, and what is above kFreeMost at once. All of this is for glibc; elsewhere it
// does nothing.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>

namespace oxbow {

constexpr size_t kFreeKept = 64u << 20;
constexpr size_t kFreeMost = 128u << 20;
constexpr uint32_t kLooksAbove = 8;
constexpr size_t kLookEvery = 8u << 20;

// Decides when. The heap counts as free also what it has given back, as long as something that is
// in use stands above it; so that is known here, or the same pages would be given back over and
// over.
class FreeWatch {
 public:
  // So many bytes are free. True: it is time to give them back, and then to say gave_back().
  bool look(size_t free) {
    // No more can have come into use again than what went through since the last look.
    gone_ -= std::min(gone_, kLookEvery);
    gone_ = std::min(gone_, free);
    // Plus one look: what is freed before the next one is not seen.
    const size_t held = free - gone_ + kLookEvery;
    if (held <= kFreeKept) {
      looks_above_ = 0;
      return false;
    }
    return ++looks_above_ >= kLooksAbove || held > kFreeMost;
  }
  // So many bytes are still free.
  void gave_back(size_t free) {
    gone_ = free;
    looks_above_ = 0;
  }

 private:
  size_t gone_ = 0;           // free bytes that the system has
  uint32_t looks_above_ = 0;  // looks, one after the other, that have found more than kFreeKept
};

// Sets the heap up. Once a process.
void keep_freed_pieces();

// This many bytes of large pieces were freed or taken. From any thread. Whether memory was given
// back.
bool note_pieces(size_t bytes);

}  // namespace oxbow
