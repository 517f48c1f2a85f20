// A listening socket, and a descriptor of somebody else's that is watched.
#pragma once

#include <memory>
#include <utility>

#include "driver/driver.h"
#include "http/types.h"
#include "net/handle.h"

namespace oxbow {

struct Listener : Handle {
  Listener(int d, uint32_t f, std::shared_ptr<const http::Limits> l)
      : Handle(HandleKind::kListener, d), flags(f), limits(std::move(l)) {
    op.descriptor = d;
    op.owner = this;
  }
  // For the connections it accepts: layout::kSocket*, and what bounds their messages.
  const uint32_t flags;
  const std::shared_ptr<const http::Limits> limits;
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
