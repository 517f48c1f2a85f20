// Prints what the HTTP parser says about messages on stdin, so that a test can compare it with
// another parser (test/http/differential.test.ts).
//
// Input, little-endian, repeated until the end:
//   u32 kind         0 request, 1 response; +2: answers HEAD; +4: answers CONNECT
//   u32 pieces       how many feeds
//   u32 sizes[pieces]
//   the bytes of all pieces
//
// Output: for each message a line of JSON, an array of events:
//   {"head":{"method","url","minor","status","reason","headers":[name,value,…],"keepAlive",
//            "upgrade"}}  text as Latin-1
//   {"body":hex}          adjacent ones joined
//   {"end":true}
//   {"error":status,"text"}
// After the last piece the connection is closed, except that a head with upgrade ends the message.
#include <cstdio>
#include <string>
#include <vector>

#include "http_events.h"

using namespace oxbow::http;

namespace {

bool read_u32(uint32_t& value) {
  uint8_t bytes[4];
  if (std::fread(bytes, 1, 4, stdin) != 4) return false;
  value = bytes[0] | (uint32_t{bytes[1]} << 8) | (uint32_t{bytes[2]} << 16) |
          (uint32_t{bytes[3]} << 24);
  return true;
}

std::string quote(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    char escape[8];
    if (byte < 0x20 || byte > 0x7e || c == '"' || c == '\\') {
      std::snprintf(escape, sizeof escape, "\\u%04x", byte);
      out += escape;
    } else {
      out += c;
    }
  }
  return out + "\"";
}

std::string head_json(const Head& head) {
  std::string out = "{\"head\":{\"method\":" + quote(text_of(head, head.method)) +
                    ",\"url\":" + quote(text_of(head, head.target)) +
                    ",\"minor\":" + std::to_string(head.version_minor) +
                    ",\"status\":" + std::to_string(head.status) +
                    ",\"reason\":" + quote(text_of(head, head.reason)) + ",\"headers\":[";
  for (uint32_t i = 0; i < head.field_count; ++i) {
    const Field& field = head.fields[i];
    if (i > 0) out += ",";
    out += quote(text_of(head, field.name_offset, field.name_length)) + "," +
           quote(text_of(head, field.value_offset, field.value_length));
  }
  out += "],\"keepAlive\":";
  out += head.keep_alive ? "true" : "false";
  out += ",\"upgrade\":";
  out += head.upgrade ? "true" : "false";
  return out + "}}";
}

// Collects the events of one message.
class Recorder {
 public:
  explicit Recorder(uint32_t kind)
      : parser_((kind & 1) != 0 ? Kind::kResponse : Kind::kRequest, &limits_) {
    parser_.expect_response_to((kind & 2) != 0, (kind & 4) != 0);
  }

  void feed(const uint8_t* data, size_t size) {
    parser_.feed(data, size);
    while (going_) {
      const Event event = parser_.next(scratch_);
      if (event == Event::kNeedMore) return;
      note(event);
    }
  }

  std::string finish() {
    if (going_) {
      const Event event = parser_.finish();
      if (event != Event::kNeedMore) note(event);
    }
    close_body();
    return "[" + out_ + "]";
  }

 private:
  void note(Event event) {
    if (event == Event::kBody) {
      static constexpr char kDigits[] = "0123456789abcdef";
      const Parser::Bytes bytes = parser_.body();
      for (size_t i = 0; i < bytes.size; ++i) {
        body_ += kDigits[bytes.data[i] >> 4];
        body_ += kDigits[bytes.data[i] & 15];
      }
      return;
    }
    close_body();
    if (event == Event::kHead) {
      upgrade_ = scratch_.head.upgrade;
      add(head_json(scratch_.head));
    } else if (event == Event::kEnd) {
      add("{\"end\":true}");
      going_ = !upgrade_;
    } else {
      add("{\"error\":" + std::to_string(parser_.error_status()) +
          ",\"text\":" + quote(parser_.error_text()) + "}");
      going_ = false;
    }
  }

  void add(const std::string& json) { out_ += (out_.empty() ? "" : ",") + json; }

  void close_body() {
    if (!body_.empty()) add("{\"body\":\"" + body_ + "\"}");
    body_.clear();
  }

  const Limits limits_;
  HeadScratch scratch_;
  Parser parser_;
  std::string out_;
  std::string body_;
  bool going_ = true;
  bool upgrade_ = false;
};

bool run_one(uint32_t kind) {
  uint32_t pieces = 0;
  if (!read_u32(pieces)) return false;
  std::vector<uint32_t> sizes(pieces);
  for (uint32_t& size : sizes) {
    if (!read_u32(size)) return false;
  }
  Recorder recorder(kind);
  for (const uint32_t size : sizes) {
    std::vector<uint8_t> bytes(size);
    if (std::fread(bytes.data(), 1, size, stdin) != size) return false;
    recorder.feed(bytes.data(), size);
  }
  std::printf("%s\n", recorder.finish().c_str());
  return true;
}

}  // namespace

int main() {
  uint32_t kind = 0;
  while (read_u32(kind)) {
    if (run_one(kind)) continue;
    std::fprintf(stderr, "http_differential: the input ends inside a message\n");
    return 1;
  }
  return 0;
}
