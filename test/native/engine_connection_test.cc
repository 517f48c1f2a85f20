// The life of a connection, through the rings: handles that are gone, the ways to end, what waits
// to be sent, and reading that stops and starts.
#include "check.h"
#include "engine_harness.h"
#include "net/reader.h"
#include "net/stream.h"
#include "tcp_peer.h"

using namespace oxbow;
using layout::CompletionOp;
using layout::SubmissionOp;
using test::End;
using test::Harness;
using test::Peer;
using test::TcpHarness;

namespace {

using Ops = std::vector<CompletionOp>;

// Both ends of one connection in the engine, on each driver.
struct Two : Harness {
  explicit Two(const char* driver, uint32_t ready_capacity = 1024)
      : Harness(driver, ready_capacity) {
    hold();
    const std::vector<End> ends = pair();
    CHECK_EQ(ends.size(), 2u);
    near = ends[0];
    far = ends[1];
  }
  End near;
  End far;
};

void on_each_driver(const std::function<void(Two&)>& body, uint32_t ready_capacity = 1024) {
  for (const char* driver : {"auto", "virtual"}) {
    const int before = check::registry().failures_in_test;
    Two js(driver, ready_capacity);
    body(js);
    if (check::registry().failures_in_test != before) std::cerr << "with " << driver << "\n";
  }
}

std::string pattern(size_t size) {
  std::string text(size, '\0');
  for (size_t n = 0; n < size; n++) text[n] = static_cast<char>(n * 31 + (n >> 12));
  return text;
}

}  // namespace

TEST(operations_on_handles_that_are_gone_do_nothing) {
  on_each_driver([](Two& js) {
    js.submit(SubmissionOp::kAbort, js.near);
    js.submit(SubmissionOp::kAbort, js.far);
    js.settle();
    CHECK_EQ(js.told(js.near).count(CompletionOp::kClosed), 1u);
    // The numbers are used again, by others.
    const std::vector<End> fresh = js.pair();
    CHECK(fresh[0].handle == js.far.handle || fresh[0].handle == js.near.handle);
    for (const End old : {js.near, js.far, End{77, 0}, End{UINT32_MAX, 1}}) {
      for (uint32_t op = 3; op <= 14; op++) js.submit(static_cast<SubmissionOp>(op), old);
      AddressText text;
      uint8_t byte = 0;
      CHECK_EQ(js.write(old, "late"), -EPIPE);
      CHECK_EQ(js.engine().receive(old.handle, old.generation, &byte, 1), -EBADF);
      CHECK_EQ(js.engine().address(old.handle, old.generation, 0, &text), -EBADF);
      CHECK_EQ(js.engine().descriptor(old.handle, old.generation), -EBADF);
      CHECK_EQ(js.engine().option(old.handle, old.generation, "noDelay", 1), -EBADF);
    }
    CHECK(js.turn().empty());
    js.submit(SubmissionOp::kReadStart, fresh[1]);
    js.send(fresh[0], "alive");
    js.settle();
    CHECK_EQ(js.told(fresh[1]).data, std::string("alive"));
  });
}

TEST(close_sends_everything_first) {
  on_each_driver([](Two& js) {
    const std::string text = js.fill(js.near, pattern(5 << 20));
    CHECK(js.backlog[js.near.handle] > 0);
    js.submit(SubmissionOp::kClose, js.near);
    js.settle();
    CHECK(js.told(js.near).ops.empty());
    js.submit(SubmissionOp::kReadStart, js.far);
    CHECK(js.run_until([&] { return js.told(js.far).count(CompletionOp::kEnd) == 1; }));
    CHECK(js.told(js.far).data == text);
    js.settle();
    CHECK(js.told(js.near).ops == Ops{CompletionOp::kClosed});
  });
}

TEST(abort_drops_what_is_unsent) {
  on_each_driver([](Two& js) {
    const std::string text = js.fill(js.near, pattern(5 << 20));
    CHECK(js.backlog[js.near.handle] > 0);
    js.submit(SubmissionOp::kAbort, js.near);
    js.submit(SubmissionOp::kAbort, js.near);
    js.submit(SubmissionOp::kClose, js.near);
    js.settle();
    CHECK_EQ(js.backlog[js.near.handle], 0.0);
    CHECK(js.told(js.near).ops == Ops{CompletionOp::kClosed});
    js.submit(SubmissionOp::kReadStart, js.far);
    CHECK(js.run_until([&] { return !js.told(js.far).ops.empty(); }));
    CHECK(js.told(js.far).data.size() < text.size());
    CHECK(text.compare(0, js.told(js.far).data.size(), js.told(js.far).data) == 0);
  });
}

