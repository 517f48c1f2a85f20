// Heads: start lines, field lines, and what of them is refused.
#include "check.h"
#include "http_events.h"

using namespace oxbow::http;

namespace {

// The verdict on a request or response; checked whole and byte by byte, which must agree.
std::string verdict(std::string_view message, const Setting& setting = {}) {
  const std::string whole = events_of(message, setting);
  CHECK_EQ(events_by_byte(message, setting), whole);
  return whole;
}

std::string response(std::string_view message) { return verdict(message, {Kind::kResponse}); }

std::string first_line(std::string line) { return verdict(line + "\r\nHost: h\r\n\r\n"); }

std::string field(std::string line) { return verdict("GET / HTTP/1.1\r\nHost: h\r\n" + line); }

}  // namespace

TEST(request_with_fields) {
  CHECK_EQ(verdict("GET /a?b HTTP/1.1\r\nHost: x:80\r\nAccept:\t */* \t\r\nX-Empty:\r\n\r\n"),
           "head GET /a?b HTTP/1.1 {Host: x:80} {Accept: */*} {X-Empty: } keep-alive\nend");
}

TEST(request_path_without_escapes) {
  struct Row {
    const char* target;
    uint32_t path_length;
  };
  const Row rows[] = {{"/", 1},
                      {"/a/b", 4},
                      {"/a?b%41?c", 2},
                      {"/?", 1},
                      {"/a%41", 0},
                      {"/a%41?b", 0},
                      {"/0123456789abcdef", 17},
                      {"/0123456789abcd?0123456789abcdef", 15},
                      {"/0123456789abcdef0123456789abcdef%", 0},
                      {"http://h/a", 0},
                      {"*", 0}};
  for (const Row& row : rows) {
    const Limits limits;
    Parser parser(Kind::kRequest, &limits);
    const std::string method = *row.target == '*' ? "OPTIONS " : "GET ";
    const std::string message = method + row.target + " HTTP/1.1\r\nHost: h\r\n\r\n";
    HeadScratch scratch;
    parser.feed(reinterpret_cast<const uint8_t*>(message.data()), message.size());
    CHECK(parser.next(scratch) == Event::kHead);
    CHECK_EQ(scratch.head.path_length, row.path_length);
  }
}

TEST(a_host_that_was_right_says_nothing_of_another) {
  const Limits limits;
  HeadScratch scratch;
  const auto event = [&](const std::string& host) {
    Parser parser(Kind::kRequest, &limits);
    const std::string message = "GET / HTTP/1.1\r\nHost: " + host + "\r\n\r\n";
    parser.feed(reinterpret_cast<const uint8_t*>(message.data()), message.size());
    return parser.next(scratch);
  };
  const std::string longest(119, 'a');
  for (const std::string& host : {std::string("a.b:80"), longest, longest + 'a'}) {
    CHECK(event(host) == Event::kHead);
    CHECK(event(host) == Event::kHead);
    CHECK(event(host + '/') == Event::kError);
    CHECK(event(host + '/') == Event::kError);
    CHECK(event(host.substr(0, host.size() - 1) + '/') == Event::kError);
    CHECK(event(host) == Event::kHead);
    CHECK(event("") == Event::kHead);
  }
}

TEST(request_methods) {
  struct Row {
    const char* name;
    Method id;
  };
  const Row rows[] = {{"GET", Method::kGet},        {"HEAD", Method::kHead},
                      {"POST", Method::kPost},      {"PUT", Method::kPut},
                      {"DELETE", Method::kDelete},  {"TRACE", Method::kTrace},
                      {"PATCH", Method::kPatch},    {"get", Method::kOther},
                      {"PROPFIND", Method::kOther}, {"M-SEARCH", Method::kOther}};
  for (const Row& row : rows) {
    const Limits limits;
    HeadScratch scratch;
    Parser parser(Kind::kRequest, &limits);
    const std::string message = std::string(row.name) + " / HTTP/1.1\r\nHost: h\r\n\r\n";
    parser.feed(reinterpret_cast<const uint8_t*>(message.data()), message.size());
    CHECK_EQ(parser.next(scratch), Event::kHead);
    CHECK_EQ(scratch.head.method_id, row.id);
    CHECK_EQ(text_of(scratch.head, scratch.head.method), row.name);
  }
}

