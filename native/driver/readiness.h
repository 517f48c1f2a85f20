// The driver for systems that tell readiness (Selector). It imitates completions: which operations
// wait on which descriptor, what is known to be readable, and the system calls that are tried then.
//
// Stream descriptors are registered once, edge-triggered, for both directions; after that nothing
// is asked of the selector until they are closed. So what is known to be readable must be kept in
// mind here: a short read or EAGAIN clears it, an event sets it. Whether something is writable need
// not be: a send finds out by itself.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "driver/driver.h"
#include "driver/selector.h"
#include "driver/system_network.h"
#include "os/channel.h"

namespace oxbow {

class Readiness final : public Driver {
 public:
  // A listener gives at most this many connections a turn, so that a storm of them cannot starve
  // the connections that are already there, and never just one: that would take a turn for each.
  static constexpr uint32_t kAcceptsPerTurn = 256;

  explicit Readiness(std::unique_ptr<Selector> selector) : selector_(std::move(selector)) {}

  const char* name() const override { return selector_->name(); }
  int open(ReceiveBuffers* buffers) override;
  const Clock& clock() const override { return clock_; }
  Network& network() override { return network_; }
  bool start(Op* op) override;
  bool cancel(Op* op) override;
  int32_t try_send(int descriptor, iovec* vectors, int count) override;
  int32_t try_receive(int descriptor, uint8_t* into, uint32_t size) override;
  int32_t try_send_file(int descriptor, int file, int64_t offset, uint32_t count) override;
  int adopt(int descriptor, uint32_t traits) override;
  int try_receive_datagrams(int descriptor, DatagramBatch* batch) override;
  int try_send_datagrams(int descriptor, const OutgoingDatagram* list, int count,
                         SendRuns* runs) override;
  void release(int descriptor, bool owns) override;
  int wait(int64_t deadline_ns, OpList* completed) override;
  void wake() override { selector_->wake(); }
  int poll_descriptor() const override { return selector_->poll_descriptor(); }
  void arm(int64_t deadline_ns) override { selector_->arm(deadline_ns); }
  bool has_more() const override { return !retries_.empty(); }

 private:
  struct State {
    Op* reader = nullptr;
    Op* writer = nullptr;
    bool watched = false;
    bool readable = false;
    bool hung_up = false;
    Channel channel = 0;
  };
  using RetryList = IntrusiveQueue<Op, &Op::retry_next>;

  State& state_of(int descriptor);
  int watch_edges(int descriptor, State& state);
  static void always_ready(State& state);
  void queue_retry(Op* op);
  bool start_read(Op* op, State& state);
  bool start_send(SendOp* op, State& state);
  bool start_connect(ConnectOp* op, State& state);
  bool start_poll(Op* op, State& state);
  bool start_writable(Op* op, State& state);
  void on_event(const Selector::Event& event, OpList* completed);
  void fail(State& state, int32_t error, OpList* completed);
  // Tries again what stopped for another reason than the descriptor.
  void retry(OpList* completed);
  void try_read(Op* op, State& state, OpList* completed);
  void receive(Op* op, State& state, OpList* completed);
  void accept(AcceptOp* op, State& state, OpList* completed);
  void write(Op* op, State& state, OpList* completed);
  void finish(Op* op, int32_t result, OpList* completed);

  std::unique_ptr<Selector> selector_;
  SystemClock clock_;
  SystemNetwork network_;
  ReceiveBuffers* buffers_ = nullptr;
  std::vector<State> states_;
  RetryList retries_;
};

}  // namespace oxbow
