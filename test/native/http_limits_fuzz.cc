// A libFuzzer target for limits: several connections, each with limits of its own, take turns with
// one scratch, as those of several listeners do. Built like http_fuzz.cc.
//
// The input: how many connections there are, then four bytes of limits for each (small ones, so
// that every bound is within reach, and nothing at all is allowed too), then the bytes of the
// peers, which all say the same, cut into pieces whose sizes the bytes themselves choose. What
// must hold: every connection says what it says when it is alone.
#include <cstdlib>
#include <iostream>

#include "http_events.h"

using namespace oxbow::http;

namespace {

constexpr size_t kConnectionsMax = 4;
constexpr size_t kLimitBytes = 4;

Setting setting_of(const uint8_t* bytes) {
  Setting setting;
  setting.kind = (bytes[0] & 0x80) != 0 ? Kind::kResponse : Kind::kRequest;
  setting.limits = {.line_max = bytes[0] & 0x7fu,
                    .headers_max = bytes[1] & 0x0fu,
                    .head_max = bytes[2],
                    .body_max = bytes[3]};
  return setting;
}

// One connection among others: it reads through the scratch of all.
struct Connection {
  explicit Connection(const Setting& its) : setting(its), parser(its.kind, &setting.limits) {}

  void feed(std::string_view piece, HeadScratch& scratch) {
    if (failed) return;
    parser.feed(reinterpret_cast<const uint8_t*>(piece.data()), piece.size());
    while (true) {
      const Event event = parser.next(scratch);
      if (event == Event::kNeedMore) return;
      if (event == Event::kHead) story += "head " + describe(setting.kind, scratch.head) + "\n";
      if (event == Event::kBody) {
        const Parser::Bytes body = parser.body();
        story.append(reinterpret_cast<const char*>(body.data), body.size);
      }
      if (event == Event::kEnd) story += "\nend\n";
      if (event == Event::kError) {
        story += parser.error_text();
        failed = true;
        return;
      }
    }
  }

  Setting setting;
  Parser parser;
  std::string story;
  bool failed = false;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0) return 0;
  const size_t count = 1 + data[0] % kConnectionsMax;
  if (size < 1 + count * kLimitBytes) return 0;
  std::vector<std::unique_ptr<Connection>> together;
  std::vector<std::unique_ptr<Connection>> alone;
  for (size_t n = 0; n < count; n++) {
    const Setting setting = setting_of(data + 1 + n * kLimitBytes);
    together.push_back(std::make_unique<Connection>(setting));
    alone.push_back(std::make_unique<Connection>(setting));
  }
  const char* text = reinterpret_cast<const char*>(data);
  const std::string_view message(text + 1 + count * kLimitBytes, size - 1 - count * kLimitBytes);
  HeadScratch shared;
  for (size_t at = 0; at < message.size();) {
    const size_t piece =
        std::min<size_t>(1 + static_cast<uint8_t>(message[at]) % 16, message.size() - at);
    for (const auto& connection : together) connection->feed(message.substr(at, piece), shared);
    at += piece;
  }
  for (size_t n = 0; n < count; n++) {
    HeadScratch own;
    alone[n]->feed(message, own);
    if (alone[n]->story == together[n]->story) continue;
    std::cerr << "alone:\n" << alone[n]->story << "\ntogether:\n" << together[n]->story << "\n";
    std::abort();
  }
  return 0;
}
