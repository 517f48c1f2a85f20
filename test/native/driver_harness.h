// Plays the engine's part towards one driver: buffers to receive into, operations, and the list of
// what has completed.
#pragma once

#include <cerrno>
#include <memory>
#include <string>
#include <vector>

#include "check.h"
#include "engine/choose_driver.h"

namespace oxbow::test {

class PlainBuffers final : public ReceiveBuffers {
 public:
  explicit PlainBuffers(uint32_t size) : size_(size) {}
  Room acquire(bool) override {
    if (refuse) return {nullptr, 0};
    // Memory of its own for each, and checked: what is not committed is not looked at.
    rooms_.push_back(std::make_unique<uint8_t[]>(size_));
    under_way++;
    return {rooms_.back().get(), size_};
  }
  void commit(const Room& room, uint32_t bytes) override {
    under_way--;
    CHECK(bytes <= room.size);
  }
  bool refuse = false;
  int under_way = 0;

 private:
  uint32_t size_;
  std::vector<std::unique_ptr<uint8_t[]>> rooms_;
};

// A send with bytes of its own.
struct Sending : SendOp {
  Sending(int descriptor_, std::string text_) : text(std::move(text_)) {
    descriptor = descriptor_;
    vector = {text.data(), text.size()};
    vectors = &vector;
    vector_count = 1;
  }
  std::string text;
  iovec vector;
};

struct DriverUnderTest {
  // One completion, with a copy of the bytes.
  struct Done {
    Op* op;
    int32_t result;
    std::string bytes;
  };

  explicit DriverUnderTest(const char* name, uint32_t buffer_bytes = 4096, double seed = 0)
      : buffers(buffer_bytes), driver(choose_driver(name, seed)) {
    if (driver != nullptr) open_result = driver->open(&buffers);
  }

  // Whether this platform has it; tests of others pass without a word.
  bool usable() const { return driver != nullptr && open_result == 0; }

  // A wait, and what it completed.
  std::vector<Done> wait(int64_t deadline_ns = Driver::kForever) {
    OpList list;
    outcome = driver->wait(deadline_ns, &list);
    std::vector<Done> done;
    while (Op* op = list.pop()) {
      op->completed = false;
      const bool has_bytes = op->kind == OpKind::kReceive && op->result > 0;
      const char* bytes = reinterpret_cast<const char*>(op->data);
      const size_t size = has_bytes ? static_cast<size_t>(op->result) : 0;
      done.push_back({op, op->result, has_bytes ? std::string(bytes, size) : std::string()});
    }
    return done;
  }

  // Waits until this operation has completed and gives its result; others are dropped.
  int32_t finish(Op* op) {
    for (;;) {
      for (const Done& done : wait()) {
        if (done.op == op) return done.result;
      }
      if (outcome != 0) return outcome;
    }
  }

  // Everything `receive` gets until the end of the stream or an error, which is stored.
  std::string receive_all(Op* receive, int32_t* last = nullptr) {
    std::string text;
    for (;;) {
      for (const Done& done : wait()) {
        if (done.op != receive) continue;
        text += done.bytes;
        if (last != nullptr) *last = done.result;
        if (done.result <= 0) return text;
      }
      if (outcome != 0) return text;
    }
  }

  void release(int descriptor) { driver->release(descriptor, true); }

  PlainBuffers buffers;
  std::unique_ptr<Driver> driver;
  int open_result = -EINVAL;
  int outcome = 0;
};

}  // namespace oxbow::test
