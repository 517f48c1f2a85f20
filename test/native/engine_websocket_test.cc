// WebSockets through the rings: how a connection leaves HTTP, what is told, and what waits when
// JavaScript pauses, the rings are full, or the peer sends frames without end.
#include "check.h"
#include "engine_harness.h"
#include "http/http_reader.h"
#include "tcp_peer.h"
#include "websocket/websocket_reader.h"
#include "websocket_frames.h"

using namespace oxbow;
using layout::CompletionOp;
using layout::SubmissionOp;
using test::End;
using test::Peer;
using test::TcpHarness;
using websocket::Settings;
using websocket::test::close_payload;
using websocket::test::frame;
using websocket::test::FrameOptions;

namespace {

const std::string kAsk =
    "GET /chat HTTP/1.1\r\nHost: h\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n";

// A server's engine, one client, and what is told of its connection as text.
struct Server : TcpHarness {
  explicit Server(uint32_t ready_capacity = 1024)
      : TcpHarness(http::make_readers(http::Kind::kRequest), ready_capacity), peer(address) {
    end = accept(true);
  }

  size_t hear(const std::vector<Ready>& all) {
    size_t count = 0;
    for (const Ready& ready : all) {
      const Completion& c = ready.completion;
      if (ready.is_timer || c.handle != end.handle) continue;
      count++;
      if (c.op == CompletionOp::kMessageHead) story += "head " + target(c) + "\n";
      if (c.op == CompletionOp::kMessageFailed) story += "failed\n";
      if (c.op == CompletionOp::kWebSocketData) {
        message += data(c);
        if ((c.result & static_cast<int>(layout::kWebSocketLast)) != 0) {
          story += "message " + (message.size() > 40 ? std::to_string(message.size()) : message);
          story += "\n";
          messages++;
          message.clear();
        }
      }
      if (c.op == CompletionOp::kWebSocketControl) {
        story += std::to_string(c.result) + " " + data(c) + "\n";
      }
      if (c.op == CompletionOp::kWebSocketFailed) {
        story += "refused " + std::to_string(c.result) + "\n";
      }
      if (c.op == CompletionOp::kEnd) story += "END\n";
      if (c.op == CompletionOp::kFailed) story += "FAILED\n";
    }
    return count;
  }

  // The story must become this, and then stay so.
  void expect(const std::string& expected) {
    for (last_outcome = 0; story.size() < expected.size() && last_outcome == 0;) hear(turn(true));
    hear(turn());
    CHECK_EQ(story, expected);
  }

  void upgrade(Settings settings = {}) {
    CHECK_EQ(engine().set_reader(end.handle, end.generation, *websocket::make_readers(settings)),
             0);
  }

  // Frames from now on, and a story that begins anew.
  void begin(Settings settings = {}) {
    peer.send(kAsk);
    expect("head /chat\n");
    upgrade(settings);
    story.clear();
  }

  Peer peer;
  End end;
  std::string story;
  std::string message;
  size_t messages = 0;
};

std::string text(const std::string& payload) { return frame(1, payload); }

}  // namespace

TEST(what_follows_a_request_to_upgrade_waits_for_the_answer) {
  Server js;
  js.peer.send(kAsk + text("early") + text("bird"));
  js.expect("head /chat\n");
  // Much more of it stays with the kernel.
  js.peer.send(text(std::string(100000, 'x')));
  for (int n = 0; n < 5; n++) js.hear(js.turn());
  js.upgrade();
  js.expect("head /chat\nmessage early\nmessage bird\nmessage 100000\n");
}

TEST(a_request_that_is_not_granted_is_one_like_any_other) {
  Server js;
  js.peer.send(kAsk + "GET /next HTTP/1.1\r\nHost: h\r\n\r\n");
  js.expect("head /chat\n");
  js.submit(SubmissionOp::kMessageGoOn, js.end);
  js.expect("head /chat\nhead /next\n");
  js.peer.send("GET /more HTTP/1.1\r\nHost: h\r\n\r\n");
  js.expect("head /chat\nhead /next\nhead /more\n");
}

TEST(an_upgrade_can_be_cut_at_every_byte) {
  const std::string bytes = kAsk + text("one") + frame(9, "ping") + text("two");
  for (size_t cut = kAsk.size() - 3; cut < bytes.size(); cut++) {
    Server js;
    js.peer.send(bytes.substr(0, cut));
    if (cut < kAsk.size()) js.hear(js.turn());
    if (cut < kAsk.size()) js.peer.send(bytes.substr(cut));
    js.expect("head /chat\n");
    js.upgrade();
    if (cut >= kAsk.size()) js.peer.send(bytes.substr(cut));
    js.expect("head /chat\nmessage one\n9 ping\nmessage two\n");
  }
}

