// Limits, cost and state: what an attacker or a pause can do to a parser.
#include "check.h"
#include "http_events.h"

using namespace oxbow::http;

namespace {

constexpr char kTooLong[] = "error 431 line too long";

Setting with(Limits limits, Kind kind = Kind::kRequest) { return {kind, limits, {}, true}; }

std::string verdict(std::string_view message, const Setting& setting) {
  const std::string whole = events_of(message, setting);
  CHECK_EQ(events_by_byte(message, setting), whole);
  return whole;
}

bool accepted(const std::string& events) { return events.rfind("head ", 0) == 0; }

}  // namespace

TEST(line_max_is_exact) {
  const Setting setting = with({.line_max = 40});
  const std::string host = "\r\nHost: h\r\n";
  const std::string target = "/" + std::string(26, 'a');  // 40 bytes with "GET " and " HTTP/1.1"
  CHECK(accepted(verdict("GET " + target + " HTTP/1.1" + host + "\r\n", setting)));
  CHECK_EQ(verdict("GET " + target + "a HTTP/1.1" + host + "\r\n", setting), kTooLong);
  const std::string line = "A: " + std::string(37, 'b');
  CHECK(accepted(verdict("GET / HTTP/1.1" + host + line + "\r\n\r\n", setting)));
  CHECK_EQ(verdict("GET / HTTP/1.1" + host + line + "b\r\n\r\n", setting), kTooLong);
  // Refused as soon as it is known, without waiting for the end of the line.
  CHECK_EQ(verdict("GET / HTTP/1.1" + host + line + "bbb", setting), kTooLong);
  CHECK_EQ(verdict(std::string(43, 'a'), setting), kTooLong);
}

TEST(head_max_is_exact) {
  const std::string head = "GET / HTTP/1.0\r\nA: 0123456789\r\n\r\n";
  const auto size = static_cast<uint32_t>(head.size());
  CHECK(accepted(verdict(head + head, with({.head_max = size}))));
  for (uint32_t less = 1; less < size; ++less) {
    CHECK_EQ(verdict(head, with({.head_max = size - less})), "error 431 header section too large");
  }
}

TEST(headers_max_is_exact) {
  const std::string two = "GET / HTTP/1.0\r\nA: b\r\nC: d\r\n";
  CHECK(accepted(verdict(two + "\r\n", with({.headers_max = 2}))));
  CHECK_EQ(verdict(two + "E: f\r\n\r\n", with({.headers_max = 2})),
           "error 431 too many header fields");
  CHECK(accepted(verdict("GET / HTTP/1.0\r\n\r\n", with({.headers_max = 0}))));
}

TEST(body_max) {
  const Setting setting = with({.body_max = 5});
  const std::string sized = "POST / HTTP/1.0\r\nContent-Length: ";
  CHECK(accepted(verdict(sized + "5\r\n\r\nhello", setting)));
  CHECK_EQ(verdict(sized + "6\r\n\r\n", setting), "error 413 body too large");
  const std::string head = "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n";
  const std::string chunk = "3\r\nabc\r\n";
  CHECK(verdict(head + chunk + "2\r\nde\r\n0\r\n\r\n", setting).find("body abcde\nend") !=
        std::string::npos);
  CHECK(verdict(head + chunk + chunk, setting).find("body abc\nerror 413") != std::string::npos);
  const Setting close = with({.body_max = 5}, Kind::kResponse);
  CHECK_EQ(verdict("HTTP/1.1 200 OK\r\n\r\nhello", close),
           "head HTTP/1.1 200 OK body\nbody hello\nend");
  CHECK_EQ(verdict("HTTP/1.1 200 OK\r\n\r\nhello!", close),
           "head HTTP/1.1 200 OK body\nbody hello\nerror 413 body too large");
}

TEST(chunk_framing_is_bounded) {
  const std::string head = "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n";
  const Setting setting = with({});
  std::string chunks;
  for (int i = 0; i < 20; ++i) chunks += "1;" + std::string(1000, 'x') + "\r\na\r\n";
  CHECK(verdict(head + chunks, setting).find("error 413 chunk extensions too long") !=
        std::string::npos);
  const Setting small = with({.line_max = 60});
  CHECK(verdict(head + std::string(80, '0'), small).find(kTooLong) != std::string::npos);
  CHECK(verdict(head + "0\r\nA: " + std::string(80, 'b'), small).find(kTooLong) !=
        std::string::npos);
  const Setting few = with({.headers_max = 2});
  CHECK(verdict(head + "0\r\nA: b\r\nA: b\r\n\r\n", few).find("\nend") != std::string::npos);
  CHECK(verdict(head + "0\r\nA: b\r\nA: b\r\nA: b\r\n\r\n", few).find("error 431 too many") !=
        std::string::npos);
  std::string trailers = head + "0\r\n";
  for (int i = 0; i < 10; ++i) trailers += "A: " + std::string(50, 'b') + "\r\n";
  CHECK(verdict(trailers, with({.head_max = 400})).find("error 431 header section") !=
        std::string::npos);
}

