// Pending timers: a 4-ary heap ordered by (deadline, sequence), so that equal deadlines fire in the
// order in which they were made. An entry is 16 bytes and four siblings share a cache line.
//
// Cost: add O(log n), O(1) on average; cancel O(1); fire O(log n). A cancelled entry stays in the
// heap as garbage, which is swept once it is more than half of it: memory is at most twice the
// live timers, and cancelling costs O(1) amortised.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/random.h"
#include "loop/ready_queue.h"
#include "loop/statistics.h"

namespace oxbow {

class TimerHeap {
 public:
  static constexpr int64_t kNone = INT64_MAX;

  // Sequences wrap around in the end; a test starts shortly before that.
  explicit TimerHeap(uint32_t first_sequence = 1) : next_sequence_(first_sequence) {}

  // The state bytes that JavaScript reads, one a slot. May be bound again, larger.
  void bind(uint8_t* states, uint32_t capacity);

  void add(uint32_t slot, int64_t deadline_ns);
  void cancel(uint32_t slot);

  // Deadline of the next live timer, or kNone.
  int64_t next_deadline();

  // Moves every timer with deadline <= now to the ready queue while that has room.
  // `random`, if any, chooses the order of those that have one deadline.
  void take_due(int64_t now_ns, ReadyQueue* ready, Random* random = nullptr);

  // How late timers were when take_due() found them.
  Histogram lag;

  // How many are pending.
  uint32_t size() const { return static_cast<uint32_t>(heap_.size()) - garbage_; }
  // With the cancelled ones that are still there.
  size_t entry_count() const { return heap_.size(); }

 private:
  struct Entry {
    int64_t deadline_ns;
    uint32_t sequence;
    uint32_t slot;
  };

  static bool before(const Entry& a, const Entry& b) {
    // Sequences wrap; two timers with one deadline are never 2^31 timers apart.
    return a.deadline_ns < b.deadline_ns ||
           (a.deadline_ns == b.deadline_ns && static_cast<int32_t>(a.sequence - b.sequence) < 0);
  }
  bool alive(const Entry& entry) const { return sequences_[entry.slot] == entry.sequence; }
  void sift_up(size_t at, Entry entry);
  void sift_down(size_t at, Entry entry);
  void pop();
  void limit_garbage();
  void heapify();
  bool take_many(int64_t now_ns, ReadyQueue* ready);
  void take_shuffled(int64_t now_ns, ReadyQueue* ready, Random* random);
  void fire(const Entry& entry, int64_t now_ns, ReadyQueue* ready);
  bool collect_due(int64_t now_ns, size_t most);

  std::vector<Entry> heap_;
  std::vector<Entry> due_;           // scratch of take_many
  std::vector<uint32_t> places_;     // scratch of collect_due
  std::vector<uint32_t> sequences_;  // of the live timer in each slot, 0 for none
  uint8_t* states_ = nullptr;
  uint32_t capacity_ = 0;
  uint32_t next_sequence_;
  uint32_t garbage_ = 0;
};

}  // namespace oxbow
