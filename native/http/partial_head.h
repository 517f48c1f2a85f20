// The beginning of a head whose rest has not come yet. Allocated for the few heads that are cut by
// the end of a read, so that a parser without one stays small; and not larger than what has come,
// so that a peer which stops in the middle of a head has us hold little more than it has sent.
#pragma once

#include <cstdint>

#include "http/head_reader.h"

namespace oxbow::http {

class PartialHead {
 public:
  PartialHead() = default;
  PartialHead(const PartialHead&) = delete;
  PartialHead& operator=(const PartialHead&) = delete;
  ~PartialHead() { release(); }

  bool holds() const { return block_ != nullptr; }
  uint8_t* data() const { return reinterpret_cast<uint8_t*>(block_ + 1); }
  uint32_t size() const { return block_->size; }
  // Bytes of memory that it takes.
  uint32_t memory() const {
    return block_ == nullptr ? 0 : static_cast<uint32_t>(sizeof(Block)) + block_->capacity;
  }
  HeadProgress& progress() { return block_->progress; }

  // Copies size bytes to the end. Grows by halves, so that all appends together cost O(size).
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
