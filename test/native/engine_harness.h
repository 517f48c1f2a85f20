// Plays JavaScript's part: lends the engine its memory, submits, and reads what comes back.
#pragma once

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "engine/engine.h"

namespace oxbow::test {

class HeapChunks final : public ChunkSource {
 public:
  uint8_t* next_chunk(uint32_t slot, uint32_t bytes) override {
    if (refuse) return nullptr;
    chunks_[slot] = std::make_unique<uint8_t[]>(bytes);
    return chunks_[slot].get();
  }
  void forget_chunk(uint32_t slot) override { chunks_[slot].reset(); }
  bool has_memory(uint32_t slot) override { return chunks_[slot] != nullptr; }
  // How many are held.
  size_t count() const {
    return static_cast<size_t>(std::count_if(std::begin(chunks_), std::end(chunks_),
                                             [](const auto& chunk) { return chunk != nullptr; }));
  }
  const uint8_t* at(uint32_t slot, uint32_t offset) const { return chunks_[slot].get() + offset; }
  bool refuse = false;

 private:
  std::unique_ptr<uint8_t[]> chunks_[layout::kChunkSlots + layout::kSlabSlots];
};

// A handle as JavaScript knows it.
struct End {
  uint32_t handle = 0;
  uint32_t generation = 0;
};

// What has been told of one handle so far.
struct Told {
  std::string data;                       // of kData and kMessageBody, joined
  std::vector<layout::CompletionOp> ops;  // everything else, in order
  int32_t failure = 0;                    // result of kFailed
  uint32_t count(layout::CompletionOp op) const {
    return static_cast<uint32_t>(std::count(ops.begin(), ops.end(), op));
  }
};

class Harness {
 public:
  struct Ready {
    bool is_timer;
    uint32_t timer;         // or kReadyItem
    Completion completion;  // when it is no timer
  };

  explicit Harness(const std::string& driver, uint32_t ready_capacity = 1024,
                   uint32_t timers = 1024, uint32_t first_generation = 0)
      : engine_(std::make_unique<Engine>(&chunks, first_generation)),
        control_(layout::kControlWords),
        submissions_(layout::kSubmissionCapacity),
        completions_(layout::kCompletionCapacity),
        ready_(ready_capacity),
        transmit_(layout::kTransmitBytes),
        timer_states(timers),
        backlog(layout::kBacklogInitialCapacity) {
    open_result = engine_->open(driver);
    if (open_result != 0) return;
    engine_->bind(layout::kRegionControl, control_.data(), control_.size() * 4);
    engine_->bind(layout::kRegionSubmission, submissions_.data(), submissions_.size() * 32);
    engine_->bind(layout::kRegionCompletion, completions_.data(), completions_.size() * 32);
    engine_->bind(layout::kRegionReady, ready_.data(), ready_.size() * 4);
    engine_->bind(layout::kRegionTransmit, transmit_.data(), transmit_.size());
    engine_->bind(layout::kRegionTimerState, timer_states.data(), timer_states.size());
    bind_backlog(layout::kBacklogInitialCapacity);
  }

  Engine& engine() { return *engine_; }
  void destroy_engine() { engine_.reset(); }
  uint32_t& control(uint32_t word) { return control_[word]; }
  // Something is open, so waiting makes sense; but not for long: a test that waits for what does
  // not come fails, with -ETIME as its outcome, instead of hanging.
  void hold() {
    control_[layout::kControlReferences] = 1;
    guard_ = static_cast<uint32_t>(timer_states.size()) - 1;
    add_timer(guard_, engine_->driver()->now_ns() + 10ll * 1000000000);
  }

  void bind_backlog(uint32_t capacity) {
    backlog.resize(capacity);
    engine_->bind(layout::kRegionBacklog, backlog.data(), backlog.size() * 8);
  }

  // --- asking ---

  Submission& submit(layout::SubmissionOp op, uint32_t handle, uint32_t generation = 0) {
    uint32_t& count = control_[layout::kControlSubmissionCount];
    if (count == layout::kSubmissionCapacity) engine_->submit();
    Submission& entry = submissions_[count++];
    entry = Submission{static_cast<uint32_t>(op), handle, generation, 0, 0, 0, 0};
    return entry;
  }
  Submission& submit(layout::SubmissionOp op, End end) {
    return submit(op, end.handle, end.generation);
  }

  void add_timer(uint32_t slot, int64_t deadline_ns) {
    submit(layout::SubmissionOp::kTimerAdd, slot).value = static_cast<double>(deadline_ns);
  }

