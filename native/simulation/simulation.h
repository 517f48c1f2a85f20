// A driver without the system: time stands still until everything has happened that can happen
// now, then jumps to the next deadline, and connections are in memory. The same program with the
// same seed takes the same steps, and an hour of sleeping takes no time.
//
// The seed decides the order of what happens at one moment: timers with one deadline, connections
// that have something to tell in one turn. Seed 0 leaves it at the order in which it came, as a
// real system mostly does; others find the programs that lean on that.
//
// Threads are real (getaddrinfo, executors), so while a wake from one is expected, time does not
// jump. So are descriptors that the program has from elsewhere (kPoll): those are waited for by a
// driver of the system, `outside`, and while nothing else is left to wait for, it sleeps there.
#pragma once

#include <atomic>
#include <memory>

#include "simulation/clock.h"
#include "simulation/network.h"

namespace oxbow {

class Simulation final : public Driver, private Network {
 public:
  Simulation(std::unique_ptr<Driver> outside, double seed);

  const char* name() const override { return "virtual"; }
  int open(ReceiveBuffers* buffers) override;
  const Clock& clock() const override { return clock_; }
  Network& network() override { return *this; }
  bool start(Op* op) override;
  bool cancel(Op* op) override;
  int32_t try_send(int descriptor, iovec* vectors, int count) override;
  int32_t try_receive(int descriptor, uint8_t* into, uint32_t size) override;
  // What is outside has a time of its own, so only the system's drivers take it in.
  int adopt(int, uint32_t) override { return -EOPNOTSUPP; }
  int try_receive_datagrams(int descriptor, DatagramBatch* batch) override;
  int try_send_datagrams(int descriptor, const OutgoingDatagram* list, int count,
                         SendRuns* runs) override;
  void release(int descriptor, bool owns) override;
  int wait(int64_t deadline_ns, OpList* completed) override;
  void wake() override;
  int poll_descriptor() const override { return outside_->poll_descriptor(); }
  void arm(int64_t) override {}
  bool has_more() const override { return network_.has_more(); }
  int64_t next_arrival_ns() const override { return network_.next_arrival_ns(); }
  bool advances_in_wait() const override { return expected_wakes_ == 0; }
  bool waits_in_vain() const override {
    return expected_wakes_ == 0 && allowed_wakes_ == 0 && polls_ == 0 && !has_more() &&
           next_arrival_ns() == kForever;
  }
  int64_t poll_every_ns() const override { return 0; }
  Random* random() override { return seeded_ ? &random_ : nullptr; }
  void expect_wake(int change) override { expected_wakes_ += change; }
  void allow_wake(int change) override { allowed_wakes_ += change; }

 private:
  // Network, for what is simulated and for what is not.
  int listen(const Address& address, uint32_t flags, int backlog) override;
  int listen_on(int, int) override { return -EOPNOTSUPP; }
  int open(const Address& address, const Address* local) override;
  int open_datagrams(const DatagramPlan& plan) override { return network_.open_datagrams(plan); }
  int adopt_datagrams(int) override { return -EOPNOTSUPP; }
  int join_group(int descriptor, const Address& group, unsigned interface, bool joins) override {
    return network_.join_group(descriptor, group, interface, joins);
  }
  int set_multicast_interface(int descriptor, int family, unsigned interface) override {
    return network_.set_multicast_interface(descriptor, family, interface);
  }
  int pair(int ends[2]) override { return network_.pair(ends); }
  int check(int descriptor) override;
  int examine(int descriptor) override;
  int address(int descriptor, uint32_t which, Address* out) override;
  int credentials(int descriptor, Credentials* out) override {
    return SimulatedNetwork::is_simulated(descriptor)
               ? network_.credentials(descriptor, out)
               : outside_->network().credentials(descriptor, out);
  }
  int set_option(int descriptor, const char* name, int value) override;
  uint32_t unconfirmed(int descriptor) override;
  bool has_input(int descriptor) override { return network_.has_input(descriptor); }
  void wait_writable(int) override {}
  int shutdown(int descriptor) override { return network_.shutdown(descriptor); }
  int set_link(const Address& one, const Address& other, const LinkConditions& is) override {
    return network_.set_link(one, other, is);
  }
  int cut_link(const Address& one, const Address& other, bool is_cut) override {
    return network_.cut_link(one, other, is_cut);
  }

  bool look_outside(int64_t deadline_ns, OpList* completed);

  std::unique_ptr<Driver> outside_;
  SimulatedClock clock_;
  SimulatedNetwork network_;
  Random random_;
  const bool seeded_;
  std::atomic<bool> woken_{false};
  int expected_wakes_ = 0;
  int allowed_wakes_ = 0;
  int polls_ = 0;  // that wait outside
};

}  // namespace oxbow
