// HTTP connections through the rings: what is told, in which order, and what waits when JavaScript
// pauses, the rings are full, or the peer goes away.
#include "check.h"
#include "engine_harness.h"
#include "http/http_reader.h"
#include "tcp_peer.h"

using namespace oxbow;
using http::Kind;
using http::make_readers;
using layout::CompletionOp;
using layout::SubmissionOp;
using test::End;
using test::Harness;
using test::Peer;
using test::TcpHarness;

namespace {

// A server's engine, one client, and what is told of its connection as text:
// "head /path", "body bytes", "end", "failed 400", "END", "FAILED".
struct Http : TcpHarness {
  explicit Http(uint32_t ready_capacity = 1024)
      : TcpHarness(make_readers(Kind::kRequest), ready_capacity), peer(address) {
    end = accept(true);
  }

  void hear(const std::vector<Ready>& all) {
    for (const Ready& ready : all) {
      const Completion& c = ready.completion;
      if (ready.is_timer || c.handle != end.handle) continue;
      if (c.op == CompletionOp::kMessageHead) story += "head " + target(c) + "\n", heads++;
      if (c.op == CompletionOp::kMessageBody) story += "body " + data(c) + "\n";
      if (c.op == CompletionOp::kMessageEnd) story += "end\n";
      if (c.op == CompletionOp::kMessageFailed) {
        story += "failed " + std::to_string(c.result) + "\n";
      }
      if (c.op == CompletionOp::kEnd) story += "END\n";
      if (c.op == CompletionOp::kFailed) story += "FAILED\n";
    }
  }

  // Turns until the story is at least this long.
  const std::string& hear_until(size_t size) {
    for (last_outcome = 0; story.size() < size && last_outcome == 0;) hear(turn(true));
    return story;
  }
  void hear_heads(size_t count) {
    for (last_outcome = 0; heads < count && last_outcome == 0;) hear(turn(true));
    CHECK_EQ(heads, count);
  }
  // The story must become this, and then stay so.
  void expect(const std::string& expected) {
    CHECK_EQ(hear_until(expected.size()), expected);
    hear(turn());
    CHECK_EQ(story, expected);
  }

  Peer peer;
  End end;
  std::string story;
  size_t heads = 0;
};

std::string get(const std::string& path) { return "GET " + path + " HTTP/1.1\r\nHost: h\r\n\r\n"; }

std::string post(const std::string& path, const std::string& body) {
  return "POST " + path + " HTTP/1.1\r\nHost: h\r\nContent-Length: " + std::to_string(body.size()) +
         "\r\n\r\n" + body;
}

constexpr char kChunkedPost[] =
    "POST /chunked HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n"
    "3\r\nabc\r\n4\r\ndefg\r\n0\r\n\r\n";

}  // namespace

TEST(pipelined_requests_are_told_in_order) {
  Http js;
  js.peer.send(get("/1") + post("/2", "two") + get("/3") + kChunkedPost + get("/4"));
  js.expect(
      "head /1\nhead /2\nbody two\nend\nhead /3\n"
      "head /chunked\nbody abcdefg\nend\nhead /4\n");
}

TEST(a_message_can_be_cut_at_every_byte) {
  const std::string message = post("/cut", "xyz") + get("/next");
  Http js;
  for (size_t cut = 1; cut < message.size(); cut++) {
    js.story.clear();
    js.peer.send(message.substr(0, cut));
    js.hear(js.turn());
    js.peer.send(message.substr(cut));
    js.hear_heads(2 * cut);
    CHECK_EQ(js.told(js.end).data.size(), 3 * cut);
    CHECK_EQ(js.told(js.end).count(CompletionOp::kMessageEnd), cut);
    CHECK_EQ(js.story.substr(0, 10), std::string("head /cut\n"));
    CHECK_EQ(js.story.substr(js.story.size() - 15), std::string("end\nhead /next\n"));
  }
}

TEST(one_byte_at_a_time_is_the_same) {
  Http js;
  const std::string message = post("/slow", "ab") + get("/next");
  for (const char byte : message) {
    js.peer.send(std::string(1, byte));
    js.hear(js.turn());
  }
  js.hear_until(std::string("head /slow\nbody ab\nend\nhead /next\n").size());
  // Whether the body came in one piece depends on when it was read.
  CHECK_EQ(js.told(js.end).data, std::string("ab"));
  CHECK_EQ(js.told(js.end).count(CompletionOp::kMessageHead), 2u);
  CHECK_EQ(js.told(js.end).count(CompletionOp::kMessageEnd), 1u);
}

