// Handles by number. A number is used again after its handle is gone, with another generation, so
// an operation on a dead handle is seen and ignored.
#pragma once

#include <cstdint>
#include <deque>
#include <vector>

#include "net/handle.h"
#include "ring/layout.h"

namespace oxbow {

class HandleTable {
 public:
  // Generations begin again in the end; a test starts shortly before that.
  explicit HandleTable(uint32_t first_generation = 0)
      : first_generation_(first_generation & layout::kGenerationMask) {}

  // Takes the handle in and gives it its number and generation.
  void add(Handle* handle) {
    if (free_.empty()) {
      free_.push_back(static_cast<uint32_t>(slots_.size()));
      slots_.push_back({nullptr, first_generation_});
    }
    const uint32_t index = free_.back();
    free_.pop_back();
    slots_[index].handle = handle;
    handle->index = index;
    handle->generation = slots_[index].generation;
    count_++;
  }

  // Gives the number back. The handle itself is the caller's. The number is not used again before
  // JavaScript has read the completions up to `told`: one of them tells the old handle's end, and
  // is sent to the owner of the number at the time when it is read.
  void remove(Handle* handle, uint32_t told) {
    Slot& slot = slots_[handle->index];
    slot.handle = nullptr;
    slot.generation = (slot.generation + 1) & layout::kGenerationMask;
    waiting_.push_back({handle->index, told});
    count_--;
  }

  // JavaScript has read the completions up to `read`.
  void recycle(uint32_t read) {
    while (!waiting_.empty() && static_cast<int32_t>(read - waiting_.front().told) >= 0) {
      free_.push_back(waiting_.front().index);
      waiting_.pop_front();
    }
  }

  // Null for a number that was never given, or whose handle is gone.
  Handle* find(uint32_t index, uint32_t generation) const {
    if (index >= slots_.size() || slots_[index].generation != generation) return nullptr;
    return slots_[index].handle;
  }

  uint32_t count() const { return count_; }
  // The number that the next handle gets at the most.
  uint32_t next_index() const {
    return free_.empty() ? static_cast<uint32_t>(slots_.size()) : free_.back();
  }

  template <typename Visit>
  void each(Visit visit) {
    for (Slot& slot : slots_) {
      if (slot.handle != nullptr) visit(slot.handle);
    }
  }

 private:
  struct Slot {
    Handle* handle;
    uint32_t generation;
  };
  const uint32_t first_generation_;
  std::vector<Slot> slots_;
  struct Waiting {
    uint32_t index;
    uint32_t told;
  };
  std::vector<uint32_t> free_;
  std::deque<Waiting> waiting_;
  uint32_t count_ = 0;
};

}  // namespace oxbow
