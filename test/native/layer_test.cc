// A layer between streams and their connection, through the rings: one of the tests' own that
// frames and changes bytes, begins with a handshake of two messages, and says goodbye.
#include "net/layer.h"
#include "check.h"
#include "engine_harness.h"
#include "http/http_reader.h"
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

constexpr char kKey = 0x5a;
constexpr size_t kFrameMax = 10'000;

// A kind, a size of two bytes, and the bytes.
std::string frame(char kind, const std::string& text = "") {
  std::string out{kind, static_cast<char>(text.size() >> 8), static_cast<char>(text.size())};
  for (const char c : text) out += static_cast<char>(c ^ kKey);
  return out;
}

class FrameLayer final : public Layer {
 public:
  void start(LayerHost* below) override {
    below_ = below;
    put(frame('h'));
  }
  bool open() const override { return open_; }
  uint32_t question() const override { return 0; }
  void answer(const LayerMaker*) override {}
  std::string tell(uint32_t) override { return ""; }
  void keep() override {}
  int32_t state() const override { return plain_.empty() ? result_ : -EAGAIN; }
  bool quiet() const override { return plain_.empty() && came_.empty(); }
  void write(const iovec* pieces, int count) override {
    std::string all;
    for (int n = 0; n < count; n++) {
      all.append(static_cast<const char*>(pieces[n].iov_base), pieces[n].iov_len);
    }
    const char* data = all.data();
    const size_t size = all.size();
    for (size_t at = 0; at < size; at += kFrameMax) {
      const size_t count = std::min<size_t>(kFrameMax, size - at);
      put(frame('d', std::string(data + at, count)));
    }
  }
  void end() override { put(frame('g')); }
  void take(const uint8_t* data, uint32_t size) override {
    came_.append(reinterpret_cast<const char*>(data), size);
    while (came_.size() >= 3 && result_ == -EAGAIN) {
      const size_t count = static_cast<uint8_t>(came_[1]) * 256u + static_cast<uint8_t>(came_[2]);
      if (came_.size() < 3 + count) return;
      take_frame(came_[0], came_.substr(3, count));
      came_.erase(0, 3 + count);
    }
  }
  void take_end() override {
    if (result_ == -EAGAIN) result_ = -EPIPE;
  }
  int32_t read(uint8_t* into, uint32_t size) override {
    const size_t count = std::min<size_t>(size, plain_.size());
    if (count == 0) return result_;
    std::memcpy(into, plain_.data(), count);
    plain_.erase(0, count);
    return static_cast<int32_t>(count);
  }

 private:
  void put(const std::string& text) {
    below_->send(reinterpret_cast<const uint8_t*>(text.data()), static_cast<uint32_t>(text.size()));
  }
  void take_frame(char kind, const std::string& text) {
    if (kind == 'h') {
      put(frame('f'));
    } else if (kind == 'f') {
      open_ = true;
    } else if (kind == 'd') {
      for (const char c : text) plain_ += static_cast<char>(c ^ kKey);
    } else if (kind == 'g') {
      result_ = 0;
    } else if (kind == 'p') {
      put(frame('o', text));
    } else {
      put(frame('x'));
      result_ = -EPROTO;
    }
  }

  LayerHost* below_ = nullptr;
  std::string came_;
  std::string plain_;
  bool open_ = false;
  int32_t result_ = -EAGAIN;
};

class FrameLayers final : public LayerMaker {
 public:
  std::unique_ptr<Layer> make() const override { return std::make_unique<FrameLayer>(); }
};

// A client and a server of one engine. Nothing was turned yet.
struct Two : Harness {
  explicit Two(const char* driver, uint32_t ready_capacity) : Harness(driver, ready_capacity) {
    hold();
    const int listening = engine().listen("127.0.0.1", 0, layout::kSocketReuseAddress, 16, nullptr,
                                          std::make_shared<const FrameLayers>());
    CHECK(listening >= 0);
    listener = {static_cast<uint32_t>(listening), control(layout::kControlLastGeneration)};
    AddressText text;
    CHECK_EQ(engine().address(listener.handle, listener.generation, 0, &text), 0);
    submit(SubmissionOp::kAcceptStart, listener);
    const FrameLayers layers;
    const int connected = engine().connect(text.host, text.port, "", 0, nullptr, &layers);
    CHECK(connected >= 0);
    client = {static_cast<uint32_t>(connected), control(layout::kControlLastGeneration)};
  }
  void open() {
    CHECK(run_until([&] {
      return told(client).count(CompletionOp::kConnect) == 1 &&
             told(listener).count(CompletionOp::kAccept) == 1 &&
             told(accepted).count(CompletionOp::kConnect) == 1;
    }));
  }
  End listener;
  End client;
};