TEST(pieces_say_how_much_of_their_frame_is_to_come) {
  Server js;
  js.begin();
  const std::string whole = frame(2, std::string(1000, 'b'));
  js.peer.send(whole.substr(0, 8 + 300));
  uint32_t rest = 0;
  js.turn_until([&](const auto& ready) {
    if (ready.completion.op != CompletionOp::kWebSocketData) return false;
    rest = ready.completion.rest;
    CHECK_EQ(ready.completion.result, static_cast<int>(layout::kWebSocketFirst));
    return true;
  });
  CHECK_EQ(rest, 700);
}

TEST(a_paused_connection_keeps_its_frames_and_goes_on) {
  Server js(4);  // room for one step a turn, so there is a middle to pause in
  js.begin();
  js.peer.send(text("1") + text("2") + frame(9, "p") + text("3"));
  while (js.story.empty()) js.hear(js.turn(true));
  CHECK_EQ(js.story, std::string("message 1\n"));
  js.submit(SubmissionOp::kReadStop, js.end);
  for (int n = 0; n < 5; n++) js.hear(js.turn());
  CHECK_EQ(js.story, std::string("message 1\n"));
  js.submit(SubmissionOp::kReadStart, js.end);
  js.expect("message 1\nmessage 2\n9 p\nmessage 3\n");
  js.peer.send(text("4"));
  js.expect("message 1\nmessage 2\n9 p\nmessage 3\nmessage 4\n");
}

TEST(a_flood_of_frames_is_spread_over_turns_and_not_hoarded) {
  Server js(4096);
  js.begin();
  constexpr size_t kFrames = 40000;
  std::string flood;
  for (size_t n = 0; n < kFrames; n++) flood += frame(2, "");
  size_t sent = 0;
  size_t most = 0;
  while (js.messages < kFrames && js.last_outcome == 0) {
    sent += js.peer.send_some(flood, sent);
    most = std::max(most, js.hear(js.turn(sent == flood.size())));
    js.story.clear();
  }
  CHECK_EQ(js.messages, kFrames);
  CHECK_EQ(most, 512);
}

TEST(the_end_is_told_behind_all_frames) {
  Server js(4);
  js.begin();
  js.peer.send(text("1") + text("2") + text("3"));
  js.peer.end();
  js.expect("message 1\nmessage 2\nmessage 3\nEND\n");
}

TEST(the_end_comes_with_the_upgrade) {
  Server js;
  js.peer.send(kAsk + text("last words"));
  js.expect("head /chat\n");
  js.peer.end();
  for (int n = 0; n < 5; n++) js.hear(js.turn());
  js.upgrade();
  js.expect("head /chat\nmessage last words\nEND\n");
}

TEST(what_is_refused_is_told_once_and_the_rest_is_dropped) {
  Server js;
  js.begin();
  js.peer.send(text("good") + frame(3, "bad") + text("never"));
  js.expect("message good\nrefused 2\n");
  js.peer.send(text("more") + std::string(1000, '\xff'));
  js.peer.end();
  js.expect("message good\nrefused 2\nEND\n");
}

TEST(nothing_counts_behind_a_close) {
  Server js;
  js.begin();
  js.peer.send(frame(8, close_payload(1001, "bye")) + text("late") + frame(3, ""));
  js.peer.end();
  js.expect("8 " + close_payload(1001, "bye") + "\nEND\n");
}

TEST(a_client_takes_frames_that_come_with_the_answer) {
  // The other end of a connection, as a client's: no reader before, and frames without masks.
  TcpHarness js(nullptr, 1024);
  const std::vector<End> ends = js.pair();
  Settings settings;
  settings.masked = false;
  CHECK_EQ(js.engine().set_reader(ends[0].handle, ends[0].generation,
                                  *websocket::make_readers(settings)),
           0);
  js.submit(SubmissionOp::kReadStart, ends[0]);
  FrameOptions plain;
  plain.masked = false;
  js.send(ends[1], frame(1, "hello", plain));
  std::string got;
  js.turn_until([&](const auto& ready) {
    if (ready.completion.op != CompletionOp::kWebSocketData) return false;
    got = js.data(ready.completion);
    return true;
  });
  CHECK_EQ(got, std::string("hello"));
}

TEST(a_handle_that_is_gone_is_not_upgraded) {
  Server js;
  js.submit(SubmissionOp::kAbort, js.end);
  js.engine().submit();
  CHECK_EQ(js.engine().set_reader(js.end.handle, js.end.generation, *websocket::make_readers({})),
           -EBADF);
}

CHECK_MAIN()
