// Where a body ends: lengths, chunks, the rules of responses, and the tricks that are refused.
#include "check.h"
#include "http_events.h"

using namespace oxbow::http;

namespace {

std::string verdict(std::string_view message, const Setting& setting = {}) {
  const std::string whole = events_of(message, setting);
  CHECK_EQ(events_by_byte(message, setting), whole);
  return whole;
}

std::string response(std::string_view message, ResponseTo to = {}) {
  return verdict(message, {Kind::kResponse, {}, to});
}

// What follows the head event of a POST with these field lines and body.
std::string post(std::string fields, std::string body = "") {
  const std::string all = verdict("POST / HTTP/1.1\r\nHost: h\r\n" + fields + "\r\n" + body);
  const size_t line = all.find('\n');
  return all.rfind("head ", 0) == 0 && line != all.npos ? all.substr(line + 1) : all;
}

std::string chunked(std::string body) { return post("Transfer-Encoding: chunked\r\n", body); }

}  // namespace

TEST(sized_bodies) {
  CHECK_EQ(post("Content-Length: 5\r\n", "hello"), "body hello\nend");
  CHECK_EQ(post("Content-Length: 0\r\n"), "end");
  CHECK_EQ(post("Content-Length: 00005\r\n", "hello"), "body hello\nend");
  CHECK_EQ(post(""), "end");
  CHECK_EQ(post("Content-Length: 5\r\n", "hell"),
           "body hell\nerror 400 connection closed inside a message");
}

TEST(bad_lengths) {
  for (const char* value : {"", "+5", "-5", "5 5", "5, 5", "5,5", "0x5", "5a", "\"5\"", "5.0",
                            "9007199254740992", "18446744073709551616", "99999999999999999999"}) {
    CHECK_EQ(post(std::string("Content-Length: ") + value + "\r\n"),
             "error 400 malformed Content-Length");
  }
  CHECK_EQ(post("Content-Length: 5\r\nContent-Length: 6\r\n"),
           "error 400 more than one Content-Length");
  CHECK_EQ(post("Content-Length: 5\r\ncontent-LENGTH: 5\r\n"),
           "error 400 more than one Content-Length");
}

TEST(transfer_encodings) {
  CHECK_EQ(post("transfer-encoding: CHUNKED \r\n", "0\r\n\r\n"), "end");
  const std::string both = "error 400 both Content-Length and Transfer-Encoding";
  CHECK_EQ(post("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n"), both);
  CHECK_EQ(post("Transfer-Encoding: chunked\r\nContent-Length: 5\r\n"), both);
  CHECK_EQ(post("Transfer-Encoding: gzip\r\nContent-Length: 5\r\n"), both);
  for (const char* value : {"chunked, chunked", "chunked,", ", chunked", "chunked, , chunked", "",
                            "chunked\r\nTransfer-Encoding: chunked"}) {
    CHECK_EQ(post(std::string("Transfer-Encoding: ") + value + "\r\n"),
             "error 400 malformed Transfer-Encoding");
  }
  for (const char* value : {"gzip", "identity", "chunked, gzip", "xchunked", "chunkedx",
                            "chunked;q=1", "chun ked", "\"chunked\""}) {
    CHECK_EQ(post(std::string("Transfer-Encoding: ") + value + "\r\n"),
             "error 400 chunked is not the final transfer coding");
  }
  CHECK_EQ(post("Transfer-Encoding: gzip, chunked\r\n"),
           "error 501 transfer coding not supported, only chunked");
  CHECK_EQ(verdict("POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n"),
           "error 400 Transfer-Encoding in an HTTP/1.0 message");
}

TEST(chunks) {
  CHECK_EQ(chunked("5\r\nhello\r\n1\r\n!\r\n0\r\n\r\n"), "body hello!\nend");
  CHECK_EQ(chunked("00A\r\n0123456789\r\n000\r\n\r\n"), "body 0123456789\nend");
  CHECK_EQ(chunked("a;x\r\n0123456789\r\n0;x=y;z=\"q;\\\"\t\"\r\n\r\n"), "body 0123456789\nend");
  CHECK_EQ(chunked("0\r\nA: b\r\nC:\r\n\r\n"), "end A: b\r\nC:\r\n");
  CHECK_EQ(chunked("5\r\nhel"), "body hel\nerror 400 connection closed inside a message");
}