TEST(shutdown_ends_one_direction_after_what_was_sent) {
  on_each_driver([](Two& js) {
    js.submit(SubmissionOp::kReadStart, js.near);
    const std::string text = js.fill(js.near, pattern(2 << 20));
    js.submit(SubmissionOp::kShutdown, js.near);
    js.submit(SubmissionOp::kReadStart, js.far);
    CHECK(js.run_until([&] { return js.told(js.far).count(CompletionOp::kEnd) == 1; }));
    CHECK(js.told(js.far).data == text);
    js.send(js.far, "answer");
    js.submit(SubmissionOp::kClose, js.far);
    CHECK(js.run_until([&] { return js.told(js.near).count(CompletionOp::kEnd) == 1; }));
    CHECK_EQ(js.told(js.near).data, std::string("answer"));
  });
}

TEST(the_backlog_is_told_and_drained_below_the_mark_once) {
  on_each_driver([](Two& js) {
    const std::string text = js.fill(js.near, pattern(4 << 20));
    CHECK(js.backlog[js.near.handle] > (1 << 10));
    js.submit(SubmissionOp::kNotifyDrain, js.near).value = 1 << 10;
    js.turn();
    CHECK_EQ(js.told(js.near).count(CompletionOp::kDrain), 0u);
    js.submit(SubmissionOp::kReadStart, js.far);
    while (js.told(js.near).ops.empty()) {
      CHECK(js.backlog[js.near.handle] > (1 << 10));
      js.turn(true);
      REQUIRE(js.last_outcome == 0);
    }
    CHECK(js.backlog[js.near.handle] <= (1 << 10));
    CHECK(js.run_until([&] { return js.told(js.far).data.size() == text.size(); }));
    CHECK_EQ(js.backlog[js.near.handle], 0.0);
    js.settle();
    CHECK(js.told(js.near).ops == Ops{CompletionOp::kDrain});
    // Nothing is waiting: told at once.
    js.submit(SubmissionOp::kNotifyDrain, js.near).value = 0;
    js.settle();
    CHECK_EQ(js.told(js.near).count(CompletionOp::kDrain), 2u);
  });
}

TEST(written_memory_is_the_callers_again_at_return_and_order_holds) {
  on_each_driver([](Two& js) {
    std::string large = pattern(3 << 20);
    js.send(js.near, "before");
    const std::string expected = "before" + js.fill(js.near, large) + "after";
    js.send(js.near, "after");
    large.assign(large.size(), 'X');
    js.submit(SubmissionOp::kReadStart, js.far);
    CHECK(js.run_until([&] { return js.told(js.far).data.size() >= expected.size(); }));
    CHECK(js.told(js.far).data == expected);
  });
}

TEST(what_is_not_taken_of_a_large_write_is_given_again_and_the_queue_stays_short) {
  on_each_driver([](Two& js) {
    const std::string text = pattern(3 << 20);
    size_t given = js.fill(js.near, text).size();
    CHECK(given > 0 && given < text.size());
    CHECK(js.backlog[js.near.handle] > 0 && js.backlog[js.near.handle] <= (16 << 10));
    js.submit(SubmissionOp::kReadStart, js.far);
    while (given < text.size()) {
      js.submit(SubmissionOp::kNotifyDrain, js.near).value = 0;
      const uint32_t told = js.told(js.near).count(CompletionOp::kDrain);
      CHECK(js.run_until([&] { return js.told(js.near).count(CompletionOp::kDrain) > told; }));
      REQUIRE(js.last_outcome == 0);
      const size_t taken = js.fill(js.near, text.substr(given)).size();
      CHECK(taken > 0);
      given += taken;
      CHECK(js.backlog[js.near.handle] <= (64 << 10));
    }
    CHECK(js.run_until([&] { return js.told(js.far).data.size() == text.size(); }));
    CHECK(js.told(js.far).data == text);
  });
}

TEST(a_small_rest_is_taken_whole_and_a_long_queue_takes_nothing_more) {
  on_each_driver([](Two& js) {
    js.fill(js.near, pattern(3 << 20));
    const double queued = js.backlog[js.near.handle];
    CHECK_EQ(js.write(js.near, std::string(40 << 10, 'x')), 40 << 10);
    CHECK_EQ(js.backlog[js.near.handle], queued + (40 << 10));
    CHECK_EQ(js.write(js.near, std::string(40 << 10, 'y')), 0);
    CHECK_EQ(js.backlog[js.near.handle], queued + (40 << 10));
    CHECK_EQ(js.write(js.near, "z"), 1);
  });
}