TEST(a_paused_connection_keeps_its_bytes_and_goes_on) {
  Http js(4);  // room for one step a turn, so there is a middle to pause in
  js.peer.send(get("/1") + get("/2") + post("/3", "three"));
  js.hear_until(1);
  CHECK_EQ(js.story, std::string("head /1\n"));
  js.submit(SubmissionOp::kReadStop, js.end);
  for (int n = 0; n < 5; n++) js.hear(js.turn());
  CHECK_EQ(js.story, std::string("head /1\n"));
  js.submit(SubmissionOp::kReadStart, js.end);
  js.expect("head /1\nhead /2\nhead /3\nbody three\nend\n");
  js.story.clear();
  js.peer.send(get("/4"));
  js.expect("head /4\n");
}

TEST(the_end_of_a_message_is_told_also_when_the_ring_was_full_before_it) {
  Http js(4);
  js.peer.send(post("/1", "one"));
  js.expect("head /1\nbody one\nend\n");
  js.peer.send(get("/2") + kChunkedPost);
  js.expect("head /1\nbody one\nend\nhead /2\nhead /chunked\nbody abcdefg\nend\n");
}

TEST(a_pipelined_burst_larger_than_the_ready_queue_loses_nothing) {
  for (const uint32_t capacity : {4u, 8u, 16u}) {
    Http js(capacity);
    std::string requests;
    std::string expected;
    for (int n = 0; n < 400; n++) {
      const std::string path = "/" + std::to_string(n);
      requests += n % 3 == 0 ? post(path, "body" + path) : get(path);
      expected += "head " + path + "\n";
      if (n % 3 == 0) expected += "body body" + path + "\nend\n";
    }
    js.peer.send(requests);
    js.peer.end();
    js.last_outcome = 0;
    while (js.told(js.end).count(CompletionOp::kEnd) == 0 && js.last_outcome == 0) {
      js.hear(js.turn(true));
    }
    CHECK_EQ(js.told(js.end).count(CompletionOp::kMessageHead), 400u);
    CHECK_EQ(js.told(js.end).count(CompletionOp::kMessageEnd), 134u);
    CHECK(js.told(js.end).ops.back() == CompletionOp::kEnd);
    CHECK_EQ(js.told(js.end).count(CompletionOp::kEnd), 1u);
    CHECK_EQ(js.story.substr(0, 60), expected.substr(0, 60));
  }
}

TEST(a_burst_larger_than_the_completion_ring_loses_nothing) {
  Http js(1 << 14);
  std::vector<std::unique_ptr<Peer>> peers;
  std::vector<End> ends;
  for (int n = 0; n < 4; n++) {
    peers.push_back(std::make_unique<Peer>(js.address));
    ends.push_back(js.accept(true));
  }
  js.settle();
  std::string requests;
  for (int n = 0; n < 2000; n++) requests += get("/");
  for (const auto& peer : peers) peer->send(requests);
  CHECK(js.run_until([&] {
    uint32_t heads = 0;
    for (const End end : ends) heads += js.told(end).count(CompletionOp::kMessageHead);
    return heads == 8000;
  }));
}

TEST(the_end_is_told_after_everything_that_a_pause_held_back) {
  Http js(4);
  js.peer.send(get("/1") + get("/2") + get("/3"));
  js.hear_until(1);
  js.submit(SubmissionOp::kReadStop, js.end);
  js.peer.close();
  for (int n = 0; n < 5; n++) js.hear(js.turn());
  CHECK_EQ(js.story, std::string("head /1\n"));
  js.submit(SubmissionOp::kReadStart, js.end);
  js.expect("head /1\nhead /2\nhead /3\nEND\n");
}

TEST(a_bad_request_fails_once_and_of_what_follows_only_the_end_is_told) {
  Http js;
  js.peer.send(get("/good") + "BAD\r\n\r\n" + get("/unheard"));
  js.expect("head /good\nfailed 400\n");
  js.peer.send(get("/unheard"));
  js.peer.end();
  js.expect("head /good\nfailed 400\nEND\n");
  // The answer can still be sent.
  js.send(js.end, "HTTP/1.1 400 Bad Request\r\n\r\n");
  js.submit(SubmissionOp::kClose, js.end);
  CHECK(js.run_until([&] { return js.told(js.end).count(CompletionOp::kClosed) == 1; }));
  CHECK(js.peer.take().rfind("HTTP/1.1 400", 0) == 0);
}

