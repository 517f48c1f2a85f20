// Plays JavaScript's part: lends the engine its memory, submits, and reads what comes back.
#pragma once

#include <cstring>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "engine/engine.h"

namespace oxbow::test {

class HeapChunks final : public ChunkSource {
 public:
  uint8_t* next_chunk(uint32_t slot) override {
    if (refuse) return nullptr;
    chunks_[slot] = std::make_unique<uint8_t[]>(layout::kChunkBytes);
    return chunks_[slot].get();
  }
  const uint8_t* at(uint32_t slot, uint32_t offset) const { return chunks_[slot].get() + offset; }
  bool refuse = false;

 private:
  std::unique_ptr<uint8_t[]> chunks_[layout::kChunkSlots];
};

class Harness {
 public:
  struct Ready {
    bool is_timer;
    uint32_t timer;
    Completion completion;
  };

  explicit Harness(const std::string& driver, uint32_t ready_capacity = 1024,
                   uint32_t timers = 1024)
      : engine_(std::make_unique<Engine>(&chunks)),
        control_(layout::kControlWords),
        submissions_(layout::kSubmissionCapacity),
        completions_(layout::kCompletionCapacity),
        ready_(ready_capacity),
        transmit_(layout::kTransmitBytes),
        timer_states(timers),
        backlog(layout::kBacklogInitialCapacity) {
    open_result = engine_->open(driver);
    engine_->bind(layout::kRegionControl, control_.data(), control_.size() * 4);
    engine_->bind(layout::kRegionSubmission, submissions_.data(), submissions_.size() * 32);
    engine_->bind(layout::kRegionCompletion, completions_.data(), completions_.size() * 32);
    engine_->bind(layout::kRegionReady, ready_.data(), ready_.size() * 4);
    engine_->bind(layout::kRegionTransmit, transmit_.data(), transmit_.size());
    engine_->bind(layout::kRegionTimerState, timer_states.data(), timer_states.size());
    engine_->bind(layout::kRegionBacklog, backlog.data(), backlog.size() * 8);
  }

  Engine& engine() { return *engine_; }
  uint32_t& control(uint32_t word) { return control_[word]; }

  Submission& submit(layout::SubmissionOp op, uint32_t handle, uint32_t generation = 0) {
    uint32_t& count = control_[layout::kControlSubmissionCount];
    if (count == layout::kSubmissionCapacity) engine_->submit();
    Submission& entry = submissions_[count++];
    entry = Submission{static_cast<uint32_t>(op), handle, generation, 0, 0, 0, 0};
    return entry;
  }

  void add_timer(uint32_t slot, int64_t deadline_ns) {
    submit(layout::SubmissionOp::kTimerAdd, slot).value = static_cast<double>(deadline_ns);
  }

  void send(uint32_t handle, uint32_t generation, const std::string& text) {
    uint32_t& used = control_[layout::kControlTransmitUsed];
    std::memcpy(transmit_.data() + used, text.data(), text.size());
    Submission& entry = submit(layout::SubmissionOp::kSend, handle, generation);
    entry.offset = used;
    entry.length = static_cast<uint32_t>(text.size());
    used += entry.length;
  }

  // One turn; what became ready, in order.
  std::vector<Ready> turn(bool may_wait = false) {
    last_outcome = engine_->turn(may_wait);
    std::vector<Ready> out;
    uint32_t& head = control_[layout::kControlReadyHead];
    const uint32_t tail = control_[layout::kControlReadyTail];
    for (; head != tail; head++) {
      const uint32_t entry = ready_[head & (ready_.size() - 1)];
      if ((entry & layout::kReadyCompletion) == 0) {
        out.push_back({true, entry, {}});
      } else {
        out.push_back({false, 0, completions_[entry & ~layout::kReadyCompletion]});
        control_[layout::kControlCompletionHead]++;
      }
    }
    return out;
  }

  // Turns until `enough` says so; false when it takes more than 10,000.
  bool turn_until(const std::function<bool(const Ready&)>& enough) {
    for (int n = 0; n < 10000; n++) {
      for (const Ready& ready : turn(true)) {
        if (enough(ready)) return true;
      }
      if (last_outcome != 0) return false;
    }
    return false;
  }

  std::string data(const Completion& completion) const {
    const uint8_t* bytes = chunks.at(completion.chunk, completion.offset);
    return std::string(reinterpret_cast<const char*>(bytes), completion.length);
  }

  HeapChunks chunks;
  int open_result = 0;
  int last_outcome = 0;

 private:
  std::unique_ptr<Engine> engine_;
  std::vector<uint32_t> control_;
  std::vector<Submission> submissions_;
  std::vector<Completion> completions_;
  std::vector<uint32_t> ready_;
  std::vector<uint8_t> transmit_;

 public:
  std::vector<uint8_t> timer_states;
  std::vector<double> backlog;
};

}  // namespace oxbow::test
