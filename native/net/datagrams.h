// A socket for datagrams. What one turn sends leaves together, and what has come is taken many at
// a time, but no more than one batch a turn: a flood fills the kernel's buffer and nothing else.
//
// Received datagrams are reported in groups. A group stands in a receive chunk: its records, whom
// they are from, and the bytes. What the kernel would not take is kept, in order; JavaScript sees
// how much that is, and keeps the rest itself. An error of sending or receiving concerns one
// datagram and is reported; the socket stays usable.
#pragma once

#include <cstdint>
#include <deque>
#include <vector>

#include "driver/driver.h"
#include "net/handle.h"

namespace oxbow {

class Datagrams final : public Handle {
 public:
  // `local`: of a Unix socket, whose datagrams are reported as they are.
  Datagrams(HandleHost* host, int descriptor, bool connected, bool local);

  bool alive() const { return descriptor >= 0; }

  void take(const Submission& entry) override;
  void flush() override;
  bool reap(Op* op) override;
  void resume() override;
  uint64_t unsent() const override { return waiting_bytes_; }
  bool in_use() const override { return read_op_.completed || write_op_.completed; }
  void abort() override { close(true); }
  void abandon() override { close(false); }

 private:
  // What was submitted since the last flush. Its bytes stand in the transmit arena.
  struct Fresh {
    const uint8_t* data;
    uint32_t length;
    int32_t to;  // place in targets_, -1: whom the socket is connected to
  };
  // What the kernel had no room for.
  struct Waiting {
    std::vector<uint8_t> bytes;
    Address to;
    bool connected;
  };
  struct Failure {
    int32_t error;
    uint32_t times;
  };

  void add(const Submission& entry);
  int32_t target_of(const Submission& entry);
  void copy_target(const Submission& entry, uint32_t* packed, uint32_t words) const;
  void start_reading();
  void stop_reading();
  void receive();
  int wanted() const;
  int tell_group(DatagramBatch* batch, int from, int count);
  size_t send(const std::vector<OutgoingDatagram>& list);
  void keep(const OutgoingDatagram& datagram);
  void send_waiting();
  void settle();
  void fail(int32_t error);
  void close(bool owns);

  Op read_op_;
  Op write_op_;
  const bool connected_;
  const bool local_;
  bool reading_ = false;
  bool close_asked_ = false;
  int expected_ = 1;  // how many datagrams the next receive will bring, as a guess
  double drain_below_ = -1;
  SendRuns runs_;
  std::vector<Fresh> fresh_;
  std::deque<Address> targets_;
  double last_target_ = -1;  // where the last one of targets_ stands in the arena
  std::deque<Waiting> waiting_;
  uint64_t waiting_bytes_ = 0;
  std::deque<Failure> failures_;
};

}  // namespace oxbow
