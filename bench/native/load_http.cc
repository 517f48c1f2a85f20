// HTTP/1.1 load: keep-alive GETs, or POSTs with a body, optionally pipelined. Every answer must
// have status 200 and its body whole. Bodies are "Hello, World!" over and over, cut at their
// length. With --routes N the GETs are of N paths in turn, such as /api/r017/u00017/posts/p00983,
// and an answer is the last two parts of its path as JSON.
//
//   load_http --port N [--connections 64] [--depth 1] [--target /]
//             [--post-bytes 0] [--answer-bytes 13] [--routes 0]
//             [--seconds 1.5 | --messages N] [--warmup-seconds 0.3 | --warmup-messages N]
//
// `check` in the answer is the number of body bytes that were right.
#include <strings.h>
#include <algorithm>
#include <cstdio>
#include <cstring>
#include <string>

#include "program.h"
#include "pump.h"
#include "support.h"

namespace oxbow::bench {

constexpr std::string_view kStatus = "HTTP/1.1 200";
constexpr std::string_view kText = "Hello, World!";
constexpr std::string_view kHeadEnd = "\r\n\r\n";
constexpr std::string_view kLength = "content-length:";

class HttpChecker : public Checker {
 public:
  // `text` is that of each body, or of all bodies, one after the other.
  HttpChecker(uint64_t body_size, std::string_view text, bool in_turn)
      : body_size_(body_size), text_(text), in_turn_(in_turn) {}

  int64_t take(Connection& connection, std::string_view bytes) override {
    std::string& partial = connection.partial;
    if (partial.empty()) return take_all(bytes, connection);
    const std::string joined = partial + std::string(bytes);
    partial.clear();
    return take_all(joined, connection);
  }

  const uint64_t& right() const { return right_; }

 private:
  int64_t take_all(std::string_view rest, Connection& connection) {
    int64_t answers = 0;
    while (!rest.empty()) {
      if (connection.body_left == 0) {
        const int64_t length = looks_like_last(rest) ? head_length_ : check_head(rest);
        if (length < 0) return -1;
        if (length == 0) {
          connection.partial.assign(rest);
          break;
        }
        rest.remove_prefix(static_cast<size_t>(length));
        connection.body_left = body_size_;
      }
      if (!take_body(rest, connection)) return -1;
      if (connection.body_left > 0) continue;
      answers++;
      if (in_turn_) connection.bodies += body_size_;
    }
    return answers;
  }

  bool take_body(std::string_view& rest, Connection& connection) {
    while (!rest.empty() && connection.body_left > 0) {
      const size_t size =
          std::min<uint64_t>({rest.size(), connection.body_left, uint64_t{PeriodicBytes::kRunMax}});
      const char* expected = text_.at(connection.bodies + body_size_ - connection.body_left);
      if (std::memcmp(rest.data(), expected, size) != 0) return false;
      right_ += size;
      connection.body_left -= size;
      rest.remove_prefix(size);
    }
    return true;
  }

  // A server's answers differ in the digits of the date only, so a head that starts right and
  // ends where the last one ended has the same fields. This keeps the generator faster than the
  // servers; anything else goes through the full check.
  bool looks_like_last(std::string_view rest) const {
    if (head_length_ == 0 || rest.size() < static_cast<size_t>(head_length_)) return false;
    const auto end = static_cast<size_t>(head_length_) - kHeadEnd.size();
    return rest.starts_with(kStatus) && rest.substr(end, kHeadEnd.size()) == kHeadEnd;
  }

  // The length of the head; 0 if it is not all there yet; -1 if it is wrong.
  int64_t check_head(std::string_view rest) {
    const size_t end = rest.find(kHeadEnd);
    if (end == std::string_view::npos) return rest.size() > 8192 ? -1 : 0;
    if (!rest.starts_with(kStatus)) return -1;
    const int64_t length = content_length(rest.substr(0, end + 2));
    if (length != static_cast<int64_t>(body_size_)) return -1;
    head_length_ = static_cast<int64_t>(end + kHeadEnd.size());
    return head_length_;
  }

  static int64_t content_length(std::string_view head) {
    size_t line = head.find("\r\n") + 2;
    while (line < head.size()) {
      const std::string_view field = head.substr(line, head.find("\r\n", line) - line);
      if (field.size() > kLength.size() &&
          strncasecmp(field.data(), kLength.data(), kLength.size()) == 0) {
        return std::strtoll(field.data() + kLength.size(), nullptr, 10);
      }
      line += field.size() + 2;
    }
    return -1;
  }

  const uint64_t body_size_;
  const PeriodicBytes text_;
  const bool in_turn_;
  int64_t head_length_ = 0;
  uint64_t right_ = 0;
};

static std::string request_of(std::string_view target, size_t post_bytes) {
  std::string request = post_bytes == 0 ? "GET " : "POST ";
  request.append(target).append(" HTTP/1.1\r\nHost: 127.0.0.1\r\n");
  if (post_bytes == 0) return request + "\r\n";
  request += "Content-Length: " + std::to_string(post_bytes) + "\r\n\r\n";
  const size_t end = request.size() + post_bytes;
  while (request.size() < end) request += kText;
  request.resize(end);
  return request;
}

// Requests that are sent one after the other, all of one size, and what is answered to them.
struct Script {
  std::string requests;
  size_t request_size;
  std::string bodies;
  uint64_t body_size;
};

// Each route once, in an order that jumps about.
static Script routes_in_turn(int count) {
  Script script{};
  for (int n = 0; n < count; n++) {
    const int route = n * 7919 % count;  // a prime: all of them come
    const int post = 1000 - route;
    char target[64];
    std::snprintf(target, sizeof(target), "/api/r%03d/u%05d/posts/p%05d", route, route, post);
    const std::string request = request_of(target, 0);
    char body[64];
    const int size =
        std::snprintf(body, sizeof(body), R"({"user":"u%05d","post":"p%05d"})", route, post);
    script.requests += request;
    script.request_size = request.size();
    script.bodies += body;
    script.body_size = static_cast<uint64_t>(size);
  }
  return script;
}

int run_program(int argc, char** argv) {
  Arguments arguments(argc, argv);
  const auto port = static_cast<uint16_t>(arguments.integer("port", 0, 1, 65535));
  const int64_t connections = arguments.integer("connections", 64, 1, 20'000);
  const int64_t depth = arguments.integer("depth", 1, 1, 1024);
  const std::string_view target = arguments.text("target", "/");
  const auto post_bytes = static_cast<size_t>(arguments.integer("post-bytes", 0, 1, 1 << 28));
  const auto answer_bytes =
      static_cast<uint64_t>(arguments.integer("answer-bytes", 13, 1, 1 << 28));
  const auto routes = static_cast<int>(arguments.integer("routes", 0, 1, 1000));
  const Plan plan = plan_of(arguments);
  arguments.finish();
  if (port == 0) fail("--port", "is required");

  Script script;
  if (routes > 0) {
    script = routes_in_turn(routes);
  } else {
    script.requests = request_of(target, post_bytes);
    script.request_size = script.requests.size();
    script.bodies = kText;
    script.body_size = answer_bytes;
  }
  const PeriodicBytes stream(script.requests);
  HttpChecker checker(script.body_size, script.bodies, routes > 0);
  Pump pump(port, connections, depth, script.request_size, stream, checker);
  warm_up_and_measure(pump, plan, checker.right());
  return 0;
}

}  // namespace oxbow::bench
