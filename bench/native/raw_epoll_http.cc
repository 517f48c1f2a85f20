// The floor for HTTP: finds the ends of requests that have no body and sends a fixed answer for
// each, all answers to one receive in one send. Prints {"port":N}; ends with standard input.
#include <string>

#include "raw_epoll.h"

namespace oxbow::bench {

constexpr std::string_view kAnswer =
    "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nDate: Sat, 21 Nov 2026 00:00:00 GMT\r\n"
    "Content-Length: 13\r\n\r\nHello, World!";
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

static std::string_view answer(Progress& progress, std::string_view received) {
  static std::string answers;
  const size_t length = count_ends(progress, received) * kAnswer.size();
  while (answers.size() < length) answers += kAnswer;
  return std::string_view(answers).substr(0, length);
}

}  // namespace oxbow::bench

int main() {
  using namespace oxbow::bench;
  RawServer<Progress, decltype(&answer)>(answer).run();
  return 0;
}