TEST(a_reset_is_a_failure_and_then_a_close) {
  TcpHarness js;
  Peer peer(js.address);
  const End end = js.accept(true);
  peer.reset();
  CHECK(js.run_until([&] { return !js.told(end).ops.empty(); }));
  CHECK(js.told(end).ops == Ops{CompletionOp::kFailed});
  CHECK_EQ(js.told(end).failure, -ECONNRESET);
  // Late writes are harmless.
  js.send(end, "too late");
  CHECK_EQ(js.write(end, "too late"), -EPIPE);
  js.settle();
  js.submit(SubmissionOp::kAbort, end);
  js.settle();
  CHECK(js.told(end).ops == (Ops{CompletionOp::kFailed, CompletionOp::kClosed}));
}

TEST(writing_to_a_peer_that_is_gone_fails_once) {
  on_each_driver([](Two& js) {
    js.submit(SubmissionOp::kAbort, js.far);
    js.settle();
    for (int n = 0; n < 3; n++) {
      js.send(js.near, "anybody?");
      js.settle();
    }
    CHECK(js.told(js.near).ops == Ops{CompletionOp::kFailed});
    js.submit(SubmissionOp::kClose, js.near);
    js.settle();
    CHECK(js.told(js.near).ops == (Ops{CompletionOp::kFailed, CompletionOp::kClosed}));
  });
}

TEST(a_stream_that_is_closed_while_it_connects_is_closed_whatever_comes_of_it) {
  TcpHarness js;
  for (const bool refused : {false, true}) {
    if (refused) {
      js.submit(SubmissionOp::kClose, js.listener);
      js.settle();
    }
    AddressText to = format_address(js.address);
    const int handle = js.engine().connect(to.host, to.port, "", 0);
    REQUIRE(handle >= 0);
    const End end{static_cast<uint32_t>(handle), js.control(layout::kControlLastGeneration)};
    js.submit(SubmissionOp::kClose, end);
    CHECK(js.run_until([&] { return js.told(end).count(CompletionOp::kClosed) == 1; }));
  }
}

TEST(stopped_reading_tells_nothing_new_and_goes_on) {
  on_each_driver([](Two& js) {
    js.submit(SubmissionOp::kReadStart, js.far);
    js.send(js.near, "one");
    js.settle();
    js.submit(SubmissionOp::kReadStop, js.far);
    js.send(js.near, "two");
    js.submit(SubmissionOp::kShutdown, js.near);
    js.settle();
    CHECK_EQ(js.told(js.far).data, std::string("one"));
    js.submit(SubmissionOp::kReadStart, js.far);
    js.settle();
    CHECK_EQ(js.told(js.far).data, std::string("onetwo"));
    CHECK(js.told(js.far).ops == Ops{CompletionOp::kEnd});
  });
}

TEST(direct_reading_says_when_and_leaves_the_bytes_to_the_caller) {
  on_each_driver([](Two& js) {
    js.submit(SubmissionOp::kReadStart, js.far).flags = layout::kReadDirect;
    js.send(js.near, "0123456789");
    js.settle();
    CHECK(js.told(js.far).ops == Ops{CompletionOp::kReadable});
    uint8_t bytes[4];
    CHECK_EQ(js.engine().receive(js.far.handle, js.far.generation, bytes, 4), 4);
    js.settle();
    CHECK_EQ(js.told(js.far).count(CompletionOp::kReadable), 2u);
    // And back to being told of data, with bytes still unread.
    js.submit(SubmissionOp::kReadStart, js.far);
    js.settle();
    CHECK_EQ(js.told(js.far).data, std::string("456789"));
  });
}

TEST(a_descriptor_is_watched_once_and_never_one_of_a_connection) {
  Two js("auto");
  int ends[2];
  REQUIRE(::pipe(ends) == 0);
  const int first = js.engine().watch(ends[0]);
  REQUIRE(first >= 0);
  const End watcher{static_cast<uint32_t>(first), js.control(layout::kControlLastGeneration)};
  js.submit(SubmissionOp::kPollStart, watcher).flags = layout::kPollIn;
  CHECK_EQ(js.engine().watch(ends[0]), -EEXIST);
  const int own = js.engine().descriptor(js.near.handle, js.near.generation);
  CHECK_EQ(js.engine().watch(own), -EBUSY);
  CHECK_EQ(js.engine().watch(1 << 20), -EBADF);
  // Given up and taken again in one turn, as removeReader and addReader do.
  js.submit(SubmissionOp::kAbort, watcher);
  const int second = js.engine().watch(ends[0]);
  REQUIRE(second >= 0);
  const End again{static_cast<uint32_t>(second), js.control(layout::kControlLastGeneration)};
  js.submit(SubmissionOp::kPollStart, again).flags = layout::kPollIn | layout::kPollOut;
  REQUIRE(::write(ends[1], "x", 1) == 1);
  CHECK(js.run_until([&] { return !js.told(again).ops.empty(); }));
  CHECK(js.told(again).ops == Ops{CompletionOp::kPoll});
  CHECK(js.told(watcher).ops == Ops{CompletionOp::kClosed});
  for (const int descriptor : ends) ::close(descriptor);
}

