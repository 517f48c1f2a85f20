// Where received bytes land: chunks of memory that JavaScript sees as Buffers. Bytes are handed out
// once and never reused, so the receiver owns them; the garbage collector frees a chunk when
// its last view is gone.
#pragma once

#include <cstdint>

#include "driver/driver.h"
#include "ring/layout.h"

namespace oxbow {

// Makes chunks. The addon's are JavaScript memory.
class ChunkSource {
 public:
  // kChunkBytes of memory that stays valid until the slot is asked for again, or null.
  virtual uint8_t* next_chunk(uint32_t slot) = 0;
  // Views on the slot's chunk keep it alive; we do not any more.
  virtual void forget_chunk(uint32_t slot) = 0;

 protected:
  ~ChunkSource() = default;
};

class ReceiveArena final : public ReceiveBuffers {
 public:
  struct Place {
    uint8_t* data;  // null: no chunk available now
    uint32_t chunk;
    uint32_t offset;
  };

  explicit ReceiveArena(ChunkSource* source) : source_(source) {}

  Room acquire() override;
  void commit(const Room& room, uint32_t bytes) override;

  // Room for something that C++ itself puts there, at a multiple of 4.
  Place allocate(uint32_t bytes);

  // Where bytes stand that were given out since the last rewind(); null data for any others.
  Place find(const uint8_t* data) const;

  uint32_t chunk() const { return slot_; }
  uint32_t room_in_chunk() const { return layout::kChunkBytes - used_; }
  // How many chunks can still be opened before the next rewind().
  uint32_t chunks_left() const { return layout::kChunkSlots - opened_; }
  // Whether allocate() of this much succeeds.
  bool has_room(uint32_t bytes) const {
    return opened_ < layout::kChunkSlots || room_in_chunk() >= bytes + 4;
  }

  // Nothing handed out so far waits to be looked at any more: all chunks but the current one are
  // let go of, and their slots are free.
  void rewind() {
    if (opened_ > 1) forget();
  }

 private:
  bool open_chunk();
  void forget();

  ChunkSource* source_;
  uint8_t* data_ = nullptr;
  uint8_t* chunks_[layout::kChunkSlots] = {};
  uint32_t used_ = layout::kChunkBytes;
  uint32_t slot_ = layout::kChunkSlots - 1;  // of the current chunk
  uint32_t opened_ = 0;                      // the current chunk, and those before it
};

}  // namespace oxbow