TEST(a_message_that_is_cut_off_fails_and_ends) {
  Http js;
  js.peer.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 10\r\n\r\nhalf");
  js.peer.end();
  js.expect("head /\nbody half\nfailed 400\nEND\n");
}

// The end came before the bytes that are refused were looked at.
TEST(a_bad_request_behind_a_pause_fails_and_ends) {
  Http js;
  js.peer.send(get("/1"));
  js.hear_heads(1);
  js.submit(SubmissionOp::kReadStop, js.end);
  js.turn();
  js.submit(SubmissionOp::kReadStart, js.end);
  js.peer.send(get("/2") + "BAD\r\n\r\n" + get("/unheard"));
  js.peer.end();
  js.expect("head /1\nhead /2\nfailed 400\nEND\n");
}

// Each costs JavaScript more than its bytes, and a pause that comes after a thousand is too late.
TEST(a_pause_holds_after_a_few_heads_of_a_burst) {
  Http js;
  std::string requests;
  for (int n = 0; n < 1000; n++) requests += get("/" + std::to_string(n));
  js.peer.send(requests);
  js.hear_heads(32);
  js.submit(SubmissionOp::kReadStop, js.end);
  for (int n = 0; n < 5; n++) js.hear(js.turn());
  CHECK_EQ(js.heads, 32u);
  js.submit(SubmissionOp::kReadStart, js.end);
  while (js.heads < 1000 && js.last_outcome == 0) js.hear(js.turn());
  CHECK_EQ(js.heads, 1000u);
}

TEST(chunks_that_came_in_one_read_are_one_piece) {
  Http js;
  std::string message = "POST /tiny HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n";
  std::string body;
  for (int n = 0; n < 3000; n++) {
    const std::string piece(1 + n % 5, static_cast<char>('a' + n % 26));
    message += std::to_string(piece.size()) + (n % 7 == 0 ? ";x=y" : "") + "\r\n" + piece + "\r\n";
    body += piece;
  }
  js.peer.send(message + "0\r\n\r\n" + get("/next"));
  js.hear_heads(2);
  CHECK(js.told(js.end).data == body);
  CHECK(js.told(js.end).count(CompletionOp::kMessageBody) <= 4);
}

// Behind a pause the bytes are in memory of the connection's own, and are joined there.
TEST(chunks_that_were_kept_aside_are_one_piece) {
  Http js(4);
  js.peer.send(get("/1") + get("/2") + get("/3") + kChunkedPost + kChunkedPost + get("/4"));
  js.expect(
      "head /1\nhead /2\nhead /3\nhead /chunked\nbody abcdefg\nend\n"
      "head /chunked\nbody abcdefg\nend\nhead /4\n");
}

TEST(bytes_that_the_peer_has_not_confirmed_are_counted) {
  Http js;
  CHECK_EQ(js.engine().unconfirmed(js.end.handle, js.end.generation), 0.0);
  // As much as the kernel takes, and a little more.
  const size_t written = js.fill(js.end, std::string(16 << 20, 'x')).size();
  const double waiting = js.engine().unconfirmed(js.end.handle, js.end.generation);
  CHECK(waiting > js.backlog[js.end.handle]);
  CHECK(waiting <= static_cast<double>(written));
  CHECK_EQ(js.engine().unconfirmed(js.end.handle, js.end.generation + 1), 0.0);
  double left = waiting;
  size_t taken = 0;
  while (taken < written) {
    taken += js.peer.take().size();
    js.turn();
    const double now = js.engine().unconfirmed(js.end.handle, js.end.generation);
    CHECK(now <= left);
    left = now;
  }
  CHECK_EQ(js.engine().unconfirmed(js.end.handle, js.end.generation), 0.0);
}

