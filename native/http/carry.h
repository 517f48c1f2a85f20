// The beginning of a head whose rest has not come yet. Allocated for the few heads that are cut by
// the end of a read, so that a parser without one stays small.
#pragma once

#include <cstdint>

#include "http/head_reader.h"

namespace oxbow::http {

class Carry {
 public:
  Carry() = default;
  Carry(const Carry&) = delete;
  Carry& operator=(const Carry&) = delete;
  ~Carry() { release(); }

  bool holds() const { return block_ != nullptr; }
  uint8_t* data() const { return reinterpret_cast<uint8_t*>(block_ + 1); }
  uint32_t size() const { return block_->size; }
  HeadProgress& progress() { return block_->progress; }

  // Copies size bytes to the end. Grows by doubling, so that all appends together cost O(size).
  void append(const uint8_t* bytes, uint32_t size);
  void release();

 private:
  struct Block {
    uint32_t size;
    uint32_t capacity;
    HeadProgress progress;
  };

  Block* block_ = nullptr;
};

}  // namespace oxbow::http
