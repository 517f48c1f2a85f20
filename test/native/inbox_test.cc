// Messages from other threads: order, wakes, cancelling, closing. Built with the thread sanitizer,
// this is also the test of the inbox's locks and of the wake of the drivers.
#include <atomic>
#include <thread>

#include "check.h"
#include "engine_harness.h"
#include "inbox/c_api.h"
#include "random.h"

using namespace oxbow;
using layout::CompletionOp;
using layout::PostKind;
using test::Harness;
using test::Random;

namespace {

struct Message {
  uint8_t bytes[layout::kPostHeaderBytes + 8] = {};

  explicit Message(PostKind kind, uint32_t call = 0, double reply_to = 0, uint64_t value = 0) {
    const uint32_t word = static_cast<uint32_t>(kind);
    std::memcpy(bytes + layout::kPostKind * 4, &word, 4);
    std::memcpy(bytes + layout::kPostCall * 4, &call, 4);
    std::memcpy(bytes + layout::kPostReplyTo * 8, &reply_to, 8);
    std::memcpy(bytes + layout::kPostHeaderBytes, &value, 8);
  }
  int post_to(Inbox& inbox, uint64_t* number = nullptr) {
    return inbox.post(bytes, sizeof(bytes), number);
  }
};

PostKind kind_of(const Posted& posted) {
  uint32_t kind;
  std::memcpy(&kind, posted.bytes.get() + layout::kPostKind * 4, 4);
  return static_cast<PostKind>(kind);
}

uint32_t call_of(const Posted& posted) {
  uint32_t call;
  std::memcpy(&call, posted.bytes.get() + layout::kPostCall * 4, 4);
  return call;
}

uint64_t value_of(const Posted& posted) {
  uint64_t value;
  std::memcpy(&value, posted.bytes.get() + layout::kPostHeaderBytes, 8);
  return value;
}

struct Wakes final : Waker {
  void wake() override { count++; }
  uint32_t count = 0;
};

// An inbox without a loop.
struct Box {
  Box() : inbox(open_inbox(&wakes)) {}
  ~Box() { close_inbox(inbox); }
  std::vector<Posted> take_all() {
    std::vector<Posted> all;
    inbox->mark();
    for (Posted posted; inbox->take(&posted);) all.push_back(std::move(posted));
    return all;
  }
  Wakes wakes;
  std::shared_ptr<Inbox> inbox;
};

uint32_t wakes_in(const std::vector<Harness::Ready>& turn) {
  uint32_t count = 0;
  for (const Harness::Ready& ready : turn) {
    count += !ready.is_timer && ready.completion.op == CompletionOp::kWake;
  }
  return count;
}

struct Counted {
  std::atomic<int> run{0};
  std::atomic<int> dropped{0};
};

void count(void* data, int status) {
  Counted* counted = static_cast<Counted*>(data);
  (status == OXBOW_OK ? counted->run : counted->dropped)++;
}

}  // namespace

TEST(messages_are_taken_in_the_order_in_which_they_came) {
  Box box;
  for (uint64_t n = 0; n < 1000; n++) {
    CHECK_EQ(Message(PostKind::kCall, 0, 0, n).post_to(*box.inbox), OXBOW_OK);
  }
  const std::vector<Posted> all = box.take_all();
  REQUIRE(all.size() == 1000);
  for (uint64_t n = 0; n < all.size(); n++) CHECK_EQ(value_of(all[n]), n);
}

TEST(a_burst_wakes_once_and_what_comes_after_the_look_wakes_again) {
  Box box;
  for (int n = 0; n < 100; n++) Message(PostKind::kCall).post_to(*box.inbox);
  CHECK_EQ(box.wakes.count, 1u);
  box.inbox->mark();
  Message(PostKind::kCall).post_to(*box.inbox);
  CHECK_EQ(box.wakes.count, 2u);
  // Only what was there at the look is taken now.
  int taken = 0;
  for (Posted posted; box.inbox->take(&posted);) taken++;
  CHECK_EQ(taken, 100);
  CHECK(box.inbox->waiting());
  CHECK_EQ(box.take_all().size(), 1u);
  CHECK(!box.inbox->waiting());
}

