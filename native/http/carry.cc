#include "http/carry.h"

#include <cstdlib>
#include <cstring>

namespace oxbow::http {

constexpr uint32_t kFirstCapacity = 496;  // with the block's header and malloc's, half a KiB

void Carry::append(const uint8_t* bytes, uint32_t size) {
  const uint32_t held = block_ == nullptr ? 0 : block_->size;
  const uint32_t needed = held + size;
  if (block_ == nullptr || needed > block_->capacity) {
    uint32_t capacity = block_ == nullptr ? kFirstCapacity : block_->capacity * 2;
    if (capacity < needed) capacity = needed;
    auto* grown = static_cast<Block*>(std::realloc(block_, sizeof(Block) + capacity));
    if (grown == nullptr) std::abort();  // like operator new in a core without exceptions
    if (block_ == nullptr) *grown = Block{0, 0, {}};
    grown->capacity = capacity;
    block_ = grown;
  }
  if (size > 0) std::memcpy(data() + held, bytes, size);
  block_->size = needed;
}

void Carry::release() {
  std::free(block_);
  block_ = nullptr;
}

}  // namespace oxbow::http
