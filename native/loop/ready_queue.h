// The ready queue: a ring of u32 in shared memory to which JavaScript and C++ both append, so that
// one first-in first-out order holds for callbacks, events and timers. JavaScript takes from it.
// What an entry means stands in ring/layout.h.
#pragma once

#include <cstdint>

#include "ring/layout.h"

namespace oxbow {

class ReadyQueue {
 public:
  void bind(uint32_t* entries, uint32_t capacity, uint32_t* control) {
    entries_ = entries;
    mask_ = capacity - 1;
    control_ = control;
  }

  uint32_t size() const {
    return control_[layout::kControlReadyTail] - control_[layout::kControlReadyHead];
  }
  bool empty() const { return size() == 0; }
  uint32_t room() const { return mask_ + 1 - size(); }
  bool full() const { return room() == 0; }

  // The caller has checked full(): what finds no room stays where it is until the next turn.
  void push(uint32_t entry) {
    uint32_t& tail = control_[layout::kControlReadyTail];
    entries_[tail & mask_] = entry;
    tail++;
  }

 private:
  uint32_t* entries_ = nullptr;
  uint32_t mask_ = 0;
  uint32_t* control_ = nullptr;
};

}  // namespace oxbow
