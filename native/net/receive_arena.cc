#include "net/receive_arena.h"

#include <algorithm>

namespace oxbow {
namespace {

// One receive takes at most this much, so that a busy connection cannot delay the others, and a
// chunk serves several. A pipe whose writer is faster may fill a whole chunk.
constexpr uint32_t kReceiveMax = 1u << 16;
// Less room than this is left unused: a large message should not be split into small pieces, and
// one of 16 KiB should not fill the room exactly, because that would mean "there may be more".
constexpr uint32_t kReceiveMin = 24u << 10;
// Slots that acquire() leaves for allocate() until the next rewind().
constexpr uint32_t kSlotsKept = 8;
// When memory is reused, a turn receives at most about this much and leaves the rest to the next
// turn, so that the data is still in the cache when it is read and sent on.
constexpr uint64_t kRoundMax = layout::kChunkBytes;
// Chunks kept for reuse, besides the current one; together they still fit in the cache.
constexpr uint32_t kSpareMax = 4;

}  // namespace

// Stops writing to a chunk that JavaScript has transferred away. Bytes received there are the new
// owner's.
void ReceiveArena::look() {
  looked_ = true;
  if (data_ != nullptr && !source_->has_memory(slot_)) used_ = layout::kChunkBytes;
}

bool ReceiveArena::open_chunk() {
  if (opened_ >= layout::kChunkSlots) return false;
  const uint32_t slot = (slot_ + 1) % layout::kChunkSlots;
  const bool spare = spare_ > 0;
  if (spare) spare_--;
  if (!spare || !source_->has_memory(slot)) {
    chunks_[slot] = source_->next_chunk(slot, layout::kChunkBytes);
    if (chunks_[slot] == nullptr) return false;
  }
  data_ = chunks_[slot];
  slot_ = slot;
  used_ = 0;
  opened_++;
  return true;
}

void ReceiveArena::forget() {
  for (uint32_t back = 1; back < opened_; back++) {
    const uint32_t slot = (slot_ + layout::kChunkSlots - back) % layout::kChunkSlots;
    source_->forget_chunk(slot);
    chunks_[slot] = nullptr;
  }
  opened_ = std::min(opened_, 1u);
}

// Returns to the position of the last rewind(); the chunks opened since then are kept for reuse.
void ReceiveArena::go_back() {
  const uint32_t back = opened_ - 1;
  slot_ = (slot_ + layout::kChunkSlots - back) % layout::kChunkSlots;
  data_ = chunks_[slot_];
  used_ = from_;
  opened_ = 1;
  for (spare_ += back; spare_ > kSpareMax; spare_--) {
    const uint32_t slot = (slot_ + spare_) % layout::kChunkSlots;
    source_->forget_chunk(slot);
    chunks_[slot] = nullptr;
  }
}

ReceiveBuffers::Room ReceiveArena::acquire(bool much) {
  if (!looked_) look();
  if (reuses_ && given_ >= kRoundMax) return {nullptr, 0};
  if (layout::kChunkBytes - used_ < (much ? kReceiveMax : kReceiveMin)) {
    if (opened_ >= layout::kChunkSlots - kSlotsKept || !open_chunk()) return {nullptr, 0};
  }
  const uint32_t most = much ? layout::kChunkBytes : kReceiveMax;
  const Room room{data_ + used_, std::min(layout::kChunkBytes - used_, most)};
  used_ += room.size;
  rooms_++;
  return room;
}

// Usually this is the room that was acquired last: then the unused rest becomes free again.
void ReceiveArena::commit(const Room& room, uint32_t bytes) {
  if (room.data + room.size == data_ + used_) used_ -= room.size - bytes;
  rooms_--;
  given_ += bytes;
}

ReceiveArena::Place ReceiveArena::allocate(uint32_t bytes) {
  if (!looked_) look();
  uint32_t offset = (used_ + 3) & ~3u;
  if (offset + bytes > layout::kChunkBytes) {
    if (bytes > layout::kChunkBytes || !open_chunk()) return {nullptr, 0, 0};
    offset = 0;
  }
  used_ = offset + bytes;
  given_ += bytes;
  return {data_ + offset, slot_, offset};
}

ReceiveArena::Place ReceiveArena::find(const uint8_t* data) const {
  // Usually in the current chunk, or in the one before it.
  for (uint32_t back = 0; back < opened_; back++) {
    const uint32_t slot = (slot_ + layout::kChunkSlots - back) % layout::kChunkSlots;
    const uint8_t* chunk = chunks_[slot];
    if (data < chunk || data >= chunk + layout::kChunkBytes) continue;
    const uint32_t offset = static_cast<uint32_t>(data - chunk);
    return {chunks_[slot] + offset, slot, offset};
  }
  return {nullptr, 0, 0};
}

}  // namespace oxbow