TEST(a_cancelled_message_is_never_taken_and_a_taken_one_not_cancelled) {
  Box box;
  uint64_t numbers[3];
  for (uint64_t& number : numbers) Message(PostKind::kCall).post_to(*box.inbox, &number);
  CHECK(box.inbox->cancel(numbers[1]));
  CHECK(!box.inbox->cancel(numbers[1]));
  CHECK_EQ(box.take_all().size(), 2u);
  for (const uint64_t number : numbers) CHECK(!box.inbox->cancel(number));
  CHECK(!box.inbox->cancel(12345));
}

TEST(senseless_messages_are_refused) {
  Box box;
  const uint8_t byte = 0;
  CHECK_EQ(box.inbox->post(&byte, 1), OXBOW_INVALID);
  CHECK_EQ(box.inbox->post(nullptr, 100), OXBOW_INVALID);
  CHECK_EQ(box.inbox->post(static_cast<oxbow_callback>(nullptr), nullptr), OXBOW_INVALID);
  CHECK_EQ(box.wakes.count, 0u);
}

TEST(a_full_inbox_refuses_but_takes_answers) {
  Box box;
  for (size_t n = 0; n < Inbox::kWaitingMax; n++) box.inbox->post(count, nullptr);
  CHECK_EQ(Message(PostKind::kCall).post_to(*box.inbox), OXBOW_FULL);
  CHECK_EQ(box.inbox->post(count, nullptr), OXBOW_FULL);
  CHECK_EQ(Message(PostKind::kResult).post_to(*box.inbox), OXBOW_OK);
  CHECK_EQ(box.take_all().size(), Inbox::kWaitingMax + 1);
  CHECK_EQ(Message(PostKind::kCall).post_to(*box.inbox), OXBOW_OK);
}

TEST(callers_hear_of_the_end_of_a_loop_that_owes_them) {
  Box caller;
  std::vector<Posted> told;
  {
    Box loop;
    const double reply_to = static_cast<double>(caller.inbox->id());
    for (uint32_t call = 1; call <= 4; call++) {
      uint64_t number;
      Message(PostKind::kStart, call, reply_to).post_to(*loop.inbox, &number);
      if (call == 3) CHECK(loop.inbox->cancel(number));
    }
    CHECK_EQ(loop.take_all().size(), 3u);
    loop.inbox->answered({caller.inbox->id(), 2});
    Message(PostKind::kStart, 5, reply_to).post_to(*loop.inbox);  // never taken
  }
  told = caller.take_all();
  REQUIRE(told.size() == 3);
  const uint32_t lost[] = {1, 4, 5};
  for (size_t n = 0; n < told.size(); n++) {
    CHECK(kind_of(told[n]) == PostKind::kLost);
    CHECK_EQ(call_of(told[n]), lost[n]);
  }
}

TEST(closing_tells_callbacks_and_refuses_what_comes_later) {
  Counted counted;
  Box box;
  const uint64_t id = box.inbox->id();
  for (int n = 0; n < 10; n++) box.inbox->post(count, &counted);
  close_inbox(box.inbox);
  CHECK_EQ(counted.run.load(), 0);
  CHECK_EQ(counted.dropped.load(), 10);
  CHECK_EQ(box.inbox->post(count, &counted), OXBOW_CLOSED);
  CHECK_EQ(Message(PostKind::kCall).post_to(*box.inbox), OXBOW_CLOSED);
  CHECK(box.inbox->closed());
  CHECK(find_inbox(id) == nullptr);
  close_inbox(box.inbox);
  CHECK_EQ(counted.dropped.load(), 10);
}

TEST(an_engine_tells_once_for_a_burst_and_again_for_what_comes_later) {
  for (const char* driver : {"auto", "virtual"}) {
    Harness js(driver);
    Inbox& inbox = *js.engine().inbox();
    CHECK(!js.engine().has_work());
    for (int n = 0; n < 50; n++) Message(PostKind::kCall).post_to(inbox);
    CHECK(js.engine().has_work());
    CHECK_EQ(wakes_in(js.turn()), 1u);
    Message(PostKind::kCall).post_to(inbox);
    CHECK_EQ(wakes_in(js.turn()), 0u);  // JavaScript has not looked yet
    int taken = 0;
    for (Posted posted; js.engine().take_posted(&posted);) taken++;
    CHECK_EQ(taken, 50);
    CHECK_EQ(wakes_in(js.turn(true)), 1u);
    Posted posted;
    CHECK(js.engine().take_posted(&posted));
    CHECK(!js.engine().take_posted(&posted));
    CHECK_EQ(wakes_in(js.turn()), 0u);
    CHECK(!js.engine().has_work());
  }
}

