// Receive memory: which of it is used again, and which never.
#include "net/receive_arena.h"

#include <string>

#include "check.h"
#include "engine_harness.h"

using namespace oxbow;
using test::HeapChunks;

namespace {

struct Arena {
  HeapChunks chunks;
  ReceiveArena arena{&chunks};

  // Receives up to so many bytes of a letter; where they stand, or null when there is no room now.
  const uint8_t* receive(uint32_t bytes, char letter) {
    const ReceiveBuffers::Room room = arena.acquire(false);
    if (room.size == 0) return nullptr;
    const uint32_t received = std::min(bytes, room.size);
    std::memset(room.data, letter, received);
    arena.commit(room, received);
    return room.data;
  }
};

bool all_are(const uint8_t* data, uint32_t bytes, char letter) {
  return std::string(reinterpret_cast<const char*>(data), bytes) == std::string(bytes, letter);
}

}  // namespace

TEST(what_is_kept_is_never_written_again) {
  Arena made;
  const uint8_t* const kept = made.receive(1000, 'k');
  made.arena.rewind();
  for (int round = 0; round < 1000; round++) {
    made.receive(1 << 15, 'l');
    made.arena.lend(1 << 15);
    made.arena.rewind();
  }
  CHECK(all_are(kept, 1000, 'k'));
  CHECK(made.chunks.count() <= 1);
}

TEST(a_round_in_which_something_is_kept_is_kept_whole) {
  Arena made;
  const uint8_t* const lent = made.receive(1000, 'l');
  made.arena.lend(1000);
  const uint8_t* const kept = made.receive(1, 'k');
  made.arena.rewind();
  const uint8_t* const next = made.receive(1000, 'n');
  CHECK(all_are(lent, 1000, 'l'));
  CHECK(all_are(kept, 1, 'k'));
  CHECK(next > kept);
  made.arena.lend(1000);
  made.arena.rewind();
  CHECK_EQ(made.receive(1, 'm') - next, 0);
  CHECK(all_are(kept, 1, 'k'));
}

TEST(lent_chunks_are_used_again_and_few_are_held) {
  Arena made;
  for (int n = 0; n < 40; n++) {
    made.receive(1 << 16, 'l');
    made.arena.lend(1 << 16);
  }
  CHECK(made.chunks.count() >= 10);
  made.arena.rewind();
  CHECK(made.chunks.count() <= 5);
  // From now on a turn receives what the cache holds, and the rest later.
  for (int round = 0; round < 20; round++) {
    uint32_t received = 0;
    while (made.receive(1 << 16, 'l') != nullptr) received += 1 << 16;
    CHECK_EQ(received, layout::kChunkBytes);
    made.arena.lend(received);
    made.arena.rewind();
    CHECK(made.chunks.count() <= 5);
  }
  // Until something is kept.
  made.receive(1, 'k');
  made.arena.rewind();
  for (int n = 0; n < 40; n++) CHECK(made.receive(1 << 16, 'k') != nullptr);
}

TEST(a_room_under_way_keeps_everything) {
  Arena made;
  const ReceiveBuffers::Room room = made.arena.acquire(false);
  made.receive(1000, 'l');
  made.arena.lend(1000);
  made.arena.rewind();
  const uint8_t* const next = made.receive(1000, 'n');
  CHECK(next >= room.data + room.size || next + 1000 <= room.data);
}

TEST(a_room_may_be_all_of_a_chunk) {
  Arena made;
  CHECK_EQ(made.arena.acquire(true).size, layout::kChunkBytes);
  made.receive(1000, 'n');
  const ReceiveBuffers::Room rest = made.arena.acquire(true);
  CHECK_EQ(rest.size, layout::kChunkBytes - 1000);
  // What is left after that is too little for much.
  made.arena.commit(rest, layout::kChunkBytes - (1 << 15));
  CHECK_EQ(made.arena.acquire(true).size, layout::kChunkBytes);
}

TEST(memory_that_was_transferred_is_not_written) {
  Arena made;
  made.receive(100, 'a');
  const uint32_t slot = made.arena.chunk();
  made.arena.rewind();
  made.chunks.forget_chunk(slot);
  made.arena.doubt();
  const uint8_t* const next = made.receive(100, 'b');
  CHECK(made.arena.chunk() != slot);
  CHECK(all_are(next, 100, 'b'));

  // The same of what is held for reuse, and of slabs.
  for (int round = 0; round < 3; round++) {
    for (int n = 0; n < 3; n++) {
      made.receive(1 << 16, 'c');
      made.receive(1 << 16, 'c');
      made.arena.lend(1 << 17);
    }
    made.arena.rewind();
    for (uint32_t each = 0; each < layout::kChunkSlots; each++) made.chunks.forget_chunk(each);
    made.arena.doubt();
  }
  const uint8_t bytes[64] = {};
  const ChunkPlace first = made.arena.slabs.add(bytes, sizeof bytes);
  made.arena.slabs.rewind();
  made.chunks.forget_chunk(first.chunk);
  made.arena.doubt();
  const ChunkPlace second = made.arena.slabs.add(bytes, sizeof bytes);
  CHECK(second.data != nullptr);
  CHECK(second.chunk != first.chunk);
}

TEST(slabs_are_written_once) {
  Arena made;
  std::string text = "0123456789abcdef";
  const auto* bytes = reinterpret_cast<const uint8_t*>(text.data());
  const ChunkPlace first = made.arena.slabs.add(bytes, 16);
  CHECK_EQ(first.chunk, layout::kSlabFirst);
  size_t held_max = 0;
  for (uint32_t n = 1; n < 100 * layout::kSlabBytes / 16; n++) {
    const ChunkPlace place = made.arena.slabs.add(bytes, 16);
    CHECK(place.data != nullptr);
    CHECK_EQ(place.chunk, layout::kSlabFirst + n * 16 / layout::kSlabBytes % layout::kSlabSlots);
    CHECK_EQ(place.offset, n * 16 % layout::kSlabBytes);
    CHECK_EQ(made.chunks.at(place.chunk, place.offset) - place.data, 0);
    held_max = std::max(held_max, made.chunks.count());
    if (n % 100 == 0) made.arena.rewind();
  }
  CHECK(held_max <= 2);
}

TEST(slabs_end_when_nobody_has_looked) {
  Arena made;
  const std::string text(layout::kSlabBytes + 1, 's');
  const auto* bytes = reinterpret_cast<const uint8_t*>(text.data());
  uint32_t added = 0;
  while (made.arena.slabs.add(bytes, 2000).data != nullptr) added++;
  CHECK_EQ(added, layout::kSlabSlots * (layout::kSlabBytes / 2000));
  made.arena.rewind();
  CHECK(made.arena.slabs.add(bytes, 2000).data != nullptr);
  CHECK(made.arena.slabs.add(bytes, layout::kSlabBytes + 1).data == nullptr);
}

CHECK_MAIN()
