// Linux: epoll for readiness, a timerfd for deadlines finer than epoll's millisecond, an eventfd to
// be woken from other threads. All three are behind one descriptor, so a host loop needs to watch
// only that.
#pragma once

#include <cstdint>

#include "driver/clock.h"
#include "driver/selector.h"
#include "os/wake.h"

namespace oxbow {

class Epoll final : public Selector {
 public:
  Epoll() = default;
  ~Epoll() override;

  const char* name() const override { return "epoll"; }
  int open() override;
  int watch(int descriptor, Mode mode, uint32_t events, bool again) override;
  void forget(int descriptor, bool closes) override;
  int wait(int64_t deadline_ns, Event* events, int most) override;
  void wake() override { wake_.wake(); }
  int poll_descriptor() const override { return epoll_; }
  void arm(int64_t deadline_ns) override;

 private:
  void clear_timer();

  WakeDescriptor wake_;
  int epoll_ = -1;
  int timer_ = -1;
  int64_t armed_ns_ = Clock::kNever;
};

}  // namespace oxbow