void on_each_driver(const std::function<void(Two&)>& body) {
  for (const char* driver : {"auto", "virtual"}) {
    for (const uint32_t capacity : {1024u, 8u}) {
      const int before = check::registry().failures_in_test;
      Two js(driver, capacity);
      body(js);
      if (check::registry().failures_in_test != before) std::cerr << "with " << driver << "\n";
    }
  }
}

std::string pattern(size_t size) {
  std::string text(size, '\0');
  for (size_t n = 0; n < size; n++) text[n] = static_cast<char>(n * 31 + (n >> 12));
  return text;
}

std::string take_until(TcpHarness& js, const Peer& peer, size_t size) {
  std::string got;
  js.run_until([&] {
    got += peer.take();
    return got.size() >= size;
  });
  return got;
}

}  // namespace

TEST(what_is_sent_before_the_handshake_is_through_waits_for_it) {
  on_each_driver([](Two& js) {
    js.send(js.client, "early");
    js.open();
    CHECK(js.told(js.accepted).data.empty());
    js.submit(SubmissionOp::kReadStart, js.accepted);
    CHECK(js.run_until([&] { return js.told(js.accepted).data == "early"; }));
    js.send(js.accepted, "answer");
    js.submit(SubmissionOp::kReadStart, js.client);
    CHECK(js.run_until([&] { return js.told(js.client).data == "answer"; }));
    CHECK_EQ(js.backlog[js.client.handle], 0.0);
  });
}

TEST(a_half_close_says_goodbye_and_the_other_way_goes_on) {
  on_each_driver([](Two& js) {
    js.send(js.client, "last words");
    js.submit(SubmissionOp::kShutdown, js.client);
    js.open();
    js.submit(SubmissionOp::kReadStart, js.accepted);
    CHECK(js.run_until([&] { return js.told(js.accepted).count(CompletionOp::kEnd) == 1; }));
    CHECK_EQ(js.told(js.accepted).data, std::string("last words"));
    js.send(js.accepted, "answer");
    js.submit(SubmissionOp::kClose, js.accepted);
    js.submit(SubmissionOp::kReadStart, js.client);
    CHECK(js.run_until([&] { return js.told(js.client).count(CompletionOp::kEnd) == 1; }));
    CHECK_EQ(js.told(js.client).data, std::string("answer"));
    CHECK_EQ(js.told(js.accepted).count(CompletionOp::kClosed), 1u);
  });
}

TEST(a_layer_keeps_order_and_a_short_queue_under_backpressure) {
  on_each_driver([](Two& js) {
    js.open();
    const std::string text = pattern(3 << 20);
    size_t given = 0;
    js.submit(SubmissionOp::kReadStart, js.accepted);
    CHECK(js.run_until([&] {
      if (given < text.size() && js.backlog[js.client.handle] == 0) {
        const int taken = js.write(js.client, text.substr(given));
        given += static_cast<size_t>(std::max(taken, 0));
        CHECK(taken >= 0);
        CHECK(js.backlog[js.client.handle] <= 128 << 10);
        js.submit(SubmissionOp::kNotifyDrain, js.client).value = 0;
      }
      // A reader that stops now and then.
      if (given % 3 == 0) js.submit(SubmissionOp::kReadStop, js.accepted);
      js.submit(SubmissionOp::kReadStart, js.accepted);
      return js.told(js.accepted).data.size() == text.size();
    }));
    CHECK(js.told(js.accepted).data == text);
  });
}

