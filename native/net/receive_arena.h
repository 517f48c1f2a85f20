// The memory for received bytes: chunks that JavaScript sees as Buffers. Each byte is handed out
// only once, so the receiver owns it; the garbage collector frees a chunk when its last view is
// gone. Only bytes that were lent (to a reader that copies what it needs within the turn) are
// overwritten.
#pragma once

#include <cstdint>

#include "driver/driver.h"
#include "net/chunk_source.h"
#include "net/slabs.h"
#include "ring/layout.h"

namespace oxbow {

class ReceiveArena final : public ReceiveBuffers {
 public:
  using Place = ChunkPlace;

  explicit ReceiveArena(ChunkSource* source) : slabs(source), source_(source) {}

  Room acquire(bool much) override;
  void commit(const Room& room, uint32_t bytes) override;

  // Room for data that C++ itself writes, aligned to 4 bytes.
  Place allocate(uint32_t bytes);

  // Of the memory given out, `bytes` are not needed any more once their completions are handled.
  // When everything given out since the last rewind() was lent, the memory is reused.
  void lend(uint32_t bytes) { lent_ += bytes; }

  // The position of bytes given out since the last rewind(); null data for any others.
  Place find(const uint8_t* data) const;

  uint32_t chunk() const { return slot_; }
  uint32_t room_in_chunk() const { return layout::kChunkBytes - used_; }
  // How many chunks can still be opened before the next rewind().
  uint32_t chunks_left() const { return layout::kChunkSlots - opened_; }
  // Whether there is room for allocate() of this size.
  bool has_room(uint32_t bytes) const {
    return opened_ < layout::kChunkSlots || room_in_chunk() >= bytes + 4;
  }

  // To be called when JavaScript has seen everything handed out so far: all chunks but the current
  // one are released, and their slots are free.
  void rewind() {
    slabs.rewind();
    if (given_ == 0 || rooms_ != 0) return;
    reuses_ = lent_ == given_;
    if (reuses_) {
      go_back();
    } else {
      forget();
      from_ = used_;
    }
    given_ = lent_ = 0;
  }

  // To be called when JavaScript has run: it may have transferred the current chunk elsewhere, so
  // that its memory belongs to another thread, or is freed.
  void doubt() {
    looked_ = false;
    slabs.doubt();
    // Readers that kept bytes of the last turn check the room before they allocate any.
    if (given_ != 0) look();
  }

  // For small data that JavaScript may keep for long.
  Slabs slabs;

 private:
  void look();
  bool open_chunk();
  void forget();
  void go_back();

  ChunkSource* source_;
  uint8_t* data_ = nullptr;
  uint8_t* chunks_[layout::kChunkSlots] = {};
  uint32_t used_ = layout::kChunkBytes;
  uint32_t slot_ = layout::kChunkSlots - 1;  // slot of the current chunk
  uint32_t opened_ = 0;                      // the current chunk, and those since rewind()
  uint32_t spare_ = 0;                       // chunks after the current one, for reuse
  uint32_t from_ = 0;                        // used_ at the last rewind()
  uint32_t rooms_ = 0;                       // rooms acquired and not committed
  uint64_t given_ = 0;                       // bytes given out since the last rewind()
  uint64_t lent_ = 0;                        // how many of those were lent
  bool looked_ = false;                      // the current chunk was checked since JavaScript ran
  bool reuses_ = false;                      // everything before the last rewind() was lent
};

}  // namespace oxbow
