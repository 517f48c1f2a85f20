// A descriptor that other threads make readable: what a driver sleeps on beside its sockets, where
// the system has no event of its own for that (kqueue has EVFILT_USER).
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
  // What becomes readable.
  int descriptor() const { return read_; }
  // Makes it readable, from any thread. Calls until the next clear() cost no system call.
  void wake();
  // By the thread that sleeps on it, after it became readable. What a wake() announces was written
  // before it, and is visible to the caller afterwards.
  void clear();

 private:
  std::atomic<bool> woken_{false};
  int read_ = -1;
  int write_ = -1;  // the same, where the system has eventfd
};

}  // namespace oxbow
