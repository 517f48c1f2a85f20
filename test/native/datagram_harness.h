// Plays JavaScript's part towards sockets for datagrams.
#pragma once

#include <deque>
#include <string>
#include <vector>

#include "check.h"
#include "engine_harness.h"

namespace oxbow::test {

struct Received {
  std::string data;
  int port;
};

struct DatagramHarness : Harness {
  explicit DatagramHarness(const char* driver, uint32_t ready_capacity = 1024)
      : Harness(driver, ready_capacity) {
    hold();
  }

  // On loopback; `peer` is the port that it is connected to, 0 for none.
  End open(int peer = 0, uint32_t flags = 0, const char* host = "127.0.0.1") {
    const bool six = std::string(host).find(':') != std::string::npos;
    const int handle = engine().datagrams(six ? 6 : 4, host, 0, peer == 0 ? "" : host, peer, flags);
    CHECK(handle >= 0);
    return {static_cast<uint32_t>(handle), control(layout::kControlLastGeneration)};
  }

  End open_reading(int peer = 0, const char* host = "127.0.0.1") {
    const End end = open(peer, 0, host);
    submit(layout::SubmissionOp::kReadStart, end);
    turn();
    return end;
  }

  int port(End end) {
    AddressText text;
    CHECK_EQ(engine().address(end.handle, end.generation, layout::kAddressLocal, &text), 0);
    return text.port;
  }

  void send_to(End end, const std::string& data, int to, const char* host = "127.0.0.1") {
    uint32_t words[layout::kPeerWords];
    Address address;
    CHECK(parse_address(host, to, &address));
    pack_address(address, words);
    const std::string packed(reinterpret_cast<const char*>(words), sizeof(words));
    const uint32_t offset = put(packed + data);
    Submission& entry = submit(layout::SubmissionOp::kSendDatagram, end);
    entry.flags = layout::kSendTo;
    entry.value = offset;
    entry.offset = offset + static_cast<uint32_t>(packed.size());
    entry.length = static_cast<uint32_t>(data.size());
  }

  void send_connected(End end, const std::string& data) {
    const uint32_t offset = put(data);
    Submission& entry = submit(layout::SubmissionOp::kSendDatagram, end);
    entry.offset = offset;
    entry.length = static_cast<uint32_t>(data.size());
  }

  // Turns without waiting until one tells nothing; what came for `end` meanwhile.
  std::vector<Received> drain(End end) {
    std::vector<Received> all;
    for (;;) {
      const std::vector<Ready> told = turn();
      if (told.empty()) return all;
      for (const Ready& ready : told) hear(ready, end, &all);
    }
  }

  // Turns until so many have come for `end`.
  std::vector<Received> receive(End end, size_t count) {
    std::vector<Received> all;
    for (last_outcome = 0; all.size() < count && last_outcome == 0;) {
      for (const Ready& ready : turn(true)) hear(ready, end, &all);
    }
    CHECK_EQ(last_outcome, 0);
    return all;
  }

  // One turn, which may wait.
  void receive_some(End end) {
    std::vector<Received> all;
    for (const Ready& ready : turn(true)) hear(ready, end, &all);
  }

  std::vector<Completion> errors;
  uint32_t groups = 0;

 private:
  uint32_t put(const std::string& bytes) {
    uint32_t used = control(layout::kControlTransmitUsed);
    const bool full = control(layout::kControlSubmissionCount) == layout::kSubmissionCapacity;
    if (full || used + bytes.size() > layout::kTransmitBytes) {
      engine().submit();
      used = 0;
    }
    std::memcpy(transmit() + used, bytes.data(), bytes.size());
    control(layout::kControlTransmitUsed) = used + static_cast<uint32_t>(bytes.size());
    return used;
  }

  void hear(const Ready& ready, End end, std::vector<Received>* all) {
    const Completion& completion = ready.completion;
    if (ready.is_timer) return;
    if (completion.op == layout::CompletionOp::kDatagramError) errors.push_back(completion);
    if (completion.op != layout::CompletionOp::kDatagrams || completion.handle != end.handle)
      return;
    groups++;
    const auto* words =
        reinterpret_cast<const uint32_t*>(chunks.at(completion.chunk, completion.offset));
    for (uint32_t n = 0; n < completion.length; n++, words += layout::kDatagramWords) {
      Address from;
      CHECK(unpack_address(reinterpret_cast<const uint32_t*>(
                               chunks.at(completion.chunk, words[layout::kDatagramPeer])),
                           &from));
      const std::string bytes(reinterpret_cast<const char*>(
                                  chunks.at(completion.chunk, words[layout::kDatagramOffset])),
                              words[layout::kDatagramLength]);
      const uint32_t segment = words[layout::kDatagramSegment];
      if (segment == 0) {
        all->push_back({bytes, from.port()});
        continue;
      }
      for (size_t at = 0; at < bytes.size(); at += segment) {
        all->push_back({bytes.substr(at, segment), from.port()});
      }
    }
  }
};

}  // namespace oxbow::test