TEST(destroying_an_engine_with_everything_open_frees_everything) {
  TcpHarness js;
  Peer peer(js.address);
  Peer waiting(js.address);
  const End end = js.accept(true);
  js.write(end, pattern(8 << 20));
  js.pair();
  const int pipe = js.engine().watch(0);
  if (pipe >= 0) {
    const uint32_t generation = js.control(layout::kControlLastGeneration);
    js.submit(SubmissionOp::kPollStart, static_cast<uint32_t>(pipe), generation).flags = 1;
  }
  js.engine().connect("127.0.0.1", format_address(js.address).port, "", 0);
  js.add_timer(3, 1000000000000);
  js.engine().resolve("localhost", "80", 0, 0);
  js.turn();
  peer.send("unseen");
  js.engine().turn(false);
  js.destroy_engine();
  CHECK(true);
}

// However many chunks a burst took, the engine holds the current one once JavaScript has seen all.
TEST(chunks_that_were_seen_are_let_go_of) {
  TcpHarness js;
  Peer peer(js.address);
  const End end = js.accept(true);
  const std::string piece(60000, 'x');
  size_t sent = 0;
  size_t most = 0;
  for (int round = 0; round < 40; round++) {
    for (int n = 0; n < 3; n++) peer.send(piece), sent += piece.size();
    CHECK(js.run_until([&] { return js.told(end).data.size() == sent; }));
    most = std::max(most, js.chunks.count());
  }
  CHECK(sent > 20 * layout::kChunkBytes);
  CHECK(most <= 3);
  js.turn();
  CHECK_EQ(js.chunks.count(), 1u);
}

namespace {

// A protocol of the test's own: every byte is a completion that says its value.
class ByteReader final : public Reader {
 public:
  ByteReader(Stream* stream, HandleHost* host) : stream_(stream), host_(host) {}

  void take(const uint8_t* data, uint32_t size) override {
    kept_.append(reinterpret_cast<const char*>(data), size);
    resume();
  }
  void end() override {
    ended_ = true;
    if (kept_.empty()) stream_->on_receive_end(0);
  }
  void resume() override {
    size_t told = 0;
    while (told < kept_.size() && !stream_->paused && host_->completion_room() >= kRoomMin) {
      host_->complete(CompletionOp::kData, stream_)->result = kept_[told++];
    }
    kept_.erase(0, told);
    if (!kept_.empty())
      reading_again();
    else if (ended_)
      stream_->on_receive_end(0);
    host_->queue_events(stream_);
  }
  void reading_again() override {
    if (!kept_.empty() && !stream_->paused) host_->resume_later(stream_);
  }
  bool ended() const override { return ended_; }
  bool quiet() const override { return kept_.empty(); }
  void control(const Submission&) override {}
  void tell_refusal(Completion*) const override {}

 private:
  Stream* stream_;
  HandleHost* host_;
  std::string kept_;
  bool ended_ = false;
};

struct ByteReaders final : ReaderMaker {
  std::unique_ptr<Reader> make(Stream* stream, HandleHost* host) const override {
    return std::make_unique<ByteReader>(stream, host);
  }
};

}  // namespace

// The engine knows no protocol: a reader stops where there is no room and goes on by itself.
TEST(any_reader_reads_a_connection) {
  TcpHarness js(std::make_shared<ByteReaders>(), 8);
  Peer peer(js.address);
  const End end = js.accept(true);
  std::string text;
  for (int n = 0; n < 500; n++) text += static_cast<char>('a' + n % 26);
  peer.send(text);
  peer.end();
  std::string heard;
  bool ended = false;
  while (!ended && js.last_outcome == 0) {
    for (const auto& ready : js.turn(true)) {
      if (ready.is_timer || ready.completion.handle != end.handle) continue;
      if (ready.completion.op == CompletionOp::kData) {
        heard += static_cast<char>(ready.completion.result);
      }
      ended = ended || ready.completion.op == CompletionOp::kEnd;
    }
  }
  CHECK_EQ(heard, text);
}

CHECK_MAIN()
