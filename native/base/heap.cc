#include "base/heap.h"

#include <cstdlib>

#if defined(__GLIBC__)
#include <malloc.h>
#endif

namespace oxbow {

void keep_freed_chunks() {
#if defined(__GLIBC__)
  // glibc moves these thresholds by itself as chunks are freed, but not far enough: the heap's top
  // is trimmed as soon as a collection frees more than two chunks there.
  static const bool kept = [] {
    constexpr int kMappedFrom = 4 << 20;
    constexpr int kKept = 64 << 20;
    mallopt(M_MMAP_THRESHOLD, kMappedFrom);
    mallopt(M_TRIM_THRESHOLD, kKept);
    return true;
  }();
  static_cast<void>(kept);
#endif
}

}  // namespace oxbow