TEST(a_flood_is_taken_in_several_turns_and_timers_come_in_between) {
  for (const char* driver : {"auto", "virtual"}) {
    Harness js(driver);
    for (int n = 0; n < 3000; n++) Message(PostKind::kCall).post_to(*js.engine().inbox());
    js.add_timer(1, 0);
    bool timer = false;
    int turns = 0;
    int taken = 0;
    for (; js.engine().has_work() || turns == 0; turns++) {
      for (const Harness::Ready& ready : js.turn(true)) timer = timer || ready.is_timer;
      int now = 0;
      for (Posted posted; js.engine().take_posted(&posted);) now++;
      CHECK(now <= 1024);
      taken += now;
      if (turns == 0) CHECK(timer || driver == std::string("virtual"));
    }
    CHECK_EQ(taken, 3000);
    CHECK_EQ(turns, 3);
  }
}

TEST(what_a_broken_off_dispatch_left_is_told_again) {
  Harness js("auto");
  for (int n = 0; n < 3; n++) Message(PostKind::kCall).post_to(*js.engine().inbox());
  js.turn();
  Posted posted;
  CHECK(js.engine().take_posted(&posted));
  CHECK_EQ(wakes_in(js.turn(true)), 1u);
}

TEST(a_full_completion_ring_delays_the_wake) {
  Harness js("auto", 4);
  for (int n = 0; n < 4; n++) js.push_item();
  Message(PostKind::kCall).post_to(*js.engine().inbox());
  CHECK_EQ(wakes_in(js.turn()), 0u);
  CHECK_EQ(wakes_in(js.turn(true)), 1u);
}

TEST(virtual_time_stands_still_for_an_answer_and_goes_on_for_mere_listeners) {
  Harness js("virtual");
  Inbox& inbox = *js.engine().inbox();
  js.add_timer(1, 1000);
  js.engine().driver()->allow_wake(1);
  CHECK_EQ(js.turn(true).size(), 1u);  // time went on to the timer
  js.add_timer(2, 1000000);
  js.engine().driver()->expect_wake(1);
  std::thread other([&inbox] { Message(PostKind::kResult).post_to(inbox); });
  uint32_t wakes = 0;
  while (wakes == 0) wakes = wakes_in(js.turn(true));
  CHECK(js.engine().now() < 0.001);
  other.join();
  js.engine().driver()->expect_wake(-1);
}

TEST(a_loop_that_only_listens_sleeps_until_a_thread_posts) {
  for (const char* driver : {"auto", "virtual"}) {
    Harness js(driver);
    Inbox& inbox = *js.engine().inbox();
    js.control(layout::kControlReferences) = 1;
    js.engine().driver()->allow_wake(1);
    std::thread other([&inbox] { Message(PostKind::kCall).post_to(inbox); });
    uint32_t wakes = 0;
    while (wakes == 0 && js.last_outcome == 0) wakes = wakes_in(js.turn(true));
    CHECK_EQ(wakes, 1u);
    other.join();
  }
}

TEST(no_wake_is_lost_between_several_posters_and_a_loop_that_sleeps) {
  constexpr int kPosters = 4;
  constexpr uint64_t kEach = 20000;
  for (const char* driver : {"auto", "virtual"}) {
    Harness js(driver);
    js.hold();
    js.engine().driver()->expect_wake(1);
    Inbox& inbox = *js.engine().inbox();
    std::vector<std::thread> posters;
    for (int p = 0; p < kPosters; p++) {
      posters.emplace_back([&inbox, p] {
        for (uint64_t n = 0; n < kEach; n++) {
          Message(PostKind::kCall, static_cast<uint32_t>(p), 0, n).post_to(inbox);
          if (n % 64 == 0) std::this_thread::yield();
        }
      });
    }
    uint64_t next[kPosters] = {};
    uint64_t taken = 0;
    bool in_order = true;
    while (taken < kPosters * kEach && js.last_outcome == 0) {
      js.turn(true);
      for (Posted posted; js.engine().take_posted(&posted); taken++) {
        in_order = in_order && value_of(posted) == next[call_of(posted)]++;
      }
    }
    CHECK(in_order);
    CHECK_EQ(taken, kPosters * kEach);
    for (std::thread& poster : posters) poster.join();
  }
}

