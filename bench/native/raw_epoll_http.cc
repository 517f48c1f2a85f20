// The floor for HTTP: finds the ends of requests that have no body and sends a fixed answer for
// each, all answers to one receive in one send. Prints {"port":N}; ends with standard input.
//
//   raw_epoll_http [--answer-bytes 13]    of "Hello, World!" over and over
#include <string>

#include "raw_epoll.h"

namespace oxbow::bench {

constexpr std::string_view kHead =
    "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nDate: Sat, 21 Nov 2026 00:00:00 GMT\r\n"
    "Content-Length: ";
constexpr std::string_view kText = "Hello, World!";
constexpr std::string_view kEnd = "\r\n\r\n";

// How much of kEnd was seen when the last receive ended.
struct Progress {
  size_t matched = 0;
};

static size_t count_ends(Progress& progress, std::string_view received) {
  size_t ends = 0;
  for (const char byte : received) {
    if (byte == kEnd[progress.matched]) {
      progress.matched++;
    } else {
      progress.matched = byte == '\r' ? 1 : 0;
    }
    if (progress.matched == kEnd.size()) {
      ends++;
      progress.matched = 0;
    }
  }
  return ends;
}

static std::string one_answer;

static void make_answer(size_t bytes) {
  one_answer.append(kHead).append(std::to_string(bytes)).append(kEnd);
  const size_t end = one_answer.size() + bytes;
  while (one_answer.size() < end) one_answer += kText;
  one_answer.resize(end);
}

static std::string_view answer(Progress& progress, std::string_view received) {
  static std::string answers;
  const size_t length = count_ends(progress, received) * one_answer.size();
  while (answers.size() < length) answers += one_answer;
  return std::string_view(answers).substr(0, length);
}

}  // namespace oxbow::bench

int main(int argc, char** argv) {
  using namespace oxbow::bench;
  Arguments arguments(argc, argv);
  make_answer(static_cast<size_t>(arguments.integer("answer-bytes", 13, 1, 1 << 28)));
  arguments.finish();
  RawServer<Progress, decltype(&answer)>(answer).run();
  return 0;
}
