// A descriptor that other threads can make readable. A driver waits on it beside its sockets, on
// systems without a special event for that (kqueue has EVFILT_USER).
#pragma once

#include <atomic>

namespace oxbow {

class WakeDescriptor {
 public:
  WakeDescriptor() = default;
  ~WakeDescriptor();
  WakeDescriptor(const WakeDescriptor&) = delete;
  WakeDescriptor& operator=(const WakeDescriptor&) = delete;

  // 0 or negative errno.
  int open();
  // The descriptor to wait on.
  int descriptor() const { return read_; }
  // Makes it readable, from any thread. Calls until the next clear() cost no system call.
  void wake();
  // To be called by the waiting thread after it became readable. What was written before a wake()
  // is then visible to the caller.
  void clear();

 private:
  std::atomic<bool> woken_{false};
  int read_ = -1;
  int write_ = -1;  // the same as read_ with eventfd
};

}  // namespace oxbow