TEST(direct_reads_come_through_the_layer) {
  on_each_driver([](Two& js) {
    js.open();
    js.submit(SubmissionOp::kReadStart, js.accepted).flags = layout::kReadDirect;
    js.send(js.client, "straight");
    js.submit(SubmissionOp::kShutdown, js.client);
    std::string got;
    CHECK(js.run_until([&] {
      uint8_t bytes[3];
      const int size = js.engine().receive(js.accepted.handle, js.accepted.generation, bytes, 3);
      if (size > 0) got.append(reinterpret_cast<const char*>(bytes), static_cast<size_t>(size));
      return js.told(js.accepted).count(CompletionOp::kEnd) == 1;
    }));
    CHECK_EQ(got, std::string("straight"));
  });
}

TEST(an_abort_in_every_state_ends_with_closed_alone) {
  for (int turns = 0; turns < 12; turns++) {
    on_each_driver([turns](Two& js) {
      js.send(js.client, pattern(100'000));
      for (int n = 0; n < turns; n++) js.turn();
      js.told(js.client).ops.clear();
      js.submit(SubmissionOp::kAbort, js.client);
      js.settle();
      CHECK(js.told(js.client).ops == Ops{CompletionOp::kClosed});
      CHECK_EQ(js.backlog[js.client.handle], 0.0);
    });
  }
}

// A layer that answers (TLS 1.3 does, to requests for a key update) is no way to have us hold
// bytes.
TEST(a_peer_that_asks_and_takes_no_answer_is_given_up) {
  TcpHarness js;
  js.submit(SubmissionOp::kClose, js.listener);
  js.settle();
  const int handle = js.engine().listen("127.0.0.1", 0, layout::kSocketReuseAddress, 16, nullptr,
                                        std::make_shared<const FrameLayers>());
  js.listener = {static_cast<uint32_t>(handle), js.control(layout::kControlLastGeneration)};
  AddressText text;
  CHECK_EQ(js.engine().address(js.listener.handle, js.listener.generation, 0, &text), 0);
  CHECK(parse_address(text.host, text.port, &js.address));
  js.submit(SubmissionOp::kAcceptStart, js.listener);

  Peer peer(js.address);
  peer.small_receive_buffer();
  const End end = js.accept(true);
  CHECK(take_until(js, peer, 3) == frame('h'));
  peer.send(frame('f'));
  CHECK(js.run_until([&] { return js.told(end).count(CompletionOp::kConnect) == 1; }));
  CHECK(take_until(js, peer, 0).empty());
  // Those whose answers are taken go on for ever.
  const std::string asked = frame('p', std::string(1000, '?'));
  for (int n = 0; n < 1000; n++) {
    peer.send(asked);
    CHECK_EQ(take_until(js, peer, asked.size()).size(), asked.size());
  }
  CHECK_EQ(js.told(end).count(CompletionOp::kFailed), 0u);
  uint64_t sent = 0;
  CHECK(js.run_until([&] {
    for (int n = 0; n < 50; n++) sent += peer.send_some(asked, sent % asked.size());
    return js.told(end).count(CompletionOp::kFailed) > 0;
  }));
  CHECK_EQ(js.told(end).failure, -ENOBUFS);
  js.submit(SubmissionOp::kAbort, end);
  js.settle();
}

TEST(the_bytes_of_a_layer_on_the_wire) {
  TcpHarness js;
  js.submit(SubmissionOp::kClose, js.listener);
  js.settle();
  const int handle = js.engine().listen("127.0.0.1", 0, layout::kSocketReuseAddress, 16, nullptr,
                                        std::make_shared<const FrameLayers>());
  js.listener = {static_cast<uint32_t>(handle), js.control(layout::kControlLastGeneration)};
  AddressText text;
  CHECK_EQ(js.engine().address(js.listener.handle, js.listener.generation, 0, &text), 0);
  CHECK(parse_address(text.host, text.port, &js.address));
  js.submit(SubmissionOp::kAcceptStart, js.listener);

  // All the way, a byte at a time, to the goodbye.
  {
    Peer peer(js.address);
    const End end = js.accept(true);
    CHECK(take_until(js, peer, 3) == frame('h'));
    for (const char c : frame('h') + frame('f') + frame('d', "hello")) {
      peer.send(std::string(1, c));
      js.turn();
    }
    CHECK(js.run_until([&] { return js.told(end).data == "hello"; }));
    CHECK(js.told(end).ops == Ops{CompletionOp::kConnect});
    js.send(end, "bye");
    js.submit(SubmissionOp::kClose, end);
    const std::string wanted = frame('f') + frame('d', "bye") + frame('g');
    CHECK(take_until(js, peer, wanted.size()) == wanted);
    js.settle();
    CHECK_EQ(js.told(end).count(CompletionOp::kClosed), 1u);
  }
  // Cut off, broken, or reset: in the handshake it is the result of kConnect, afterwards a failure.
  for (const bool opened : {false, true}) {
    for (const int how : {0, 1, 2}) {
      Peer peer(js.address);
      const End end = js.accept(true);
      CHECK(take_until(js, peer, 3) == frame('h'));
      if (opened) {
        peer.send(frame('f'));
        CHECK(js.run_until([&] { return js.told(end).count(CompletionOp::kConnect) == 1; }));
      }
      js.told(end).ops.clear();
      if (how == 0) peer.end();
      if (how == 1) peer.send(frame('?'));
      if (how == 2) peer.reset();
      CHECK(js.run_until([&] { return !js.told(end).ops.empty(); }));
      CHECK(js.told(end).ops == Ops{opened ? CompletionOp::kFailed : CompletionOp::kConnect});
      if (opened) {
        const int wanted[] = {-EPIPE, -EPROTO, -ECONNRESET};
        CHECK_EQ(js.told(end).failure, wanted[how]);
      }
      // The layer's last word still leaves.
      if (how == 1) CHECK(take_until(js, peer, 3) == frame('x'));
      js.submit(SubmissionOp::kAbort, end);
      js.settle();
      CHECK_EQ(js.told(end).count(CompletionOp::kClosed), 1u);
    }
  }
}

TEST(http_is_read_behind_a_layer_and_an_unread_frame_is_no_quiet_connection) {
  TcpHarness js;
  js.submit(SubmissionOp::kClose, js.listener);
  js.settle();
  const int handle = js.engine().listen("127.0.0.1", 0, layout::kSocketReuseAddress, 16,
                                        http::make_readers(http::Kind::kRequest),
                                        std::make_shared<const FrameLayers>());
  js.listener = {static_cast<uint32_t>(handle), js.control(layout::kControlLastGeneration)};
  AddressText text;
  CHECK_EQ(js.engine().address(js.listener.handle, js.listener.generation, 0, &text), 0);
  CHECK(parse_address(text.host, text.port, &js.address));
  js.submit(SubmissionOp::kAcceptStart, js.listener);
  Peer peer(js.address);
  const End end = js.accept(true);
  const auto quiet = [&] { return js.engine().quiet(end.handle, end.generation, false); };
  CHECK(take_until(js, peer, 3) == frame('h'));
  peer.send(frame('h') + frame('f'));
  CHECK(js.run_until([&] { return js.told(end).count(CompletionOp::kConnect) == 1; }));
  // A request in two frames, the second with the first bytes of the next request's frame.
  const std::string request = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello";
  const std::string next = frame('d', "GET /next HTTP/1.1\r\nHost: a\r\n\r\n");
  peer.send(frame('d', request.substr(0, 30)));
  js.turn(true);
  peer.send(frame('d', request.substr(30)));
  CHECK(js.run_until([&] { return js.told(end).count(CompletionOp::kMessageEnd) == 1; }));
  CHECK_EQ(js.told(end).data, std::string("hello"));
  CHECK(quiet());
  peer.send(next.substr(0, 10));
  CHECK(js.run_until([&] { return !quiet(); }));
  CHECK_EQ(js.told(end).count(CompletionOp::kMessageHead), 1u);
  peer.send(next.substr(10));
  CHECK(js.run_until([&] { return js.told(end).count(CompletionOp::kMessageHead) == 2; }));
  CHECK(js.run_until(quiet));
  js.submit(SubmissionOp::kAbort, end);
  js.settle();
}

CHECK_MAIN()
