#include "http/partial_head.h"

#include <algorithm>
#include <cstdlib>
#include <cstring>

namespace oxbow::http {

// Blocks, including their header and malloc's, are multiples of 16, as malloc would round them
// anyway.
constexpr uint32_t kGrain = 16;

void PartialHead::append(const uint8_t* bytes, uint32_t size) {
  const uint32_t held = block_ == nullptr ? 0 : block_->size;
  const uint32_t needed = held + size;
  if (block_ == nullptr || needed > block_->capacity) {
    // The first block has exactly the needed size, since most peers that stop do so at once.
    uint32_t capacity = block_ == nullptr ? 0 : block_->capacity + block_->capacity / 2;
    capacity = std::max(capacity, needed);
    capacity += (kGrain - (sizeof(Block) + sizeof(size_t) + capacity) % kGrain) % kGrain;
    auto* grown = static_cast<Block*>(std::realloc(block_, sizeof(Block) + capacity));
    if (grown == nullptr) std::abort();  // like operator new in a core without exceptions
    if (block_ == nullptr) *grown = Block{0, 0, {}};
    grown->capacity = capacity;
    block_ = grown;
  }
  if (size > 0) std::memcpy(data() + held, bytes, size);
  block_->size = needed;
}

void PartialHead::release() {
  std::free(block_);
  block_ = nullptr;
}

}  // namespace oxbow::http
