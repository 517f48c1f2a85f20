// A datagram socket. Datagrams sent in one turn leave together. They are received in batches, one
// batch a turn, so a flood fills only the kernel's buffer.
//
// Received datagrams are reported in groups. A group is in one receive chunk: its records, the
// senders' addresses, and the bytes. Datagrams that the kernel would not take are kept, in order;
// JavaScript sees how many bytes these are, and queues further ones itself. An error of sending or
// receiving affects only one datagram and is reported; the socket stays usable.
#pragma once

#include <cstdint>
#include <deque>
#include <vector>

#include "driver/driver.h"
#include "net/handle.h"

namespace oxbow {

class Datagrams final : public Handle {
 public:
  // `local`: it is a Unix socket: no ancillary data is received, and no datagrams are joined.
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
  // Submitted since the last flush. The bytes are in the transmit arena.
  struct Fresh {
    const uint8_t* data;
    uint32_t length;
    int32_t to;  // index in targets_; -1: the connected peer
  };
  // Datagrams for which the kernel had no room.
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
  int expected_ = 1;  // estimate of how many datagrams the next receive brings
  double drain_below_ = -1;
  SendRuns runs_;
  std::vector<Fresh> fresh_;
  std::deque<Address> targets_;
  double last_target_ = -1;  // offset of the last entry of targets_ in the arena
  std::deque<Waiting> waiting_;
  uint64_t waiting_bytes_ = 0;
  std::deque<Failure> failures_;
};

}  // namespace oxbow
