// The timer heap alone: order, cancels, the bound on garbage, and the two ways to take what is due.
#include <algorithm>
#include <map>
#include <vector>

#include "check.h"
#include "loop/timer_heap.h"
#include "random.h"

using namespace oxbow;
using test::Random;

namespace {

// A heap with its states, and a ready queue to take from.
struct Timers {
  explicit Timers(uint32_t slots, uint32_t room = 1u << 21, uint32_t first_sequence = 1)
      : heap(first_sequence), states(slots), entries(room), control(layout::kControlWords) {
    heap.bind(states.data(), slots);
    ready.bind(entries.data(), room, control.data());
  }

  // The slots that became ready at `now`, in order.
  std::vector<uint32_t> take(int64_t now_ns) {
    heap.take_due(now_ns, &ready);
    std::vector<uint32_t> slots;
    uint32_t& head = control[layout::kControlReadyHead];
    for (; head != control[layout::kControlReadyTail]; head++) {
      slots.push_back(entries[head & (entries.size() - 1)]);
    }
    return slots;
  }

  TimerHeap heap;
  ReadyQueue ready;
  std::vector<uint8_t> states;
  std::vector<uint32_t> entries;
  std::vector<uint32_t> control;
};

using Slots = std::vector<uint32_t>;

// What a heap should be: (deadline, order of adding) -> slot.
class Model {
 public:
  void add(uint32_t slot, int64_t deadline_ns) {
    const Key key{deadline_ns, order_++};
    by_key_[key] = slot;
    keys_[slot] = key;
  }
  bool has(uint32_t slot) const { return keys_.count(slot) > 0; }
  void cancel(uint32_t slot) {
    by_key_.erase(keys_.at(slot));
    keys_.erase(slot);
  }
  Slots take(int64_t now_ns, size_t room) {
    Slots slots;
    while (!by_key_.empty() && by_key_.begin()->first.first <= now_ns && slots.size() < room) {
      slots.push_back(by_key_.begin()->second);
      cancel(slots.back());
    }
    return slots;
  }
  int64_t next_deadline() const {
    return by_key_.empty() ? TimerHeap::kNone : by_key_.begin()->first.first;
  }
  size_t size() const { return keys_.size(); }

 private:
  using Key = std::pair<int64_t, uint64_t>;
  std::map<Key, uint32_t> by_key_;
  std::map<uint32_t, Key> keys_;
  uint64_t order_ = 0;
};

// Random adds, cancels and takes; `room` is small enough to be full at times.
void compare_with_model(uint64_t seed, uint32_t room, int64_t spread_ns) {
  constexpr uint32_t kSlots = 4096;
  Random random(seed);
  Timers timers(kSlots, room);
  Model model;
  int64_t now_ns = 0;
  const int failures = check::registry().failures_in_test;
  for (int step = 0; step < 60000 && check::registry().failures_in_test == failures; step++) {
    const uint32_t slot = random.below(kSlots);
    if (random.once_in(500)) {
      now_ns += random.below(static_cast<uint32_t>(spread_ns));
      CHECK(timers.take(now_ns) == model.take(now_ns, room));
    } else if (model.has(slot)) {
      timers.heap.cancel(slot);
      model.cancel(slot);
      CHECK_EQ(timers.states[slot], layout::kTimerIdle);
    } else {
      // Coarse deadlines, so that many are equal.
      const int64_t deadline_ns = now_ns + random.below(64) * (spread_ns / 64);
      timers.heap.add(slot, deadline_ns);
      model.add(slot, deadline_ns);
      CHECK_EQ(timers.states[slot], layout::kTimerPending);
    }
    CHECK_EQ(timers.heap.next_deadline(), model.next_deadline());
    CHECK_EQ(timers.heap.size(), model.size());
    CHECK(timers.heap.entry_count() <= 2 * model.size() + 64);
  }
  while (model.size() > 0) CHECK(timers.take(INT64_MAX - 1) == model.take(INT64_MAX - 1, room));
  CHECK_EQ(timers.heap.size(), 0u);
  if (check::registry().failures_in_test != failures) {
    std::cerr << "seed " << seed << ", room " << room << ", spread " << spread_ns << "\n";
  }
}

}  // namespace

TEST(fires_by_deadline_and_equal_ones_in_the_order_of_adding) {
  Timers timers(8);
  timers.heap.add(5, 20);
  timers.heap.add(1, 10);
  timers.heap.add(7, 20);
  timers.heap.add(0, 20);
  timers.heap.add(3, 30);
  CHECK_EQ(timers.heap.next_deadline(), 10);
  CHECK(timers.take(9) == Slots{});
  CHECK(timers.take(20) == (Slots{1, 5, 7, 0}));
  CHECK_EQ(timers.states[5], layout::kTimerReady);
  CHECK_EQ(timers.heap.next_deadline(), 30);
  CHECK(timers.take(30) == Slots{3});
  CHECK_EQ(timers.heap.next_deadline(), TimerHeap::kNone);
}

TEST(cancelled_timers_do_not_fire) {
  Timers timers(4);
  for (uint32_t slot = 0; slot < 4; slot++) timers.heap.add(slot, 10);
  timers.heap.cancel(0);
  timers.heap.cancel(2);
  CHECK_EQ(timers.heap.size(), 2u);
  CHECK(timers.take(10) == (Slots{1, 3}));
}