// Connections with limits of their own take turns with one scratch: what one of them is in the
// middle of says nothing to the next.
TEST(connections_with_other_limits_share_a_scratch) {
  const std::string request = "GET / HTTP/1.1\r\nHost: h\r\nA: b\r\nC: d\r\n\r\n";
  const Limits all[] = {{},
                        {.headers_max = 2},
                        {.head_max = 30},
                        {.line_max = 10},
                        {.headers_max = 0},
                        {.head_max = 0},
                        {.line_max = 0}};
  HeadScratch scratch;
  std::vector<std::unique_ptr<Parser>> parsers;
  std::vector<std::string> heard(std::size(all));
  for (const Limits& limits : all) {
    parsers.push_back(std::make_unique<Parser>(Kind::kRequest, &limits));
  }
  for (const char& byte : request) {
    for (size_t n = 0; n < parsers.size(); n++) {
      if (!heard[n].empty()) continue;
      parsers[n]->feed(reinterpret_cast<const uint8_t*>(&byte), 1);
      const Event event = parsers[n]->next(scratch);
      if (event == Event::kHead) heard[n] = describe(Kind::kRequest, scratch.head);
      if (event == Event::kError) heard[n] = parsers[n]->error_text();
    }
  }
  CHECK_EQ(heard[0], "GET / HTTP/1.1 {Host: h} {A: b} {C: d} keep-alive");
  CHECK_EQ(heard[1], "too many header fields");
  CHECK_EQ(heard[2], "header section too large");
  CHECK_EQ(heard[3], "line too long");
  CHECK_EQ(heard[4], "too many header fields");
  CHECK_EQ(heard[5], "header section too large");
  CHECK_EQ(heard[6], "line too long");
}

// A peer that stops in the middle of a head has us hold little more than it has sent, however it
// came, and nothing once the head is over.
TEST(half_a_head_takes_what_has_come_of_it) {
  const std::string head = "GET / HTTP/1.1\r\nHost: h\r\nCookie: " + std::string(3000, 'c');
  for (const size_t piece : {1u, 7u, 100u, 1000u, 3000u}) {
    Transcript transcript(Setting{});
    for (size_t at = 0; at < head.size(); at += piece) {
      CHECK(transcript.feed(std::string_view(head).substr(at, piece)));
      const size_t sent = std::min(at + piece, head.size());
      const uint32_t held = transcript.parser().held();
      CHECK(held >= sent);
      CHECK(held <= sent + sent / 2 + 48);
      if (at == 0) CHECK(held <= sent + 48);
    }
    CHECK(transcript.feed("\r\n\r\n"));
    CHECK(transcript.feed("\r\n"));
    CHECK_EQ(transcript.parser().held(), 0u);
  }
}

TEST(an_error_is_final) {
  Transcript transcript(Setting{});
  CHECK(!transcript.feed("GET\r\n"));
  CHECK(!transcript.feed("GET / HTTP/1.0\r\n\r\n"));
  CHECK_EQ(transcript.lines().size(), 2);
  CHECK_EQ(transcript.lines()[1], transcript.lines()[0]);
}

TEST(idle_only_between_messages) {
  Transcript transcript(Setting{});
  CHECK(transcript.parser().idle());
  transcript.feed("GE");
  CHECK(!transcript.parser().idle());
  transcript.feed("T / HTTP/1.0\r\nContent-Length: 1\r\n\r\n");
  CHECK(!transcript.parser().idle());
  transcript.feed("x");
  CHECK(transcript.parser().idle());
}

TEST(closing_inside_a_message) {
  const std::string truncated = "error 400 connection closed inside a message";
  CHECK_EQ(verdict("GET / HT", {}), truncated);
  CHECK_EQ(verdict("GET / HTTP/1.0\r\n", {}), truncated);
  CHECK_EQ(verdict("", {}), "");
}

TEST(a_pause_keeps_the_place) {
  const Limits limits;
  HeadScratch scratch;
  HeadScratch other;
  Parser parser(Kind::kRequest, &limits);
  Parser second(Kind::kRequest, &limits);
  const std::string bytes =
      "POST /1 HTTP/1.0\r\nContent-Length: 2\r\n\r\nokGET /2 HTTP/1.0\r\n\r\n";
  const auto* data = reinterpret_cast<const uint8_t*>(bytes.data());
  parser.feed(data, bytes.size());
  second.feed(data, bytes.size());
  CHECK_EQ(parser.next(scratch), Event::kHead);
  CHECK_EQ(second.next(scratch), Event::kHead);  // the scratch is lent, not owned
  CHECK_EQ(parser.next(other), Event::kBody);
  CHECK_EQ(parser.body().data - data, 39);  // no copy was made
  CHECK_EQ(parser.next(scratch), Event::kEnd);
  CHECK_EQ(parser.next(other), Event::kHead);
  CHECK_EQ(text_of(other.head, other.head.target), "/2");
  CHECK_EQ(other.head.base - data, 41);
  CHECK_EQ(parser.next(scratch), Event::kEnd);
  CHECK_EQ(parser.next(scratch), Event::kNeedMore);
}

TEST(every_pair_of_cuts_gives_the_same_events) {
  const std::string message =
      "\r\nPOST /a HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n"
      "3;x=\"y\"\r\nabc\r\n0\r\nT: u\r\n\r\nGET / HTTP/1.1\r\nHost: h\r\nBad : x\r\n\r\n";
  const std::string whole = events_of(message);
  for (size_t i = 0; i <= message.size(); ++i) {
    for (size_t j = i; j <= message.size(); ++j) CHECK_EQ(events_of(message, {}, {i, j}), whole);
  }
}

CHECK_MAIN()
