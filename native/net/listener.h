// A listening socket.
#pragma once

#include <memory>

#include "driver/driver.h"
#include "net/handle.h"
#include "net/layer.h"
#include "net/reader.h"

namespace oxbow {

class Listener final : public Handle {
 public:
  // `readers` and `layers` apply to the accepted streams; null: bytes are reported, and sent,
  // unchanged.
  Listener(HandleHost* host, int descriptor, std::shared_ptr<const ReaderMaker> readers,
           std::shared_ptr<const LayerMaker> layers);
  ~Listener() override;

  void take(const Submission& entry) override;
  bool reap(Op* op) override;
  bool in_use() const override { return op_.completed; }
  void abort() override { close(true); }
  void abandon() override { close(false); }

 private:
  void close(bool owns);

  const std::shared_ptr<const ReaderMaker> readers_;
  const std::shared_ptr<const LayerMaker> layers_;
  AcceptOp op_;
};

}  // namespace oxbow
