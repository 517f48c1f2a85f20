#include "loop/timer_heap.h"

#include <algorithm>

#include "base/assert.h"

namespace oxbow {
namespace {

constexpr size_t kArity = 4;
// Below this much garbage a sweep is not worth its walk over the heap.
constexpr uint32_t kSweepMin = 64;

}  // namespace

void TimerHeap::bind(uint8_t* states, uint32_t capacity) {
  states_ = states;
  capacity_ = capacity;
  sequences_.resize(capacity, 0);
}

void TimerHeap::add(uint32_t slot, int64_t deadline_ns) {
  OXBOW_ASSERT(slot < capacity_ && sequences_[slot] == 0);
  const Entry entry{deadline_ns, next_sequence_, slot};
  if (++next_sequence_ == 0) next_sequence_ = 1;  // 0 means none
  sequences_[slot] = entry.sequence;
  states_[slot] = layout::kTimerPending;
  heap_.push_back(entry);
  sift_up(heap_.size() - 1, entry);
}

void TimerHeap::cancel(uint32_t slot) {
  // Not pending: it is in the ready queue already, where JavaScript skips it.
  if (slot >= capacity_ || sequences_[slot] == 0) return;
  sequences_[slot] = 0;
  states_[slot] = layout::kTimerIdle;
  garbage_++;
  limit_garbage();
}

void TimerHeap::limit_garbage() {
  if (garbage_ <= kSweepMin || garbage_ <= heap_.size() / 2) return;
  std::erase_if(heap_, [this](const Entry& entry) { return !alive(entry); });
  garbage_ = 0;
  heapify();
}

void TimerHeap::heapify() {
  if (heap_.size() < 2) return;
  for (size_t at = (heap_.size() - 2) / kArity + 1; at-- > 0;) sift_down(at, heap_[at]);
}

void TimerHeap::sift_up(size_t at, Entry entry) {
  while (at > 0) {
    const size_t parent = (at - 1) / kArity;
    if (!before(entry, heap_[parent])) break;
    heap_[at] = heap_[parent];
    at = parent;
  }
  heap_[at] = entry;
}

void TimerHeap::sift_down(size_t at, Entry entry) {
  const size_t size = heap_.size();
  for (;;) {
    const size_t first = at * kArity + 1;
    if (first >= size) break;
    const size_t last = std::min(first + kArity, size);
    size_t least = first;
    for (size_t child = first + 1; child < last; child++) {
      if (before(heap_[child], heap_[least])) least = child;
    }
    if (!before(heap_[least], entry)) break;
    heap_[at] = heap_[least];
    at = least;
  }
  heap_[at] = entry;
}

void TimerHeap::pop() {
  const Entry last = heap_.back();
  heap_.pop_back();
  if (!heap_.empty()) sift_down(0, last);
}

int64_t TimerHeap::next_deadline() {
  while (!heap_.empty() && !alive(heap_.front())) {
    pop();
    garbage_--;
  }
  return heap_.empty() ? kNone : heap_.front().deadline_ns;
}

void TimerHeap::fire(const Entry& entry, int64_t now_ns, ReadyQueue* ready) {
  lag.record(now_ns - entry.deadline_ns);
  sequences_[entry.slot] = 0;
  states_[entry.slot] = layout::kTimerReady;
  ready->push(entry.slot);
}

// Those of one deadline after those of the one before it, as ever.
void TimerHeap::take_shuffled(int64_t now_ns, ReadyQueue* ready, Random* random) {
  while (next_deadline() <= now_ns && !ready->full()) {
    const int64_t deadline_ns = heap_.front().deadline_ns;
    due_.clear();
    while (next_deadline() == deadline_ns && due_.size() < ready->room()) {
      due_.push_back(heap_.front());
      pop();
    }
    random->shuffle(due_);
    for (const Entry& entry : due_) fire(entry, now_ns, ready);
  }
}

void TimerHeap::take_due(int64_t now_ns, ReadyQueue* ready, Random* random) {
  if (random != nullptr) take_shuffled(now_ns, ready, random);
  // A handful of due timers are popped; where there turn out to be many, sorting them is cheaper.
  constexpr int kPopsBeforeSort = 64;
  for (int n = 0; next_deadline() <= now_ns && !ready->full(); n++) {
    if (n == kPopsBeforeSort && take_many(now_ns, ready)) return;
    const Entry entry = heap_.front();
    pop();
    fire(entry, now_ns, ready);
  }
  // What fired was live, so garbage may be the larger part now.
  limit_garbage();
}

// Fills due_ with the due entries: a due entry's ancestors are due, so the walk never looks further
// than one level below them. False when there are more than `most`.
bool TimerHeap::collect_due(int64_t now_ns, size_t most) {
  due_.clear();
  places_.assign(1, 0);
  for (size_t n = 0; n < places_.size(); n++) {
    due_.push_back(heap_[places_[n]]);
    const size_t first = places_[n] * kArity + 1;
    const size_t last = std::min(first + kArity, heap_.size());
    for (size_t child = first; child < last; child++) {
      if (heap_[child].deadline_ns <= now_ns) places_.push_back(static_cast<uint32_t>(child));
    }
    if (places_.size() > most) return false;
  }
  return true;
}

// Takes all due timers at once: one sort instead of a sift through the whole heap for each. Only
// where most of the heap is due, and only where the ready queue has room for all of them.
bool TimerHeap::take_many(int64_t now_ns, ReadyQueue* ready) {
  if (!collect_due(now_ns, ready->room()) || due_.size() < heap_.size() / 4) return false;
  // A lambda, because the sort calls a pointer to a function instead of inlining it. Timers of one
  // delay come out in order already.
  const auto earlier = [](const Entry& a, const Entry& b) { return before(a, b); };
  if (!std::is_sorted(due_.begin(), due_.end(), earlier)) {
    std::sort(due_.begin(), due_.end(), earlier);
  }
  std::erase_if(heap_, [now_ns](const Entry& entry) { return entry.deadline_ns <= now_ns; });
  heapify();
  for (const Entry& entry : due_) {
    if (!alive(entry)) {
      garbage_--;
      continue;
    }
    fire(entry, now_ns, ready);
  }
  limit_garbage();
  return true;
}

}  // namespace oxbow