TEST(bad_chunk_sizes) {
  for (const char* size : {"", " 5", "5 ", "+5", "-5", "0x5", "g", "5g", "5\t", "\r\n", ";x"}) {
    CHECK_EQ(chunked(std::string(size) + "\r\nhello\r\n0\r\n\r\n"),
             "error 400 malformed chunk size");
  }
  CHECK_EQ(chunked("5\nhello\r\n"), "error 400 malformed chunk size");
  CHECK_EQ(chunked("5\rhello\r\n"), "error 400 carriage return without a line feed");
  for (const char* size : {"20000000000000", "ffffffffffffffff", "10000000000000005"}) {
    CHECK_EQ(chunked(std::string(size) + "\r\n"), "error 400 chunk size too large");
  }
}

TEST(bad_chunk_extensions) {
  for (const char* extension : {";", "; x", ";x ", ";x=", ";x= y", ";=y", ";x=\"y", ";x=\"y\"z",
                                ";x=\"\x01\"", ";x\n", ";x=y=z", ";\x80"}) {
    CHECK_EQ(chunked(std::string("5") + extension + "\r\nhello\r\n"),
             "error 400 malformed chunk extension");
  }
}

TEST(bad_chunk_ends) {
  const std::string wrong = "body hello\nerror 400 chunk data does not end where its size says";
  for (const char* end : {"!\r\n", "\n", "\r\r", "0\r\n\r\n", "\r0\r\n"}) {
    CHECK_EQ(chunked(std::string("5\r\nhello") + end), wrong);
  }
}

TEST(bad_trailers) {
  CHECK_EQ(chunked("0\r\nA : b\r\n\r\n"), "error 400 malformed field name");
  CHECK_EQ(chunked("0\r\n: b\r\n\r\n"), "error 400 malformed field name");
  CHECK_EQ(chunked("0\r\nA\r\n\r\n"), "error 400 malformed field name");
  CHECK_EQ(chunked("0\r\n A: b\r\n\r\n"), "error 400 folded field line");
  CHECK_EQ(chunked("0\r\nA: b\n\r\n"), "error 400 line ends without a carriage return");
  CHECK_EQ(chunked("0\r\nA: \x01\r\n\r\n"), "error 400 control character in a field value");
  CHECK_EQ(chunked("0\r\nA: b\rc\r\n\r\n"), "error 400 carriage return without a line feed");
  CHECK_EQ(chunked("0\r\n\n"), "error 400 line ends without a carriage return");
  CHECK_EQ(chunked("0\r\n\rx"), "error 400 carriage return without a line feed");
}

TEST(pipelined_requests) {
  const std::string get = "GET /a HTTP/1.0\r\n\r\n";
  const std::string post = "POST /b HTTP/1.0\r\nContent-Length: 2\r\n\r\nok";
  CHECK_EQ(verdict(get + post + get),
           "head GET /a HTTP/1.0\nend\n"
           "head POST /b HTTP/1.0 {Content-Length: 2} length=2 body\nbody ok\nend\n"
           "head GET /a HTTP/1.0\nend");
}

TEST(connect_has_no_body) {
  const std::string connect = "CONNECT h:1 HTTP/1.1\r\nHost: h:1\r\n";
  CHECK_EQ(verdict(connect + "\r\n"),
           "head CONNECT h:1 HTTP/1.1 {Host: h:1} keep-alive upgrade\nend");
  CHECK_EQ(verdict(connect + "Content-Length: 1\r\n\r\n"), "error 400 CONNECT request with a body");
}

TEST(response_bodies) {
  CHECK_EQ(response("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nokHTTP/1.1 204 N\r\n\r\n"),
           "head HTTP/1.1 200 OK {Content-Length: 2} length=2 keep-alive body\nbody ok\nend\n"
           "head HTTP/1.1 204 N keep-alive\nend");
  CHECK_EQ(response("HTTP/1.1 200 OK\r\n\r\nto the end"),
           "head HTTP/1.1 200 OK body\nbody to the end\nend");
  CHECK_EQ(response("HTTP/1.1 200 OK\r\n\r\n"), "head HTTP/1.1 200 OK body\nend");
  CHECK_EQ(response("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n\r\n"),
           "head HTTP/1.1 200 OK {Transfer-Encoding: chunked} chunked keep-alive body\n"
           "body x\nend");
  CHECK_EQ(response("HTTP/1.1 304 N\r\nContent-Length: 5\r\n\r\n"),
           "head HTTP/1.1 304 N {Content-Length: 5} length=5 keep-alive\nend");
  CHECK_EQ(response("HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n"),
           "error 400 both Content-Length and Transfer-Encoding");
}

