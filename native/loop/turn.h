// One turn of the loop: submit, wait, reap. The dispatch, which runs user code, is JavaScript's
// (lib/core/loop/event-loop.ts); nothing here calls back into it.
#pragma once

#include <cstdint>

#include "driver/driver.h"
#include "loop/ready_queue.h"
#include "loop/statistics.h"
#include "loop/timer_heap.h"

namespace oxbow {

// The engine's part of a turn.
class Operations {
 public:
  // Takes every submission: starts operations, adds and cancels timers.
  virtual void submit() = 0;
  // Moves what has completed to the completion ring, while that has room.
  virtual void reap() = 0;
  // Whether something is left that needs no event to go on.
  virtual bool has_unreaped() const = 0;
  // Whether an event could still come: some handle or request is open.
  virtual bool expects_events() const = 0;

 protected:
  ~Operations() = default;
};

class Turn {
 public:
  Turn(Driver* driver, Operations* operations, OpList* completed)
      : driver_(driver), operations_(operations), completed_(completed) {}

  ReadyQueue ready;
  TimerHeap timers;
  Statistics statistics;

  // Runs one turn. 0, or -EDEADLK where it would wait for something that can never come. In real
  // time it waits at most `longest_ns` and may then have found nothing.
  int run(bool may_wait, int64_t longest_ns = Driver::kForever);

  // The control block, for what JavaScript must know of turns.
  void bind(uint32_t* control) {
    alone_until_ = reinterpret_cast<double*>(control) + layout::kTurnAloneUntil;
  }
  // There is work for C++: JavaScript may not turn alone.
  void needed() { *alone_until_ = 0; }

  // When a turn is due without an event: Driver::kNow, a deadline, or Driver::kForever.
  int64_t next_deadline();

 private:
  bool polled_just_now(int64_t now_ns) const;
  double alone_until();
  // The end of a wait that must not be longer than `longest_ns`.
  int64_t until(int64_t deadline_ns, int64_t longest_ns) const;

  Driver* driver_;
  Operations* operations_;
  OpList* completed_;
  int64_t polled_ns_ = INT64_MIN / 2;  // never
  double nowhere_ = 0;
  double* alone_until_ = &nowhere_;  // unbound, as in tests of a part
};

}  // namespace oxbow
