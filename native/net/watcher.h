// A descriptor of somebody else's that is watched.
#pragma once

#include "driver/driver.h"
#include "net/handle.h"

namespace oxbow {

struct Watcher : Handle {
  explicit Watcher(int d) : Handle(HandleKind::kWatcher, d), op(OpKind::kPoll) {
    op.descriptor = d;
    op.owner = this;
  }
  Op op;
};

}  // namespace oxbow
