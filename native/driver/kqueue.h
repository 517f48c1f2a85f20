// macOS and FreeBSD: kqueue for readiness, for deadlines and to be woken from other threads, all
// behind one descriptor, so a host loop needs to watch only that.
//
// On Linux it runs in tests, on a model of kqueue (test/native/kqueue_model). What no test there
// can show, because it is up to the real systems:
//  - that a kqueue inside another one (a guest of libuv) says that it has something;
//  - what kevent64() and KEVENT_FLAG_IMMEDIATE do, and what they cost;
//  - how late EVFILT_TIMER comes;
//  - EPIPE for the write filter of a pipe that nobody reads any more;
//  - EV_EOF of the write filter after our own shutdown, which is not looked at;
//  - the error in `fflags`, which is not looked at either: SO_ERROR says the same everywhere;
//  - what the systems answer when memory is short.
#pragma once

#include <atomic>
#include <cstdint>
#include <initializer_list>
#include <vector>

#include "driver/clock.h"
#include "driver/selector.h"
#include "os/kevent.h"

namespace oxbow {

class Kqueue final : public Selector {
 public:
  Kqueue() = default;
  ~Kqueue() override;

  const char* name() const override { return "kqueue"; }
  int open() override;
  int watch(int descriptor, Mode mode, uint32_t events, bool again) override;
  void forget(int descriptor, bool closes) override;
  int wait(int64_t deadline_ns, Event* events, int most) override;
  void wake() override;
  int poll_descriptor() const override { return queue_; }
  void arm(int64_t deadline_ns) override;

 private:
  int watch_once(int descriptor, uint32_t events);
  void add(int descriptor, int16_t filter, uint16_t flags);
  void remove(int descriptor, std::initializer_list<int16_t> filters);
  void drop_unsent(int descriptor);
  void tell_later(const Event& event);
  void send_changes();
  int take_untold(Event* out, int most);
  bool take(const kernel::Event& event, Event* out);
  void take_once(kernel::Event* events, int at, int count, Event* out);

  int queue_ = -1;
  // Sent with the next wait: calls of their own would double what a connection costs.
  std::vector<kernel::Event> changes_;
  // What was found out between two waits; the user event is triggered while there is any.
  std::vector<Event> untold_;
  int64_t armed_ns_ = Clock::kNever;
  std::atomic<bool> woken_{false};
};

}  // namespace oxbow