TEST(a_large_body_arrives_whole_through_small_rings) {
  Http js(4);
  std::string body(300000, '\0');
  for (size_t n = 0; n < body.size(); n++) body[n] = static_cast<char>('a' + n % 23);
  const std::string message = post("/large", body);
  size_t sent = 0;
  while (js.told(js.end).count(CompletionOp::kMessageEnd) == 0) {
    if (sent < message.size()) {
      const std::string piece = message.substr(sent, 20000);
      js.peer.send(piece);
      sent += piece.size();
    }
    js.turn(true);
    REQUIRE(js.last_outcome == 0);
  }
  CHECK(js.told(js.end).data == body);
}

TEST(without_memory_for_bytes_a_connection_waits_and_then_goes_on) {
  Http js;
  js.chunks.refuse = true;
  js.peer.send(get("/later"));
  for (int n = 0; n < 5; n++) js.hear(js.turn());
  CHECK_EQ(js.story, std::string());
  js.chunks.refuse = false;
  js.expect("head /later\n");
}

// Limits belong to a listener: what the next one is told changes nothing for a peer in mid-head.
TEST(limits_of_one_listener_are_not_those_of_another) {
  Http js;
  std::string half = "GET /many HTTP/1.1\r\nHost: h\r\n";
  for (int n = 0; n < 100; n++) half += "F" + std::to_string(n) + ": v\r\n";
  js.peer.send(half);
  for (int n = 0; n < 5; n++) js.hear(js.turn());
  const http::Limits small{.line_max = 100, .headers_max = 2, .head_max = 128};
  const int second = js.engine().listen("127.0.0.1", 0, 0, 16, make_readers(Kind::kRequest, small));
  REQUIRE(second >= 0);
  const End listener{static_cast<uint32_t>(second), js.control(layout::kControlLastGeneration)};
  AddressText text;
  Address other;
  REQUIRE(js.engine().address(listener.handle, listener.generation, 0, &text) == 0);
  REQUIRE(parse_address(text.host, text.port, &other));
  js.submit(SubmissionOp::kAcceptStart, listener);
  Peer bounded(other);
  CHECK(js.run_until([&] { return js.told(listener).count(CompletionOp::kAccept) == 1; }));
  const End end = js.accepted;
  js.submit(SubmissionOp::kReadStart, end);
  bounded.send("GET / HTTP/1.1\r\nHost: h\r\nA: b\r\nC: d\r\n\r\n");
  CHECK(js.run_until([&] { return js.told(end).count(CompletionOp::kMessageFailed) == 1; }));
  js.peer.send("Last: v\r\n\r\n");
  js.expect("head /many\n");
}

TEST(limits_of_a_client_are_of_its_connection_alone) {
  TcpHarness js;
  const http::Limits small{.line_max = 100, .headers_max = 1, .head_max = 128};
  const http::Limits large{.line_max = 20000, .headers_max = 300, .head_max = 65536};
  const std::string head =
      "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nX: " + std::string(9000, 'x') + "\r\n\r\n";
  AddressText text;
  REQUIRE(js.engine().address(js.listener.handle, js.listener.generation, 0, &text) == 0);
  std::vector<CompletionOp> outcomes;
  for (const http::Limits* limits : {&small, &large, static_cast<const http::Limits*>(nullptr)}) {
    const http::Limits usual;
    const auto readers = make_readers(Kind::kResponse, limits == nullptr ? usual : *limits);
    const int handle = js.engine().connect(text.host, text.port, "", 0, readers.get());
    REQUIRE(handle >= 0);
    const End client{static_cast<uint32_t>(handle), js.control(layout::kControlLastGeneration)};
    const End server = js.accept(false);
    js.submit(SubmissionOp::kReadStart, client);
    js.submit(SubmissionOp::kMessageMethod, client);
    js.send(server, head);
    CHECK(js.run_until([&] {
      return js.told(client).count(CompletionOp::kMessageHead) +
                 js.told(client).count(CompletionOp::kMessageFailed) ==
             1;
    }));
    outcomes.push_back(js.told(client).ops.back());
  }
  CHECK(outcomes[0] == CompletionOp::kMessageFailed);
  CHECK(outcomes[1] == CompletionOp::kMessageHead);
  CHECK(outcomes[2] == CompletionOp::kMessageFailed);
}

