// A watched descriptor that another owner opened.
#pragma once

#include "driver/driver.h"
#include "net/handle.h"

namespace oxbow {

class Watcher final : public Handle {
 public:
  Watcher(HandleHost* host, int descriptor);

  // 0, or the error why the descriptor cannot be polled.
  int probe();

  void take(const Submission& entry) override;
  bool reap(Op* op) override;
  bool in_use() const override { return op_.completed; }
  void abort() override;
  void abandon() override { abort(); }  // it never owned the descriptor

 private:
  Op op_;
};

}  // namespace oxbow
