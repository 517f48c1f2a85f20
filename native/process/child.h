// A process that a loop has started: tells when it has ended, and how.
#pragma once

#include "driver/driver.h"
#include "net/handle.h"
#include "os/exit_watch.h"

namespace oxbow {

class Child final : public Handle {
 public:
  // `watch` is of open_exit_watch(). `stays`: it may outlive the loop; else it ends with it.
  Child(HandleHost* host, pid_t pid, int watch, bool stays);

  // To be called once it is among the handles.
  void start();
  // 0 or negative errno; -ESRCH once it has ended.
  int signal(int number);

  void take(const Submission& entry) override;
  bool reap(Op* op) override;
  void report(HandleEvent event, Completion* completion) const override;
  bool in_use() const override { return op_.completed; }
  void abort() override;
  // The descriptor has another owner now, so the end would go unnoticed.
  void abandon() override;

 private:
  // Whether it has ended, and that was reported.
  bool look();
  void stop_watching(bool owns);

  Op op_;
  const pid_t pid_;
  const bool stays_;
  Exit exit_;
};

}  // namespace oxbow
