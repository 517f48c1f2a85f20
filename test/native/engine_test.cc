// The engine through its rings, on the drivers of this platform.
#include "check.h"
#include "engine_harness.h"

using namespace oxbow;
using layout::CompletionOp;
using layout::SubmissionOp;
using test::Harness;

TEST(echo_over_tcp_with_both_ends_in_one_engine) {
  Harness js("auto");
  CHECK_EQ(js.open_result, 0);
  js.control(layout::kControlReferences) = 1;
  const int listener = js.engine().listen("127.0.0.1", 0, layout::kSocketReuseAddress, 16);
  CHECK(listener >= 0);
  const uint32_t generation = js.control(layout::kControlLastGeneration);
  AddressText address;
  CHECK_EQ(js.engine().address(static_cast<uint32_t>(listener), generation, 0, &address), 0);
  js.submit(SubmissionOp::kAcceptStart, static_cast<uint32_t>(listener), generation);
  const int client = js.engine().connect("127.0.0.1", address.port, "", 0);
  CHECK(client >= 0);
  const uint32_t client_generation = js.control(layout::kControlLastGeneration);
  std::string got;
  bool closed = false;
  const bool done = js.turn_until([&](const Harness::Ready& ready) {
    const Completion& c = ready.completion;
    switch (c.op) {
      case CompletionOp::kAccept:
        js.submit(SubmissionOp::kReadStart, c.offset, c.length);
        break;
      case CompletionOp::kConnect:
        CHECK_EQ(c.result, 0);
        js.submit(SubmissionOp::kReadStart, c.handle, c.generation);
        js.send(c.handle, c.generation, "hel");
        js.send(c.handle, c.generation, "lo");
        break;
      case CompletionOp::kData:
        if (c.handle == static_cast<uint32_t>(client)) {
          got += js.data(c);
          if (got == "hello") js.submit(SubmissionOp::kClose, c.handle, c.generation);
        } else {
          js.send(c.handle, c.generation, js.data(c));
        }
        break;
      case CompletionOp::kEnd:
        js.submit(SubmissionOp::kClose, c.handle, c.generation);
        break;
      case CompletionOp::kClosed:
        closed = c.handle != static_cast<uint32_t>(client);
        break;
      default:
        CHECK(false);
    }
    return closed;
  });
  CHECK(done);
  CHECK_EQ(got, std::string("hello"));
  // A dead handle: nothing happens.
  js.submit(SubmissionOp::kClose, static_cast<uint32_t>(client), client_generation);
  CHECK(js.turn().empty());
}

CHECK_MAIN()