// One client of a listening engine whose requests are answered by hand.
struct Client : TcpHarness {
  Client() {
    AddressText text;
    REQUIRE(engine().address(listener.handle, listener.generation, 0, &text) == 0);
    const auto readers = make_readers(Kind::kResponse);
    const int handle = engine().connect(text.host, text.port, "", 0, readers.get());
    REQUIRE(handle >= 0);
    client = {static_cast<uint32_t>(handle), control(layout::kControlLastGeneration)};
    server = accept(false);
    submit(SubmissionOp::kReadStart, client);
  }
  size_t count(CompletionOp op) { return told(client).count(op); }
  bool quiet(bool ask = true) { return engine().quiet(client.handle, client.generation, ask); }
  // A request, and its answer.
  void exchange(const std::string& answer) {
    submit(SubmissionOp::kMessageMethod, client);
    const size_t heads = count(CompletionOp::kMessageHead);
    send(server, answer);
    CHECK(run_until([&] { return count(CompletionOp::kMessageHead) > heads; }));
  }

  End client;
  End server;
};

// What comes before a request was sent, or behind its response, answers nothing.
TEST(a_response_that_was_not_asked_for_is_refused) {
  const std::string ok = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";
  const std::string sized = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
  {
    Client js;
    js.exchange("HTTP/1.1 103 E\r\n\r\n" + ok);
    js.exchange(sized);
    js.exchange(ok);
    CHECK_EQ(js.count(CompletionOp::kMessageFailed), 0u);
    // As little as the beginning of a line.
    js.send(js.server, "H");
    CHECK(js.run_until([&] { return js.count(CompletionOp::kMessageFailed) == 1; }));
    CHECK(!js.quiet());
  }
  for (const std::string& behind : {ok, sized, std::string("\r\n"), std::string("HTTP/1.1 2")}) {
    Client js;
    js.exchange(sized + behind);
    CHECK(js.run_until([&] { return js.count(CompletionOp::kMessageFailed) == 1; }));
    CHECK_EQ(js.count(CompletionOp::kMessageHead), 1u);
    CHECK_EQ(js.count(CompletionOp::kMessageEnd), 1u);
  }
  {
    Client js;
    js.send(js.server, ok);
    CHECK(js.run_until([&] { return js.count(CompletionOp::kMessageFailed) == 1; }));
    CHECK_EQ(js.count(CompletionOp::kMessageHead), 0u);
  }
}

