#include "simulation/simulation.h"

#include <algorithm>
#include <bit>

namespace oxbow {

Simulation::Simulation(std::unique_ptr<Driver> outside, double seed)
    : outside_(std::move(outside)),
      network_(clock_, std::bit_cast<uint64_t>(seed)),
      random_(std::bit_cast<uint64_t>(seed)),
      seeded_(seed != 0) {}

int Simulation::open(ReceiveBuffers* buffers) {
  network_.open(buffers);
  return outside_->open(buffers);
}

bool Simulation::start(Op* op) {
  if (SimulatedNetwork::is_simulated(op->descriptor)) return network_.start(op);
  if (op->kind != OpKind::kPoll) {
    op->result = -EBADF;
    return true;
  }
  const bool done = outside_->start(op);
  if (!done) polls_++;
  return done;
}

bool Simulation::cancel(Op* op) {
  if (SimulatedNetwork::is_simulated(op->descriptor)) {
    network_.cancel(op);
    return true;
  }
  if (op->started) polls_--;
  return outside_->cancel(op);
}

int32_t Simulation::try_send(int descriptor, iovec* vectors, int count) {
  return network_.send(descriptor, vectors, count);
}

int32_t Simulation::try_receive(int descriptor, uint8_t* into, uint32_t size) {
  return network_.receive(descriptor, into, size);
}

int Simulation::try_receive_datagrams(int descriptor, DatagramBatch* batch) {
  return network_.receive_datagrams(descriptor, batch);
}

int Simulation::try_send_datagrams(int descriptor, const OutgoingDatagram* list, int count,
                                   SendRuns*) {
  return network_.send_datagrams(descriptor, list, count);
}

void Simulation::release(int descriptor, bool owns) {
  if (SimulatedNetwork::is_simulated(descriptor)) {
    // One that is only watched stays open, as the system's does.
    if (owns) network_.release(descriptor);
  } else {
    outside_->release(descriptor, owns);
  }
}

int Simulation::listen(const Address& address, uint32_t flags, int backlog) {
  return network_.listen(address, flags, backlog);
}

int Simulation::open(const Address& address, const Address* local) {
  return static_cast<Network&>(network_).open(address, local);
}

int Simulation::check(int descriptor) {
  if (SimulatedNetwork::is_simulated(descriptor)) return network_.check(descriptor);
  return outside_->network().check(descriptor);
}

int Simulation::examine(int descriptor) {
  if (SimulatedNetwork::is_simulated(descriptor)) return network_.examine(descriptor);
  return outside_->network().examine(descriptor);
}

int Simulation::address(int descriptor, uint32_t which, Address* out) {
  if (SimulatedNetwork::is_simulated(descriptor)) {
    return network_.address(descriptor, which, out);
  }
  return outside_->network().address(descriptor, which, out);
}

int Simulation::set_option(int descriptor, const char* name, int value) {
  return network_.set_option(descriptor, name, value);
}

uint32_t Simulation::unconfirmed(int descriptor) { return network_.unconfirmed(descriptor); }

// Whether something came from there.
bool Simulation::look_outside(int64_t deadline_ns, OpList* completed) {
  OpList came;
  outside_->wait(deadline_ns, &came);
  const bool any = !came.empty();
  for (const Op* op = came.front(); op != nullptr; op = op->next) polls_--;
  completed->append(came);
  return woken_.exchange(false, std::memory_order_acq_rel) || any;
}

int Simulation::wait(int64_t deadline_ns, OpList* completed) {
  const bool happened = network_.step(completed, random());
  deadline_ns = std::min(deadline_ns, network_.next_arrival_ns());
  if (happened || network_.has_more() || deadline_ns == kNow) {
    look_outside(kNow, completed);
    return 0;
  }
  // Without a deadline nothing but the outside is left. A signal, too, ends the sleep: the caller
  // looks around, and the time is the same.
  const bool left_outside = deadline_ns == kForever && (allowed_wakes_ > 0 || polls_ > 0);
  if (expected_wakes_ > 0 || left_outside) {
    look_outside(kForever, completed);
    return 0;
  }
  if (look_outside(kNow, completed)) return 0;
  if (deadline_ns == kForever) return -EDEADLK;
  clock_.advance_to(deadline_ns);
  network_.step(completed, random());
  return 0;
}

void Simulation::wake() {
  woken_.store(true, std::memory_order_release);
  outside_->wake();
}

}  // namespace oxbow
