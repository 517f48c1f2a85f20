// The regions that JavaScript lends (ring/layout.h), as C++ sees them.
#pragma once

#include <cstddef>
#include <cstdint>

#include "ring/entries.h"

namespace oxbow {

struct Memory {
  uint32_t* control = nullptr;
  Submission* submissions = nullptr;
  Completion* completions = nullptr;
  uint8_t* transmit = nullptr;
  double* backlog = nullptr;
  uint32_t backlog_capacity = 0;
  uint32_t bound = 0;  // one bit for each region that was lent
};

}  // namespace oxbow
