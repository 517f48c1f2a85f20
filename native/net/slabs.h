// Memory for small data that JavaScript may keep for long. A view of a receive chunk would keep 256
// KiB alive, and a copy made in JavaScript costs a second object. A slab is small and is written
// only once, like the pool for Node's own small Buffers.
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

  // To be called when JavaScript has run: it may have transferred the current slab elsewhere.
  void doubt() { looked_ = false; }

  // To be called when JavaScript has seen everything: releases the slots of full slabs.
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
  bool looked_ = false;  // the current slab was checked since JavaScript ran
  uint32_t opened_ = 0;  // the current slab, and earlier ones that JavaScript has not seen
};

}  // namespace oxbow