TEST(request_target_forms) {
  const char* good[] = {
      "GET /",     "GET /a%20b?c={d}|e", "GET http://h/p", "GET http://h:80?q", "GET https://h",
      "OPTIONS *", "OPTIONS /",          "CONNECT h:443",  "CONNECT [::1]:443"};
  for (const char* line : good) {
    CHECK_EQ(first_line(std::string(line) + " HTTP/1.1").substr(0, 5), "head ");
  }
  const char* bad[] = {"GET *",         "GET a",      "GET h:80",        "GET http:/h",
                       "GET http:///p", "GET ://h",   "GET http://u@h/", "CONNECT h",
                       "CONNECT /",     "CONNECT h:", "CONNECT :1",      "CONNECT http://h:1",
                       "CONNECT u@h:1", "OPTIONS *a", "GET /#f",         "GET /\x80",
                       "GET /\x7f",     "GET /\x01",  "GET /\t"};
  for (const char* line : bad) {
    CHECK_EQ(first_line(std::string(line) + " HTTP/1.1"), "error 400 malformed request target");
  }
}

TEST(request_line_refused) {
  const char* bad[] = {"GET",
                       "GET ",
                       "GET /",
                       " GET / HTTP/1.1",
                       "GET  / HTTP/1.1",
                       "G@T / HTTP/1.1",
                       "GET\t/ HTTP/1.1",
                       ": / HTTP/1.1"};
  for (const char* line : bad) {
    CHECK_EQ(first_line(line), "error 400 malformed request line");
  }
  const char* version[] = {"GET / ",          "GET /  HTTP/1.1",  "GET / HTTP/1.1 ",
                           "GET / http/1.1",  "GET / HTTP/1",     "GET / HTTP/11.1",
                           "GET / HTTP/1.10", "GET / HTTP/1.",    "GET / HTTP/1.1x",
                           "GET / HTTPS/1.1", "GET /a b HTTP/1.1"};
  for (const char* line : version) {
    CHECK_EQ(first_line(line), "error 400 malformed HTTP version");
  }
}

TEST(version_not_supported) {
  for (const char* version : {"HTTP/0.9", "HTTP/1.2", "HTTP/2.0", "HTTP/3.0"}) {
    CHECK_EQ(first_line(std::string("GET / ") + version).substr(0, 9), "error 505");
    CHECK_EQ(response(std::string(version) + " 200 OK\r\n\r\n").substr(0, 9), "error 505");
  }
}

TEST(one_empty_line_before_a_request) {
  const std::string request = "GET / HTTP/1.0\r\n\r\n";
  CHECK_EQ(verdict("\r\n" + request + "\r\n" + request),
           "head GET / HTTP/1.0\nend\nhead GET / HTTP/1.0\nend");
  CHECK_EQ(verdict("\r\n\r\n" + request), "error 400 malformed request line");
  CHECK_EQ(verdict("\n" + request), "error 400 malformed request line");
  CHECK_EQ(verdict("\r" + request), "error 400 carriage return without a line feed");
  CHECK_EQ(verdict("\r\n"), "");
  CHECK_EQ(response("\r\nHTTP/1.1 200 OK\r\n\r\n"), "error 400 malformed HTTP version");
}

TEST(line_ends) {
  CHECK_EQ(verdict("GET / HTTP/1.1\nHost: h\r\n\r\n"),
           "error 400 line ends without a carriage return");
  CHECK_EQ(verdict("GET / HTTP/1.1\rHost: h\r\n\r\n"),
           "error 400 carriage return without a line feed");
  CHECK_EQ(field("A: b\n\r\n"), "error 400 line ends without a carriage return");
  CHECK_EQ(field("A: b\rc\r\n\r\n"), "error 400 carriage return without a line feed");
  CHECK_EQ(field("A: b\r\r\n\r\n"), "error 400 carriage return without a line feed");
  CHECK_EQ(field("A: b\r\n\n"), "error 400 line ends without a carriage return");
  CHECK_EQ(field("A: b\r\n\r\r\n"), "error 400 carriage return without a line feed");
}

TEST(field_names_refused) {
  for (const char* line :
       {": v", "A : v", "A\t: v", "A", "A B: v", "A\x01: v", "\x80: v", "(A): v", "A/B: v"}) {
    CHECK_EQ(field(std::string(line) + "\r\n\r\n"), "error 400 malformed field name");
  }
  CHECK_EQ(field("A: b\r\n c\r\n\r\n"), "error 400 folded field line");
  CHECK_EQ(field(" A: b\r\n\r\n"), "error 400 folded field line");
  CHECK_EQ(field("A: b\r\n\tc\r\n\r\n"), "error 400 folded field line");
}

