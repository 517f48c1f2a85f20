// A libFuzzer target for the HTTP parser. Built with address and undefined sanitizers:
//
//   clang++ -std=c++20 -g -O1 -fsanitize=fuzzer,address,undefined -I native -I test/native
//     test/native/http_fuzz.cc native/http/*.cc -o http_fuzz
//
// The first byte chooses what kind of connection it is, the second where the input is cut, the rest
// is the bytes of the peer. What must hold: the events are the same whole, byte by byte and cut in
// two; an accepted head is made of pieces of itself; nothing is read outside of a feed.
#include <cstdlib>
#include <iostream>

#include "http_events.h"

using namespace oxbow::http;

namespace {

void require(bool condition, const char* what) {
  if (condition) return;
  std::cerr << "broken: " << what << "\n";
  std::abort();
}

Setting setting_of(uint8_t bits) {
  Setting setting;
  setting.kind = (bits & 1) != 0 ? Kind::kResponse : Kind::kRequest;
  setting.response_to = {(bits & 2) != 0, (bits & 4) != 0};
  setting.finish = (bits & 8) != 0;
  // Small limits bring every one of them within the reach of short inputs.
  if ((bits & 16) != 0) setting.limits = {24, 3, 72, 9};
  return setting;
}

void check_slice(const Head& head, Slice slice) {
  require(uint64_t{slice.offset} + slice.length <= head.size, "a slice is inside the head");
}

void check_head(const Head& head, const Limits& limits) {
  check_slice(head, head.method);
  check_slice(head, head.target);
  check_slice(head, head.reason);
  require(head.size <= limits.head_max, "head_max holds");
  require(head.field_count <= limits.headers_max, "headers_max holds");
  for (uint32_t i = 0; i < head.field_count; ++i) {
    const Field& field = head.fields[i];
    check_slice(head, {field.name_offset, field.name_length});
    check_slice(head, {field.value_offset, field.value_length});
    require(field.name_length > 0, "a field has a name");
  }
  require(!head.chunked || head.content_length < 0, "one framing only");
}

void check_whole(const uint8_t* data, size_t size, const Setting& setting) {
  HeadScratch scratch;
  Parser parser(setting.kind, &setting.limits);
  parser.expect_response_to(setting.response_to.head_request, setting.response_to.connect);
  parser.feed(data, size);
  uint64_t body = 0;
  while (true) {
    const Event event = parser.next(scratch);
    if (event == Event::kHead) check_head(scratch.head, setting.limits);
    if (event == Event::kBody) {
      const Parser::Bytes bytes = parser.body();
      require(bytes.data >= data && bytes.data + bytes.size <= data + size, "body is in the feed");
      require(bytes.size > 0, "a body event has bytes");
      body += bytes.size;
      require(body <= setting.limits.body_max, "body_max holds");
    }
    if (event == Event::kEnd) body = 0;
    if (event == Event::kError) require(parser.error_status() >= 400, "an error has a status");
    if (event == Event::kNeedMore) require(parser.unread() == 0, "everything fed is used");
    if (event == Event::kError || event == Event::kNeedMore) return;
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size < 2) return 0;
  const Setting setting = setting_of(data[0]);
  const std::string_view message(reinterpret_cast<const char*>(data) + 2, size - 2);
  check_whole(data + 2, size - 2, setting);
  const std::string whole = events_of(message, setting);
  require(events_by_byte(message, setting) == whole, "byte by byte gives the same events");
  const size_t cut = data[1] % (message.size() + 1);
  require(events_of(message, setting, {cut}) == whole, "one cut gives the same events");
  return 0;
}