  void send(uint32_t handle, uint32_t generation, const std::string& text) {
    uint32_t& used = control_[layout::kControlTransmitUsed];
    const bool full = control_[layout::kControlSubmissionCount] == layout::kSubmissionCapacity;
    if (full || used + text.size() > layout::kTransmitBytes) engine_->submit();
    std::memcpy(transmit_.data() + used, text.data(), text.size());
    Submission& entry = submit(layout::SubmissionOp::kSend, handle, generation);
    entry.offset = used;
    entry.length = static_cast<uint32_t>(text.size());
    used += entry.length;
  }
  void send(End end, const std::string& text) { send(end.handle, end.generation, text); }

  int write(End end, const std::string& text) {
    const uint8_t* bytes = reinterpret_cast<const uint8_t*>(text.data());
    return engine_->write(end.handle, end.generation, bytes, static_cast<uint32_t>(text.size()));
  }

  // Writes until the connection has a backlog; the part of the text that was taken.
  std::string fill(End end, const std::string& text) {
    const int taken = write(end, text);
    return text.substr(0, taken > 0 ? static_cast<size_t>(taken) : 0);
  }

  // callSoon.
  void push_item() {
    uint32_t& tail = control_[layout::kControlReadyTail];
    ready_[tail & (ready_.size() - 1)] = layout::kReadyItem;
    tail++;
  }

  std::vector<End> pair() {
    Handle* made[2] = {};
    if (engine_->pair(made) != 0) return {};
    return {{made[0]->index, made[0]->generation}, {made[1]->index, made[1]->generation}};
  }

  // --- hearing ---

  // One turn; what became ready, in order. It is also added to what was told.
  std::vector<Ready> turn(bool may_wait = false) {
    last_outcome = engine_->turn(may_wait);
    std::vector<Ready> out;
    uint32_t& head = control_[layout::kControlReadyHead];
    const uint32_t tail = control_[layout::kControlReadyTail];
    for (; head != tail; head++) {
      const uint32_t entry = ready_[head & (ready_.size() - 1)];
      if (entry == guard_) {
        last_outcome = -ETIME;
        continue;
      }
      if (entry == layout::kReadyItem || (entry & layout::kReadyCompletion) == 0) {
        out.push_back({true, entry, {}});
        continue;
      }
      out.push_back({false, 0, completions_[entry & ~layout::kReadyCompletion]});
      control_[layout::kControlCompletionHead]++;
      tell(out.back().completion);
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

  // Turns until `enough`, which looks after each.
  bool run_until(const std::function<bool()>& enough) {
    for (int n = 0; n < 10000; n++) {
      if (enough()) return true;
      turn(true);
      if (last_outcome != 0) return enough();
    }
    return false;
  }

  // Turns without waiting until one of them tells nothing.
  void settle() {
    while (!turn().empty()) {
    }
  }

  uint8_t* transmit() { return transmit_.data(); }

  Told& told(End end) { return told_[{end.handle, end.generation}]; }

  std::string data(const Completion& completion) const {
    const uint8_t* bytes = chunks.at(completion.chunk, completion.offset);
    return std::string(reinterpret_cast<const char*>(bytes), completion.length);
  }

  // The target of a request, out of its head record.
  std::string target(const Completion& completion) const {
    const uint32_t* words =
        reinterpret_cast<const uint32_t*>(chunks.at(completion.chunk, completion.offset));
    const uint32_t at = words[layout::kHeadBytesOffset] + words[layout::kHeadTargetOffset];
    const uint8_t* bytes = chunks.at(completion.chunk, at);
    return std::string(reinterpret_cast<const char*>(bytes), words[layout::kHeadTargetLength]);
  }

  HeapChunks chunks;
  int open_result = 0;
  int last_outcome = 0;
  End accepted;  // by the last kAccept

 private:
  void tell(const Completion& completion) {
    Told& told = told_[{completion.handle, completion.generation}];
    if (completion.op == layout::CompletionOp::kData) {
      told.data += data(completion);
      return;
    }
    if (completion.op == layout::CompletionOp::kMessageBody) told.data += data(completion);
    if (completion.op == layout::CompletionOp::kAccept) {
      accepted = {completion.offset, completion.length};
    }
    if (completion.op == layout::CompletionOp::kFailed) told.failure = completion.result;
    told.ops.push_back(completion.op);
  }

  std::map<std::pair<uint32_t, uint32_t>, Told> told_;
  uint32_t guard_ = layout::kReadyItem - 1;
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
