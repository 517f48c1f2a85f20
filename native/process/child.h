// A process started by a loop: reports when and how it has ended.
#pragma once

#include "driver/driver.h"
#include "net/handle.h"
#include "os/exit_watch.h"

namespace oxbow {

class Child final : public Handle {
 public:
  // `watch` is from open_exit_watch(). `stays`: it may outlive the loop; otherwise it is killed
  // with it.
  Child(HandleHost* host, pid_t pid, int watch, bool stays);

  // To be called after add_handle().
  void start();
  // 0 or negative errno; -ESRCH once it has ended.
  int signal(int number);

  void take(const Submission& entry) override;
  bool reap(Op* op) override;
  void report(HandleEvent event, Completion* completion) const override;
  bool in_use() const override { return op_.completed; }
  void abort() override;
  // The watch descriptor has another owner now, so a new one watches for the end of the child.
  void abandon() override;

 private:
  // Checks whether it has ended, and if so reports it. Returns whether it has.
  bool look();
  void stop_watching(bool owns);

  Op op_;
  const pid_t pid_;
  const bool stays_;
  Exit exit_;
};

}  // namespace oxbow