TEST(field_values) {
  CHECK_EQ(field("A: a\tb \x80\xff~\r\n\r\n"),
           "head GET / HTTP/1.1 {Host: h} {A: a\tb \x80\xff~} keep-alive\nend");
  for (char c = 1; c < 0x20; ++c) {
    if (c == '\t' || c == '\r' || c == '\n') continue;
    CHECK_EQ(field(std::string("A: 0123456789abcdef") + c + "0123456789\r\n\r\n"),
             "error 400 control character in a field value");
  }
  CHECK_EQ(field(std::string("A: a\0b\r\n\r\n", 10)),
           "error 400 control character in a field value");
  CHECK_EQ(field("A: \x7f\r\n\r\n"), "error 400 control character in a field value");
}

TEST(host_is_required_once) {
  CHECK_EQ(verdict("GET / HTTP/1.1\r\n\r\n"), "error 400 no Host field in an HTTP/1.1 request");
  CHECK_EQ(field("Host: h\r\n\r\n"), "error 400 more than one Host field");
  CHECK_EQ(verdict("GET / HTTP/1.0\r\nHost: a\r\nhost: b\r\n\r\n"),
           "error 400 more than one Host field");
  CHECK_EQ(verdict("GET / HTTP/1.1\r\nHost:\r\n\r\n"),
           "head GET / HTTP/1.1 {Host: } keep-alive\nend");
}

// What the grammar of a host allows, but for what no URL can have.
TEST(host_is_a_host_and_a_port) {
  const auto judge = [](const std::string& value) {
    return verdict("GET / HTTP/1.1\r\nHost: " + value + "\r\n\r\n");
  };
  for (const char* value : {"a b",
                            "u@h",
                            "a\\b",
                            "a\"",
                            "\x80",
                            "a#b",
                            "a<b",
                            "a|b",
                            "a^b",
                            "a`b",
                            "{a}",
                            ":",
                            ":80",
                            "a:b",
                            "a:80:80",
                            "a:99999",
                            "a:65536",
                            "a:-1",
                            "a: 80",
                            "a:0x50",
                            "[::1",
                            "::1",
                            "[]",
                            "[a]b",
                            "[::1]x",
                            "[::1]x:80",
                            "[::1]80",
                            "]a[",
                            "a]",
                            "[:]",
                            "[:::]",
                            "[1::2::3]",
                            "[1:2:3:4:5:6:7]",
                            "[1:2:3:4:5:6:7:8:9]",
                            "[1:2:3:4:5:6:7:8::]",
                            "[12345::]",
                            "[::g]",
                            "[:1]",
                            "[1:]",
                            "[::1.2.3]",
                            "[::1.2.3.4.5]",
                            "[::256.1.1.1]",
                            "[::01.1.1.1]",
                            "[1:2:3:4:5:6:7:1.2.3.4]",
                            "[::1%25eth0]",
                            "[v1.a]",
                            "[[::1]]",
                            "%",
                            "%z",
                            "%zz",
                            "%a",
                            "a%",
                            "%00",
                            "%20",
                            "%2f",
                            "%40",
                            "%7f",
                            "%80",
                            "%2e",
                            "%31",
                            "256.0.0.1",
                            "1.2.3.4.5",
                            "1.2.3.256",
                            "1..2",
                            "a.09",
                            "1.2.3.08",
                            "0x100000000",
                            "a.0x1",
                            "4294967296",
                            "1.16777216",
                            "999999999999999999999999999999"}) {
    CHECK_EQ(judge(value), "error 400 malformed Host field");
    CHECK_EQ(
        verdict(std::string("GET http://") + value + "/ HTTP/1.1\r\nHost: a\r\n\r\n").substr(0, 9),
        "error 400");
  }
  for (const char* value : {"a/b", "a?b"}) {
    CHECK_EQ(judge(value), "error 400 malformed Host field");
  }
  for (const char* value : {"a",
                            "A.b-c.example",
                            "a:",
                            "a:0",
                            "a:80",
                            "a:65535",
                            "a:00080",
                            "a.",
                            "a..b",
                            "_a",
                            "a_b",
                            "a!$&'()*+,;=~b",
                            "-",
                            "127.0.0.1",
                            "127.0.0.1:8080",
                            "127.1",
                            "0x7f.1",
                            "0",
                            "1.16777215",
                            "4294967295",
                            "1.2.3.4.",
                            "a1",
                            "1a",
                            "1.2.3.a",
                            "[::]",
                            "[::1]",
                            "[::1]:",
                            "[::1]:80",
                            "[1:2:3:4:5:6:7:8]",
                            "[1:2:3:4:5:6:7::]",
                            "[::2:3:4:5:6:7:8]",
                            "[fe80::ABCD:1]",
                            "[::ffff:127.0.0.1]",
                            "[1:2:3:4:5:6:1.2.3.4]",
                            "%61",
                            "a%2Db",
                            "xn--bcher-kva.example"}) {
    CHECK_EQ(judge(value),
             "head GET / HTTP/1.1 {Host: " + std::string(value) + "} keep-alive\nend");
  }
}

