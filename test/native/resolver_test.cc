// Lookups on other threads: all are answered, cancelled ones are not, and an engine may go away in
// the middle. Built with the thread sanitizer, this is also the test of the resolver's locks.
#include <netdb.h>

#include "check.h"
#include "engine_harness.h"
#include "random.h"

using namespace oxbow;
using layout::CompletionOp;
using test::Harness;
using test::Random;

namespace {

// Results by request, collected until `count` have come.
std::map<uint32_t, int32_t> answers(Harness* js, size_t count) {
  std::map<uint32_t, int32_t> all;
  for (js->last_outcome = 0; all.size() < count && js->last_outcome == 0;) {
    for (const Harness::Ready& ready : js->turn(true)) {
      if (ready.is_timer || ready.completion.op != CompletionOp::kResolved) continue;
      CHECK(all.emplace(ready.completion.handle, ready.completion.result).second);
    }
  }
  CHECK_EQ(all.size(), count);
  return all;
}

}  // namespace

TEST(many_lookups_at_once_are_all_answered) {
  for (const char* driver : {"auto", "virtual"}) {
    Harness js(driver);
    if (driver == std::string("auto")) js.hold();
    std::map<uint32_t, std::string> asked;
    for (int n = 0; n < 200; n++) {
      const std::string host = n % 2 == 0 ? "127.0.0." + std::to_string(1 + n) : "::1";
      asked[js.engine().resolve(host, std::to_string(1000 + n), 0, AI_NUMERICHOST)] = host;
    }
    for (const auto& [request, result] : answers(&js, asked.size())) {
      CHECK_EQ(result, 1);
      const std::vector<AddressText> found = js.engine().resolved(request);
      REQUIRE(found.size() == 1);
      CHECK_EQ(found[0].host, asked[request]);
      CHECK_EQ(found[0].family, asked[request] == "::1" ? 6 : 4);
      // An answer is taken once.
      CHECK(js.engine().resolved(request).empty());
    }
    CHECK(!js.engine().expects_events() || driver == std::string("auto"));
  }
}

TEST(names_and_families_and_errors) {
  Harness js("auto");
  js.hold();
  const uint32_t local = js.engine().resolve("localhost", "80", 4, 0);
  const uint32_t wrong = js.engine().resolve("not a number", "80", 0, AI_NUMERICHOST);
  const auto all = answers(&js, 2);
  CHECK(all.at(local) > 0);
  const std::vector<AddressText> found = js.engine().resolved(local);
  REQUIRE(!found.empty());
  CHECK_EQ(found[0].host, std::string("127.0.0.1"));
  CHECK_EQ(found[0].port, 80);
  CHECK_EQ(all.at(wrong), -static_cast<int32_t>(layout::LookupError::kNoName));
}

TEST(cancelled_lookups_are_not_answered) {
  Harness js("auto");
  js.hold();
  Random random(5);
  size_t kept = 0;
  std::vector<uint32_t> cancelled;
  for (int n = 0; n < 300; n++) {
    const uint32_t request = js.engine().resolve("127.0.0.1", "80", 0, AI_NUMERICHOST);
    if (random.once_in(2)) {
      js.engine().cancel_resolve(request);
      cancelled.push_back(request);
    } else {
      kept++;
    }
  }
  const auto all = answers(&js, kept);
  for (const uint32_t request : cancelled) {
    CHECK_EQ(all.count(request), 0u);
    js.engine().cancel_resolve(request);  // again, and too late: nothing happens
  }
}

TEST(in_virtual_time_a_lookup_takes_no_time) {
  Harness js("virtual");
  js.add_timer(1, 1000);
  js.engine().resolve("127.0.0.1", "80", 0, AI_NUMERICHOST);
  answers(&js, 1);
  CHECK_EQ(js.engine().now(), 0.0);
  const auto ready = js.turn(true);
  REQUIRE(ready.size() == 1);
  CHECK_EQ(ready[0].timer, 1u);
}

TEST(engines_go_away_in_the_middle_of_lookups) {
  for (int round = 0; round < 50; round++) {
    Harness js(round % 2 == 0 ? "auto" : "virtual");
    for (int n = 0; n < 20; n++) js.engine().resolve("localhost", "80", 0, 0);
    if (round % 3 == 0) js.turn();
    js.destroy_engine();
  }
  CHECK(true);
}

TEST(numbers_of_requests_begin_again) {
  Harness js("virtual", 1024, 1024, layout::kGenerationMask - 3);
  std::map<uint32_t, bool> asked;
  for (int n = 0; n < 8; n++) {
    const uint32_t request = js.engine().resolve("127.0.0.1", "80", 4, AI_NUMERICHOST);
    CHECK(request > 0 && request <= layout::kGenerationMask);
    asked[request] = true;
  }
  CHECK_EQ(asked.size(), 8u);
  CHECK_EQ(asked.begin()->first, 1u);
  for (const auto& [request, result] : answers(&js, asked.size())) {
    CHECK(asked[request]);
    CHECK_EQ(result, 1);
  }
}

CHECK_MAIN()