TEST(a_cancel_that_comes_too_late_or_for_no_timer_does_nothing) {
  Timers timers(4);
  timers.heap.add(1, 10);
  CHECK(timers.take(10) == Slots{1});
  timers.heap.cancel(1);
  CHECK_EQ(timers.states[1], layout::kTimerReady);
  timers.heap.cancel(2);
  timers.heap.cancel(4000000000u);
  CHECK_EQ(timers.heap.size(), 0u);
  // The slot serves again.
  timers.heap.add(1, 20);
  CHECK(timers.take(20) == Slots{1});
}

TEST(a_slot_that_is_used_again_fires_once_at_its_new_deadline) {
  Timers timers(2);
  timers.heap.add(0, 10);
  timers.heap.cancel(0);
  timers.heap.add(0, 30);
  CHECK(timers.take(20) == Slots{});
  CHECK(timers.take(30) == Slots{0});
}

TEST(agrees_with_a_model_on_random_operations) {
  for (uint64_t seed = 1; seed <= 4; seed++) {
    compare_with_model(seed, 1u << 16, 1 << 20);
    compare_with_model(seed, 64, 1 << 20);
    compare_with_model(seed, 512, 256);
  }
}

TEST(what_finds_no_room_in_the_ready_queue_fires_later_in_order) {
  Timers timers(1000, 64);
  for (uint32_t slot = 0; slot < 1000; slot++) timers.heap.add(slot, 1000 - slot);
  Slots all;
  for (int turn = 0; turn < 16; turn++) {
    const Slots some = timers.take(5000);
    CHECK(some.size() <= 64);
    all.insert(all.end(), some.begin(), some.end());
  }
  CHECK_EQ(all.size(), 1000u);
  CHECK(std::is_sorted(all.rbegin(), all.rend()));
}

TEST(many_due_timers_come_in_the_same_order_as_few) {
  // One heap gives all at once (a sort), the other is asked for one deadline at a time (pops).
  constexpr uint32_t kCount = 20000;
  Random random(7);
  Timers sorted(kCount);
  Timers popped(kCount);
  for (uint32_t slot = 0; slot < kCount; slot++) {
    const int64_t deadline_ns = random.below(1000);
    sorted.heap.add(slot, deadline_ns);
    popped.heap.add(slot, deadline_ns);
  }
  for (uint32_t slot = 0; slot < kCount; slot += 3) {
    sorted.heap.cancel(slot);
    popped.heap.cancel(slot);
  }
  Slots one_by_one;
  for (int64_t now_ns = 0; now_ns <= 900; now_ns++) {
    const Slots some = popped.take(now_ns);
    one_by_one.insert(one_by_one.end(), some.begin(), some.end());
  }
  CHECK(sorted.take(900) == one_by_one);
  CHECK_EQ(sorted.heap.size(), popped.heap.size());
  CHECK(sorted.take(1000) == popped.take(1000));
  CHECK_EQ(sorted.heap.size(), 0u);
}

TEST(garbage_stays_bounded_when_timers_are_cancelled_or_fire) {
  constexpr uint32_t kCount = 10000;
  Timers timers(kCount);
  for (uint32_t slot = 0; slot < kCount; slot++) timers.heap.add(slot, slot);
  // Nearly half is cancelled, behind everything that will fire.
  for (uint32_t slot = kCount / 2 + 1; slot < kCount; slot++) timers.heap.cancel(slot);
  CHECK(timers.heap.entry_count() <= 2 * timers.heap.size() + 64);
  timers.take(kCount / 2 - 1);
  CHECK_EQ(timers.heap.size(), 1u);
  CHECK(timers.heap.entry_count() <= 2 * 1 + 64);
}

TEST(order_holds_when_the_sequence_wraps_around) {
  Timers timers(400, 1u << 10, UINT32_MAX - 100);
  for (uint32_t slot = 0; slot < 400; slot++) timers.heap.add(slot, 10);
  timers.heap.cancel(100);
  Slots expected;
  for (uint32_t slot = 0; slot < 400; slot++) {
    if (slot != 100) expected.push_back(slot);
  }
  CHECK(timers.take(10) == expected);
}

TEST(slots_can_be_added_while_timers_are_pending) {
  Timers timers(2);
  timers.heap.add(1, 10);
  std::vector<uint8_t> grown(8);
  grown[1] = timers.states[1];
  timers.heap.bind(grown.data(), 8);
  timers.heap.add(7, 5);
  CHECK(timers.take(10) == (Slots{7, 1}));
  CHECK_EQ(grown[1], layout::kTimerReady);
}

TEST(a_million_timers) {
  constexpr uint32_t kCount = 1000000;
  Random random(11);
  Timers timers(kCount);
  for (uint32_t slot = 0; slot < kCount; slot++) {
    timers.heap.add(slot, static_cast<int64_t>(random.below(1u << 30)));
  }
  for (uint32_t slot = 0; slot < kCount; slot += 2) timers.heap.cancel(slot);
  CHECK_EQ(timers.heap.size(), kCount / 2);
  const Slots first = timers.take(1 << 29);
  const Slots second = timers.take(1 << 30);
  CHECK_EQ(first.size() + second.size(), kCount / 2);
  CHECK(std::all_of(first.begin(), first.end(), [](uint32_t slot) { return slot % 2 == 1; }));
}

CHECK_MAIN()
