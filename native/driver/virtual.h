// A driver without an operating system: time stands still until everything has happened that can
// happen now, then jumps to the next deadline; connections are pipes in memory. The same program
// with the same seed takes the same steps, and an hour of sleeping takes no time.
//
// Threads are real (getaddrinfo, executors), so while a wake from one is expected, time does not
// jump.
#pragma once

#include <atomic>
#include <cstdint>
#include <vector>

#include "driver/driver.h"

namespace oxbow {

class VirtualDriver final : public Driver {
 public:
  // What one direction of a pipe holds before writers must wait: as much as Linux gives a pipe.
  static constexpr uint32_t kPipeBytes = 1u << 16;

  VirtualDriver() = default;
  ~VirtualDriver() override;

  const char* name() const override { return "virtual"; }
  int open(ReceiveBuffers* buffers) override;
  int64_t now_ns() const override { return now_ns_; }
  bool start(Op* op) override;
  bool cancel(Op* op) override;
  int32_t receive(int descriptor, uint8_t* into, uint32_t size) override;
  bool has_input(int descriptor) override;
  int shutdown(int descriptor) override;
  void release(int descriptor, bool owns) override;
  int pair(int ends[2]) override;
  int wait(int64_t deadline_ns, OpList* completed) override;
  void wake() override;
  int poll_descriptor() const override { return wake_; }
  void arm(int64_t) override {}
  bool time_is_virtual() const override { return true; }
  bool has_more() const override { return more_; }
  void expect_wake(int change) override { expected_wakes_ += change; }
  bool expects_wake() const override { return expected_wakes_ > 0; }
  void allow_wake(int change) override { allowed_wakes_ += change; }

 private:
  struct End {
    bool open = false;
    bool peer_closed = false;   // nothing more will come
    bool broken = false;        // the peer is gone: writing fails
    int peer = -1;
    std::vector<uint8_t> received;
    uint32_t consumed = 0;
    Op* reader = nullptr;
    SendOp* writer = nullptr;

    uint32_t available() const { return static_cast<uint32_t>(received.size()) - consumed; }
  };

  End* end_of(int descriptor);
  int32_t send(End& end, const iovec* vectors, int count);
  bool step_reader(End& end, OpList* completed);
  bool step_writer(End& end, OpList* completed);
  bool step(OpList* completed);
  void clear_wake();

  ReceiveBuffers* buffers_ = nullptr;
  std::vector<End> ends_;
  std::vector<int> free_;
  int64_t now_ns_ = 0;
  int expected_wakes_ = 0;
  int allowed_wakes_ = 0;
  int wake_ = -1;
  bool more_ = false;  // bytes or ends may have arrived since the last step
};

}  // namespace oxbow
