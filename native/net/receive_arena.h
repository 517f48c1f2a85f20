// Where received bytes land: chunks of memory that JavaScript sees as Buffers. Bytes are handed out
// once, so the receiver owns them; the garbage collector frees a chunk when its last view is gone.
// Only bytes that were lent, to a reader that copies what it needs within the turn, are
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

  // Room for something that C++ itself puts there, at a multiple of 4.
  Place allocate(uint32_t bytes);

  // So many of the bytes given out are of no use once their completions are handled. When all that
  // was given out since the last rewind() was lent, the memory is used again.
  void lend(uint32_t bytes) { lent_ += bytes; }

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

  // JavaScript has run, and may have transferred the current chunk elsewhere: its memory is then
  // another thread's, or free.
  void doubt() {
    looked_ = false;
    slabs.doubt();
    // Readers that kept bytes of the last turn ask what room there is before they take any.
    if (given_ != 0) look();
  }

  // For small things that JavaScript may keep for long.
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
  uint32_t slot_ = layout::kChunkSlots - 1;  // of the current chunk
  uint32_t opened_ = 0;                      // the current chunk, and those before it
  uint32_t spare_ = 0;                       // behind the current chunk, to be used again
  uint32_t from_ = 0;                        // where used_ was at the last rewind()
  uint32_t rooms_ = 0;                       // acquired and not committed
  uint64_t given_ = 0;                       // bytes since the last rewind()
  uint64_t lent_ = 0;                        // of those
  bool looked_ = false;                      // whether the current chunk is still there
  bool reuses_ = false;                      // all of the last round was lent
};

}  // namespace oxbow
