#include "net/send_queue.h"

#include <algorithm>
#include <cstdlib>
#include <cstring>

#include "base/assert.h"
#include "base/heap.h"

namespace oxbow {
namespace {

// Blocks are as large as the appended data, but at least this large: a large write is one block,
// and small ones share a block.
constexpr uint32_t kBlockMin = 1u << 14;

}  // namespace

SendQueue::Block* SendQueue::add_block(uint32_t size) {
  const uint32_t capacity = std::max(size, kBlockMin);
  Block* block = static_cast<Block*>(std::malloc(sizeof(Block) + capacity));
  OXBOW_ASSERT(block != nullptr);
  *block = Block{nullptr, 0, 0, capacity};
  (state_->last != nullptr ? state_->last->next : state_->first) = block;
  state_->last = block;
  return block;
}

void SendQueue::free_block(Block* block) {
  const size_t bytes = block->capacity;
  std::free(block);
  note_pieces(bytes);
}

void SendQueue::append(const void* data, uint32_t size) {
  if (size == 0) return;
  if (state_ == nullptr) state_ = std::make_unique<State>();
  state_->size += size;
  const uint8_t* bytes = static_cast<const uint8_t*>(data);
  while (size > 0) {
    Block* block = state_->last;
    if (block == nullptr || block->tail == block->capacity) block = add_block(size);
    const uint32_t count = std::min(size, block->capacity - block->tail);
    std::memcpy(block->bytes() + block->tail, bytes, count);
    block->tail += count;
    bytes += count;
    size -= count;
  }
}

void SendQueue::consume(uint64_t size) {
  OXBOW_ASSERT(size <= this->size());
  if (state_ == nullptr) return;
  state_->size -= size;
  while (size > 0) {
    Block* block = state_->first;
    const uint64_t count = std::min<uint64_t>(size, block->tail - block->head);
    block->head += static_cast<uint32_t>(count);
    size -= count;
    if (block->head < block->tail) break;
    state_->first = block->next;
    if (state_->first == nullptr) state_->last = nullptr;
    free_block(block);
  }
  if (state_->size == 0) clear();
}

void SendQueue::clear() {
  if (state_ == nullptr) return;
  while (Block* block = state_->first) {
    state_->first = block->next;
    free_block(block);
  }
  state_.reset();
}

int SendQueue::vectors(iovec** out) {
  int count = 0;
  Block* block = state_ == nullptr ? nullptr : state_->first;
  for (; block != nullptr && count < kVectors; block = block->next) {
    if (block->tail == block->head) continue;
    state_->vectors[count++] = {block->bytes() + block->head, block->tail - block->head};
  }
  *out = count == 0 ? nullptr : state_->vectors;
  return count;
}

}  // namespace oxbow
