// Copies of the bytes that the kernel would not take yet, in order. It is empty while the peer
// keeps up, and then costs only one pointer per connection.
#pragma once

#include <cstdint>
#include <memory>

#include <sys/uio.h>

namespace oxbow {

class SendQueue {
 public:
  SendQueue() = default;
  ~SendQueue() { clear(); }
  SendQueue(const SendQueue&) = delete;
  SendQueue& operator=(const SendQueue&) = delete;

  bool empty() const { return state_ == nullptr; }
  uint64_t size() const { return state_ == nullptr ? 0 : state_->size; }

  void append(const void* data, uint32_t size);
  void consume(uint64_t size);
  void clear();

  // The first bytes as vectors that stay valid until consume(). Returns how many there are.
  int vectors(iovec** out);

 private:
  static constexpr int kVectors = 8;

  struct Block {
    Block* next;
    uint32_t head;
    uint32_t tail;
    uint32_t capacity;
    uint8_t* bytes() { return reinterpret_cast<uint8_t*>(this + 1); }
  };
  struct State {
    Block* first = nullptr;
    Block* last = nullptr;
    uint64_t size = 0;
    iovec vectors[kVectors];
  };

  Block* add_block(uint32_t size);
  static void free_block(Block* block);

  std::unique_ptr<State> state_;
};

}  // namespace oxbow
