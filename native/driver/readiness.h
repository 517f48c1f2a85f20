// Imitates completions on top of readiness, for epoll (and kqueue): which operations wait on which
// descriptor, what is known to be readable or writable, and the system calls that are tried then.
//
// Stream descriptors are registered once, edge-triggered, for both directions; after that nothing
// is asked of the selector until they are closed. So what is known to be readable must be kept in
// mind here: a short read or EAGAIN clears it, an event sets it. Whether something is writable need
// not be: a send finds out by itself.
#pragma once

#include <cstdint>
#include <vector>

#include "driver/driver.h"

namespace oxbow {

// The selector's side: registers and forgets descriptors. 0 or negative errno.
class Selector {
 public:
  enum class Mode : uint8_t { kEdge, kLevelIn, kOneShot };
  virtual int watch(int descriptor, Mode mode, uint32_t events, bool again) = 0;
  virtual void forget(int descriptor) = 0;

 protected:
  ~Selector() = default;
};

class Readiness {
 public:
  // A listener gives at most this many connections a turn, so that a storm of them cannot starve
  // the connections that are already there, and never just one: that would take a turn for each.
  static constexpr uint32_t kAcceptsPerTurn = 256;

  Readiness(Selector* selector, ReceiveBuffers* buffers)
      : selector_(selector), buffers_(buffers) {}

  bool start(Op* op);
  bool cancel(Op* op);
  int32_t receive(int descriptor, uint8_t* into, uint32_t size);
  bool has_input(int descriptor) const;
  void release(int descriptor);

  // An event of the selector. What it completes is added to the list.
  struct Event {
    bool readable;
    bool writable;
    bool hung_up;  // the peer's end has come, behind what can be read
  };
  void on_event(int descriptor, Event event, OpList* completed);

  // Tries again what stopped for another reason than the descriptor.
  void retry(OpList* completed);
  bool has_retries() const { return !retries_.empty(); }

 private:
  struct State {
    Op* reader = nullptr;
    Op* writer = nullptr;
    bool watched = false;
    bool readable = false;
    bool hung_up = false;
  };
  using RetryList = IntrusiveQueue<Op, &Op::retry_next>;

  State& state_of(int descriptor);
  int watch_edges(int descriptor, State& state);
  void queue_retry(Op* op);
  bool start_read(Op* op, State& state);
  bool start_send(SendOp* op, State& state);
  bool start_connect(ConnectOp* op, State& state);
  bool start_poll(Op* op, State& state);
  void try_read(Op* op, State& state, OpList* completed);
  void try_receive(Op* op, State& state, OpList* completed);
  void try_accept(AcceptOp* op, State& state, OpList* completed);
  void try_write(Op* op, State& state, OpList* completed);
  void finish(Op* op, int32_t result, OpList* completed);

  Selector* selector_;
  ReceiveBuffers* buffers_;
  std::vector<State> states_;
  RetryList retries_;
};

}  // namespace oxbow
