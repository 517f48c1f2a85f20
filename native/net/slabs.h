// Memory for small things that JavaScript may keep for long. A view on a receive chunk would keep
// 256 KiB alive, and copying it in JavaScript takes a second object. A slab is small and is written
// only once, like the pool that Node's own small Buffers come from.
#pragma once

#include <cstdint>
#include <cstring>

#include "net/chunk_source.h"
#include "ring/layout.h"

namespace oxbow {

class Slabs {
 public:
  explicit Slabs(ChunkSource* source) : source_(source) {}

  // Copies the bytes. Null data when all slots hold bytes that JavaScript has not seen yet.
  ChunkPlace add(const uint8_t* data, uint32_t bytes) {
    if (!looked_) look();
    if (bytes > layout::kSlabBytes - used_ && !open(bytes)) return {nullptr, 0, 0};
    uint8_t* const to = data_ + used_;
    const ChunkPlace place{to, layout::kSlabFirst + slot_, used_};
    std::memcpy(to, data, bytes);
    used_ += bytes;
    return place;
  }

  // JavaScript has run, and may have transferred the current slab elsewhere.
  void doubt() { looked_ = false; }

  // JavaScript has seen everything: the slots of full slabs are free.
  void rewind() {
    for (; opened_ > 1; opened_--) {
      source_->forget_chunk(layout::kSlabFirst +
                            (slot_ + layout::kSlabSlots - opened_ + 1) % layout::kSlabSlots);
    }
  }

 private:
  bool open(uint32_t bytes) {
    if (opened_ == layout::kSlabSlots || bytes > layout::kSlabBytes) return false;
    const uint32_t slot = (slot_ + 1) % layout::kSlabSlots;
    uint8_t* const data = source_->next_chunk(layout::kSlabFirst + slot, layout::kSlabBytes);
    if (data == nullptr) return false;
    data_ = data;
    slot_ = slot;
    used_ = 0;
    opened_++;
    return true;
  }

  void look() {
    looked_ = true;
    if (data_ != nullptr && !source_->has_memory(layout::kSlabFirst + slot_)) {
      used_ = layout::kSlabBytes;
    }
  }

  ChunkSource* const source_;
  uint8_t* data_ = nullptr;
  uint32_t used_ = layout::kSlabBytes;
  uint32_t slot_ = layout::kSlabSlots - 1;
  bool looked_ = false;  // whether the current slab is still there, since JavaScript has run
  uint32_t opened_ = 0;  // the current slab, and those before it that were not looked at
};

}  // namespace oxbow