TEST(a_connection_is_quiet_until_something_comes) {
  Client js;
  CHECK(js.quiet());
  js.exchange("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
  CHECK(js.quiet());
  // What came is in the kernel, and no turn has looked for it.
  js.send(js.server, "HTTP");
  js.engine().submit();
  CHECK(!js.quiet());
  CHECK(js.quiet(false));
  Client other;
  other.submit(SubmissionOp::kShutdown, other.server);
  other.engine().submit();
  CHECK(!other.quiet());
  CHECK(!other.engine().quiet(other.client.handle, other.client.generation + 1, true));
}

// Whatever is asked for, a head and its record fit into what is told of them.
TEST(limits_end_where_a_head_record_ends) {
  Http js;
  const http::Limits none{
      .line_max = UINT32_MAX, .headers_max = UINT32_MAX, .head_max = UINT32_MAX};
  const int second = js.engine().listen("127.0.0.1", 0, 0, 16, make_readers(Kind::kRequest, none));
  REQUIRE(second >= 0);
  const End listener{static_cast<uint32_t>(second), js.control(layout::kControlLastGeneration)};
  AddressText text;
  Address other;
  REQUIRE(js.engine().address(listener.handle, listener.generation, 0, &text) == 0);
  REQUIRE(parse_address(text.host, text.port, &other));
  js.submit(SubmissionOp::kAcceptStart, listener);
  for (const bool fits : {true, false}) {
    std::string request = "GET /x HTTP/1.1\r\nHost: h\r\n";
    for (int n = 0; n < (fits ? 4095 : 4096); n++) request += "A:" + std::to_string(n) + "\r\n";
    Peer peer(other);
    CHECK(js.run_until([&] { return js.told(listener).count(CompletionOp::kAccept) > !fits; }));
    const End end = js.accepted;
    js.submit(SubmissionOp::kReadStart, end);
    peer.send(request + "\r\n");
    const CompletionOp expected = fits ? CompletionOp::kMessageHead : CompletionOp::kMessageFailed;
    CHECK(js.run_until([&] { return js.told(end).count(expected) == 1; }));
  }
}

TEST(an_engine_is_destroyed_in_the_middle_of_messages) {
  Http js(4);
  js.peer.send(get("/1") + get("/2") + "POST /3 HTTP/1.1\r\nHost: h\r\nContent-Le");
  js.hear_until(1);
  js.destroy_engine();
  CHECK(js.heads > 0);
}

CHECK_MAIN()

// --- past the reader ---

namespace {

// A body of so many bytes, of which JavaScript has the first two as they are, and the rest for the
// asking.
struct Direct : Http {
  explicit Direct(size_t size) {
    peer.send("POST /sized HTTP/1.1\r\nHost: h\r\nContent-Length: " + std::to_string(size) +
              "\r\n\r\nab");
    expect("head /sized\nbody ab\n");
    ask();
  }
  void ask() { submit(SubmissionOp::kReadStart, end).flags = layout::kReadDirect; }
  void hear_readable() {
    const uint32_t before = told(end).count(CompletionOp::kReadable);
    CHECK(run_until([&] { return told(end).count(CompletionOp::kReadable) > before; }));
  }
  std::string receive(uint32_t room) {
    std::string into(room, '.');
    uint8_t* bytes = reinterpret_cast<uint8_t*>(into.data());
    last_received = engine().receive(end.handle, end.generation, bytes, room);
    return into.substr(0, last_received > 0 ? static_cast<size_t>(last_received) : 0);
  }
  int last_received = 0;
};

}  // namespace

TEST(a_body_of_known_length_is_received_past_the_reader_and_nothing_behind_it) {
  Direct js(10);
  js.peer.send("cdef");
  js.hear_readable();
  CHECK_EQ(js.receive(3), std::string("cde"));
  js.peer.send("ghij" + get("/next") + post("/sized", "xy"));
  js.hear_readable();
  CHECK_EQ(js.receive(100), std::string("fghij"));
  // Nobody asked for more so.
  CHECK_EQ(js.receive(100), std::string());
  CHECK_EQ(js.last_received, -EAGAIN);
  js.expect("head /sized\nbody ab\nhead /next\nhead /sized\nbody xy\nend\n");
}

TEST(what_was_kept_for_a_paused_connection_comes_before_the_rest_is_received) {
  Http js;
  js.peer.send("POST /sized HTTP/1.1\r\nHost: h\r\nContent-Length: 6\r\n\r\n");
  js.expect("head /sized\n");
  js.submit(SubmissionOp::kReadStop, js.end);
  js.hear(js.turn());
  js.peer.send("ab");
  js.submit(SubmissionOp::kReadStart, js.end).flags = layout::kReadDirect;
  CHECK(js.run_until([&] { return js.told(js.end).count(CompletionOp::kReadable) == 1; }));
  char bytes[8];
  uint8_t* into = reinterpret_cast<uint8_t*>(bytes);
  CHECK_EQ(js.engine().receive(js.end.handle, js.end.generation, into, 8), 2);
  js.submit(SubmissionOp::kReadStop, js.end);
  js.turn();
  js.peer.send("cdef" + get("/next"));
  js.submit(SubmissionOp::kReadStart, js.end);
  js.expect("head /sized\nbody cdef\nend\nhead /next\n");
}

TEST(asking_for_a_body_lasts_no_longer_than_its_message) {
  Direct js(4);
  // Its end comes with the next message before the wish is known.
  js.peer.send("cd" + post("/sized", std::string(10, 'x')));
  js.hear_readable();
  CHECK_EQ(js.receive(100), std::string("cd"));
  js.expect("head /sized\nbody ab\nhead /sized\nbody xxxxxxxxxx\nend\n");
}

TEST(a_body_that_is_cut_off_while_it_is_received_is_refused) {
  Direct js(10);
  js.peer.send("cd");
  js.peer.end();
  js.hear_readable();
  CHECK_EQ(js.receive(100), std::string("cd"));
  if (js.last_outcome == 0) js.hear_readable();
  CHECK_EQ(js.receive(100), std::string());
  CHECK_EQ(js.last_received, 0);
  js.expect("head /sized\nbody ab\nfailed 400\nEND\n");
}

TEST(a_connection_that_breaks_while_a_body_is_received_has_failed) {
  Direct js(10);
  js.hear(js.turn());
  js.peer.reset();
  js.hear_readable();
  CHECK_EQ(js.receive(100), std::string());
  js.expect("head /sized\nbody ab\nFAILED\n");
}
