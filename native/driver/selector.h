// What Readiness needs of a system that tells readiness: epoll, kqueue.
//
// Descriptors are registered in one of three modes. A selector may keep a registration until its
// next wait() and send it along with that (kqueue); if it then fails, that is an event with
// an `error`.
#pragma once

#include <cstdint>

namespace oxbow {

class Selector {
 public:
  // Events taken at one wait. More stay in the kernel for the next turn.
  static constexpr int kEventsMax = 512;

  enum class Mode : uint8_t {
    kEdge,     // what `events` (layout::kPoll*) ask for, each time that something new comes
    kLevelIn,  // readable, as long as it is
    kOneShot,  // what `events` ask for, once
  };

  struct Event {
    int descriptor;
    int error;  // negative errno: it could not be registered
    bool readable;
    bool writable;
    bool hung_up;         // the peer's end has come, behind what can be read
    bool broken = false;  // the peer takes nothing more
  };

  virtual ~Selector() = default;
  virtual const char* name() const = 0;
  virtual int open() = 0;

  // `again`: it is registered already. 0 or negative errno.
  virtual int watch(int descriptor, Mode mode, uint32_t events, bool again) = 0;
  // Its owner may have closed the descriptor already. `closes`: the caller closes it next, and a
  // system that then forgets it by itself need not be asked.
  virtual void forget(int descriptor, bool closes) = 0;

  // Fills in up to `most` events and returns how many; what is beyond stays for the next time.
  // Blocks until there is one, or until `deadline_ns` on the system clock (Driver::kNow, kForever),
  // or until wake(); a signal or an old alarm may end it early, with none.
  virtual int wait(int64_t deadline_ns, Event* events, int most) = 0;
  // From any thread.
  virtual void wake() = 0;

  // A descriptor that is readable when wait() has something, for a host loop, and at the latest at
  // the armed deadline. A later deadline than one that is armed may be ignored.
  virtual int poll_descriptor() const = 0;
  virtual void arm(int64_t deadline_ns) = 0;
};

}  // namespace oxbow
