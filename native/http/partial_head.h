// The beginning of a head whose rest was not received yet. Allocated only for the few heads that
// are split by the end of a read, so that a parser without one stays small; and about as large as
// the received bytes, so that a peer that stops in the middle of a head cannot make us hold much
// more than it has sent.
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
  // The memory that it uses, in bytes.
  uint32_t memory() const {
    return block_ == nullptr ? 0 : static_cast<uint32_t>(sizeof(Block)) + block_->capacity;
  }
  HeadProgress& progress() { return block_->progress; }

  // Appends a copy of size bytes. Grows by half, so that all appends together cost O(size).
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
