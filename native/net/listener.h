// A listening socket, and a descriptor of somebody else's that is watched.
#pragma once

#include "driver/driver.h"
#include "net/handle.h"

namespace oxbow {

struct Listener : Handle {
  Listener(int d, uint32_t f) : Handle(HandleKind::kListener, d), flags(f) {
    op.descriptor = d;
    op.owner = this;
  }
  uint32_t flags;  // layout::kSocket*, for the connections it accepts
  AcceptOp op;
};

struct Watcher : Handle {
  explicit Watcher(int d) : Handle(HandleKind::kWatcher, d), op(OpKind::kPoll) {
    op.descriptor = d;
    op.owner = this;
  }
  Op op;
};

}  // namespace oxbow