TEST(loops_close_and_open_while_threads_post_and_cancel) {
  Counted counted;
  std::atomic<uint64_t> id{0};
  std::atomic<bool> done{false};
  std::atomic<int> accepted{0};
  std::vector<std::thread> posters;
  for (int p = 0; p < 3; p++) {
    posters.emplace_back([&, p] {
      Random random(static_cast<uint64_t>(p) + 1);
      while (!done) {
        const std::shared_ptr<Inbox> inbox = find_inbox(id);
        if (inbox == nullptr) continue;
        if (inbox->post(count, &counted) == OXBOW_OK) accepted++;
        uint64_t number;
        const double back = static_cast<double>(inbox->id());
        Message message(PostKind::kStart, random.below(100), back);
        if (message.post_to(*inbox, &number) == OXBOW_OK && random.once_in(2)) {
          inbox->cancel(number);
        }
      }
    });
  }
  // At least so many rounds, and until the posters had their share of the processor.
  for (int round = 0; round < 60 || accepted < 100; round++) {
    Harness js(round % 2 == 0 ? "auto" : "virtual");
    id = js.engine().inbox()->id();
    for (int n = 0; n < 20; n++) {
      js.turn();
      for (Posted posted; js.engine().take_posted(&posted);) {
        if (posted.callback != nullptr) posted.callback(posted.data, OXBOW_OK);
      }
    }
    js.destroy_engine();
  }
  done = true;
  for (std::thread& poster : posters) poster.join();
  // Each accepted callback was called exactly once, one way or the other.
  CHECK_EQ(counted.run + counted.dropped, accepted.load());
  CHECK(accepted > 0);
}

TEST(the_table_for_c) {
  const oxbow_api* api = c_api();
  CHECK_EQ(oxbow_check(api), OXBOW_OK);
  CHECK_EQ(oxbow_check(nullptr), OXBOW_VERSION);
  oxbow_api other = *api;
  other.abi_version++;
  CHECK_EQ(oxbow_check(&other), OXBOW_VERSION);
  Counted counted;
  oxbow_loop* loop = nullptr;
  {
    Box box;
    loop = api->loop_find(box.inbox->id());
    REQUIRE(loop != nullptr);
    CHECK(api->loop_find(box.inbox->id() + 1000) == nullptr);
    api->loop_ref(loop);
    api->loop_unref(loop);
    CHECK_EQ(api->loop_is_closed(loop), 0);
    CHECK_EQ(api->post(loop, count, &counted), OXBOW_OK);
    CHECK_EQ(api->post(loop, nullptr, &counted), OXBOW_INVALID);
    CHECK_EQ(api->post_call(loop, 7, "bytes", 5), OXBOW_OK);
    CHECK_EQ(api->post_call(loop, 7, nullptr, 5), OXBOW_INVALID);
    CHECK_EQ(api->post_call(loop, 7, nullptr, 0), OXBOW_OK);
    CHECK_EQ(api->post_call(loop, 7, "", SIZE_MAX), OXBOW_INVALID);
    const std::vector<Posted> all = box.take_all();
    REQUIRE(all.size() == 3);
    CHECK(kind_of(all[1]) == PostKind::kBytes);
    CHECK_EQ(all[1].size, layout::kPostHeaderBytes + 5);
    CHECK_EQ(all[2].size, layout::kPostHeaderBytes);
  }
  CHECK_EQ(api->post(loop, count, &counted), OXBOW_CLOSED);
  CHECK_EQ(api->post_call(loop, 7, "", 0), OXBOW_CLOSED);
  CHECK_EQ(api->loop_is_closed(loop), 1);
  api->loop_unref(loop);
  api->loop_unref(nullptr);
  CHECK_EQ(api->post(nullptr, count, &counted), OXBOW_INVALID);
  CHECK(std::string(api->error_text(OXBOW_CLOSED)) != api->error_text(-99));
}

CHECK_MAIN()