TEST(keep_alive_rules) {
  const auto has = [](std::string_view head) {
    return events_of(head).find("keep-alive\n") != std::string::npos;
  };
  const std::string now = "GET / HTTP/1.1\r\nHost: h\r\n";
  const std::string old = "GET / HTTP/1.0\r\n";
  CHECK(has(now + "\r\n"));
  CHECK(!has(now + "Connection: close\r\n\r\n"));
  CHECK(!has(now + "connection: foo, CLOSE\r\n\r\n"));
  CHECK(!has(now + "Connection: foo\r\nConnection: Close \r\n\r\n"));
  CHECK(has(now + "Connection: closed, not-close, clos e\r\n\r\n"));
  CHECK(!has(old + "\r\n"));
  CHECK(has(old + "Connection: Keep-Alive\r\n\r\n"));
  CHECK(has(old + "Connection: foo ,\tkeep-alive\t, bar\r\n\r\n"));
  CHECK(!has(old + "Connection: keep-alive, close\r\n\r\n"));
}

TEST(upgrade_and_expect) {
  CHECK_EQ(field("Connection: keep-alive, Upgrade\r\nUpgrade: websocket\r\n\r\n"),
           "head GET / HTTP/1.1 {Host: h} {Connection: keep-alive, Upgrade} {Upgrade: websocket} "
           "keep-alive upgrade\nend");
  CHECK_EQ(field("Upgrade: websocket\r\n\r\n"),
           "head GET / HTTP/1.1 {Host: h} {Upgrade: websocket} keep-alive\nend");
  CHECK_EQ(field("Connection: upgrade\r\nUpgrade:\r\n\r\n"),
           "head GET / HTTP/1.1 {Host: h} {Connection: upgrade} {Upgrade: } keep-alive\nend");
  CHECK_EQ(verdict("GET / HTTP/1.0\r\nConnection: upgrade\r\nUpgrade: a\r\nExpect: "
                   "100-continue\r\n\r\n"),
           "head GET / HTTP/1.0 {Connection: upgrade} {Upgrade: a} {Expect: 100-continue}\nend");
  CHECK_EQ(field("Expect: 100-Continue\r\nContent-Length: 1\r\n\r\nx"),
           "head GET / HTTP/1.1 {Host: h} {Expect: 100-Continue} {Content-Length: 1} length=1 "
           "keep-alive expect body\nbody x\nend");
}

TEST(status_lines) {
  CHECK_EQ(response("HTTP/1.1 204 No Content\r\n\r\n"),
           "head HTTP/1.1 204 No Content keep-alive\nend");
  CHECK_EQ(response("HTTP/1.1 204\r\n\r\n"), "head HTTP/1.1 204  keep-alive\nend");
  CHECK_EQ(response("HTTP/1.1 204 \r\n\r\n"), "head HTTP/1.1 204  keep-alive\nend");
  CHECK_EQ(response("HTTP/1.0 304 N\tM \xff\r\n\r\n"), "head HTTP/1.0 304 N\tM \xff\nend");
  for (const char* bad : {"HTTP/1.1", "HTTP/1.1 ", "HTTP/1.1 20", "HTTP/1.1 099 x", "HTTP/1.1 2000",
                          "HTTP/1.1  200 OK", "HTTP/1.1 2x0 OK", "HTTP/1.1\t200 OK",
                          "HTTP/1.1 200\tOK", "HTTP/1.1 200 O\x01K"}) {
    CHECK_EQ(response(std::string(bad) + "\r\n\r\n"), "error 400 malformed status line");
  }
  CHECK_EQ(response("HTTP/1.1 200 OK\n\r\n"), "error 400 line ends without a carriage return");
}

CHECK_MAIN()
