// The Linux driver: epoll for readiness, a timerfd for deadlines finer than epoll's millisecond,
// an eventfd to be woken from other threads. All three are behind one descriptor, so a host loop
// needs to watch only that.
#pragma once

#include <atomic>

#include "driver/readiness.h"

namespace oxbow {

class EpollDriver final : public Driver, public Selector {
 public:
  EpollDriver() = default;
  ~EpollDriver() override;

  const char* name() const override { return "epoll"; }
  int open(ReceiveBuffers* buffers) override;
  int64_t now_ns() const override;
  bool start(Op* op) override { return readiness_->start(op); }
  bool cancel(Op* op) override { return readiness_->cancel(op); }
  bool has_input(int descriptor) override { return readiness_->has_input(descriptor); }
  int32_t receive(int descriptor, uint8_t* into, uint32_t size) override {
    return readiness_->receive(descriptor, into, size);
  }
  int shutdown(int descriptor) override;
  void release(int descriptor, bool owns) override;
  int pair(int ends[2]) override;
  bool has_more() const override { return readiness_->has_retries(); }
  int wait(int64_t deadline_ns, OpList* completed) override;
  void wake() override;
  int poll_descriptor() const override { return epoll_; }
  void arm(int64_t deadline_ns) override;

 private:
  int watch(int descriptor, Mode mode, uint32_t events, bool again) override;
  void forget(int descriptor) override;
  void read_own(int descriptor);

  std::unique_ptr<Readiness> readiness_;
  int epoll_ = -1;
  int timer_ = -1;
  int wake_ = -1;
  int64_t armed_ns_ = kForever;
  std::atomic<bool> woken_{false};
};

}  // namespace oxbow
