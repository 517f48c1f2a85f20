// A listening socket.
#pragma once

#include <memory>
#include <utility>

#include "driver/driver.h"
#include "net/handle.h"
#include "net/reader.h"

namespace oxbow {

struct Listener : Handle {
  Listener(int d, std::shared_ptr<const ReaderMaker> maker)
      : Handle(HandleKind::kListener, d), readers(std::move(maker)) {
    op.descriptor = d;
    op.owner = this;
  }
  // For the connections it accepts; null: their bytes are told as they are.
  const std::shared_ptr<const ReaderMaker> readers;
  AcceptOp op;
};

}  // namespace oxbow