TEST(responses_know_their_request) {
  const std::string sized = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n";
  const std::string head = "head HTTP/1.1 200 OK {Content-Length: 2} length=2 keep-alive";
  // The answer to HEAD has no body; the one after it is an ordinary one again.
  CHECK_EQ(response(sized + sized + "ok", {true, false}),
           head + "\nend\n" + head + " body\nbody ok\nend");
  CHECK_EQ(response("HTTP/1.1 103 E\r\n\r\n" + sized, {true, false}),
           "head HTTP/1.1 103 E keep-alive\nend\n" + head + "\nend");
  CHECK_EQ(response("HTTP/1.1 200 OK\r\n\r\n", {false, true}),
           "head HTTP/1.1 200 OK keep-alive upgrade\nend");
  CHECK_EQ(response("HTTP/1.1 407 No\r\nContent-Length: 1\r\n\r\nx", {false, true}),
           "head HTTP/1.1 407 No {Content-Length: 1} length=1 keep-alive body\nbody x\nend");
}

// Real servers do both: a framework and the server under it each add the field, and a line is left
// over behind 100 Continue.
TEST(what_a_response_may_say_twice) {
  const std::string ok = "HTTP/1.1 200 OK\r\n";
  const std::string body = "\r\n1\r\nx\r\n0\r\n\r\n";
  for (const char* fields : {"Transfer-Encoding: chunked, chunked\r\n",
                             "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n"}) {
    const std::string read = response(ok + fields + body);
    CHECK_EQ(read.substr(read.find('\n')), "\nbody x\nend");
  }
  for (const char* fields :
       {"Transfer-Encoding: chunked,\r\n", "Transfer-Encoding: chunked, , chunked\r\n",
        "Transfer-Encoding:\r\nTransfer-Encoding: chunked\r\n"}) {
    CHECK_EQ(response(ok + fields + body), "error 400 malformed Transfer-Encoding");
  }
  CHECK_EQ(response(ok + "Transfer-Encoding: gzip, chunked, chunked\r\n" + body),
           "error 400 malformed Transfer-Encoding");
  CHECK_EQ(response(ok + "Transfer-Encoding: gzip, chunked\r\n" + body),
           "error 501 transfer coding not supported, only chunked");
}

TEST(an_empty_line_behind_an_interim_response) {
  const std::string ok = "HTTP/1.1 204 N\r\n\r\n";
  const std::string told = "head HTTP/1.1 204 N keep-alive\nend";
  for (const char* status : {"100", "102", "103"}) {
    const std::string interim = std::string("HTTP/1.1 ") + status + " I\r\n\r\n";
    const std::string first = std::string("head HTTP/1.1 ") + status + " I keep-alive\nend\n";
    CHECK_EQ(response(interim + "\r\n" + ok), first + told);
    CHECK_EQ(response(interim + "\r\n" + interim + "\r\n" + ok), first + first + told);
    CHECK_EQ(response(interim + "\r\n\r\n" + ok), first + "error 400 malformed HTTP version");
    CHECK_EQ(response(interim + "\rx" + ok),
             first + "error 400 carriage return without a line feed");
  }
  CHECK_EQ(response("\r\n" + ok), "error 400 malformed HTTP version");
  CHECK_EQ(response(ok + "\r\n" + ok), told + "\nerror 400 malformed HTTP version");
}

TEST(upgraded_bytes_are_left_alone) {
  const Limits limits;
  HeadScratch scratch;
  Parser parser(Kind::kResponse, &limits);
  const std::string bytes = "HTTP/1.1 101 S\r\nUpgrade: x\r\n\r\n\x01\x02";
  parser.feed(reinterpret_cast<const uint8_t*>(bytes.data()), bytes.size());
  CHECK_EQ(parser.next(scratch), Event::kHead);
  CHECK(scratch.head.upgrade);
  CHECK_EQ(parser.next(scratch), Event::kEnd);
  CHECK_EQ(parser.unread(), 2);
  CHECK_EQ(parser.unread_data()[0], 1);
}

CHECK_MAIN()
