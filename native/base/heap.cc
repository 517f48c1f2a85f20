#include "base/heap.h"

#include <atomic>
#include <cstdint>
#include <cstdlib>
#include <mutex>

#if defined(__GLIBC__)
#include <malloc.h>
#endif

namespace oxbow {

#if defined(__GLIBC__)

namespace {

std::atomic<size_t> noted{0};
std::mutex looking;
FreeWatch watch;

// Free bytes in the heap. The fields are int, but as unsigned they are right up to 4 GiB;
// mallinfo2() is missing in some of the glibc versions that we support.
size_t free_bytes() {
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"
  return static_cast<uint32_t>(mallinfo().fordblks);
#pragma GCC diagnostic pop
}

}  // namespace

void keep_freed_pieces() {
  // glibc adapts these thresholds by itself as pieces are freed, but not far enough: it trims the
  // top of the heap as soon as a collection frees more than two chunks there.
  static const bool kept = [] {
    constexpr int kMappedFrom = 4 << 20;
    mallopt(M_MMAP_THRESHOLD, kMappedFrom);
    mallopt(M_TRIM_THRESHOLD, static_cast<int>(kFreeMost));
    return true;
  }();
  static_cast<void>(kept);
}

bool note_pieces(size_t bytes) {
  const size_t before = noted.fetch_add(bytes, std::memory_order_relaxed);
  if (before / kLookEvery == (before + bytes) / kLookEvery) return false;
  const std::lock_guard<std::mutex> lock(looking);
  if (!watch.look(free_bytes())) return false;
  malloc_trim(0);
  watch.gave_back(free_bytes());
  return true;
}

#else

void keep_freed_pieces() {}
bool note_pieces(size_t) { return false; }

#endif

}  // namespace oxbow
