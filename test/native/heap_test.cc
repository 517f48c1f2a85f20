// When memory that is free in the heap goes back to the system.
#include <cstdlib>
#include <vector>

#include "base/heap.h"
#include "check.h"

using namespace oxbow;

namespace {

constexpr size_t kMib = 1u << 20;

// Looks, of `most`, until it is time.
uint32_t looks_until(FreeWatch* watch, size_t free, uint32_t most) {
  for (uint32_t n = 1; n <= most; n++) {
    if (watch->look(free)) return n;
  }
  return 0;
}

}  // namespace

TEST(what_is_needed_again_soon_is_kept) {
  FreeWatch watch;
  CHECK_EQ(looks_until(&watch, kFreeKept - kLookEvery, 1000), 0u);
  // A heap that fills up again between the collections.
  for (uint32_t round = 0; round < 100; round++) {
    for (uint32_t n = 1; n < kLooksAbove; n++) CHECK(!watch.look(kFreeMost - kLookEvery));
    CHECK(!watch.look(8 * kMib));
  }
}

TEST(what_stays_free_goes_back_and_much_of_it_at_once) {
  FreeWatch slow;
  CHECK_EQ(looks_until(&slow, kFreeKept, 1000), kLooksAbove);
  FreeWatch soon;
  CHECK_EQ(looks_until(&soon, kFreeMost, 1000), 1u);
}

// The heap goes on calling it free.
TEST(what_has_gone_back_counts_again_only_as_it_can_have_come_into_use) {
  FreeWatch watch;
  CHECK(watch.look(300 * kMib));
  watch.gave_back(300 * kMib);
  const uint32_t refilled = static_cast<uint32_t>(kFreeKept / kLookEvery) - 1;
  CHECK_EQ(looks_until(&watch, 300 * kMib, 1000), refilled + kLooksAbove);
  // It was used, and is free once more.
  watch.gave_back(300 * kMib);
  CHECK(!watch.look(20 * kMib));
  CHECK(watch.look(300 * kMib));
}

#if defined(__GLIBC__)
// Free pieces below one that is in use: the heap cannot shrink, and what it gives back is in it.
TEST(a_heap_with_a_hole_is_given_back_once_and_not_at_every_look) {
  keep_freed_pieces();
  constexpr size_t kPiece = 256u << 10;
  std::vector<void*> pieces;
  for (int n = 0; n < 1000; n++) pieces.push_back(std::malloc(kPiece));
  void* const above = std::malloc(1000);
  for (void* piece : pieces) std::free(piece);
  uint32_t given_back = 0;
  for (int n = 0; n < 64; n++) given_back += note_pieces(kLookEvery) ? 1 : 0;
  std::free(above);
  // Under a sanitizer the heap is another one, and has nothing.
  CHECK(given_back <= 5);
}
#endif

CHECK_MAIN()
