// Runs the HTTP parser over a message cut into pieces and writes down what it says, so that a test
// compares text. Each piece lives in memory of its own exact size and dies after its feed: a parser
// that reads past it, or keeps a pointer into it, is caught by the address sanitizer.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "http/parser.h"

namespace oxbow::http {

struct Setting {
  Kind kind = Kind::kRequest;
  Limits limits = {};
  ResponseTo response_to = {};
  bool finish = true;  // the peer closes after the last piece
};

inline std::string_view text_of(const Head& head, uint32_t offset, uint32_t length) {
  return {reinterpret_cast<const char*>(head.base) + offset, length};
}

inline std::string_view text_of(const Head& head, Slice slice) {
  return text_of(head, slice.offset, slice.length);
}

// "GET /a HTTP/1.1 {Host: x} length=5 keep-alive"
inline std::string describe(Kind kind, const Head& head) {
  std::string out;
  const std::string version = "HTTP/1." + std::to_string(head.version_minor);
  if (kind == Kind::kRequest) {
    out.append(text_of(head, head.method)).append(" ");
    out.append(text_of(head, head.target)).append(" ").append(version);
  } else {
    out.append(version).append(" ").append(std::to_string(head.status)).append(" ");
    out.append(text_of(head, head.reason));
  }
  for (uint32_t i = 0; i < head.field_count; ++i) {
    const Field& field = head.fields[i];
    out.append(" {").append(text_of(head, field.name_offset, field.name_length)).append(": ");
    out.append(text_of(head, field.value_offset, field.value_length)).append("}");
  }
  if (head.content_length >= 0) out += " length=" + std::to_string(head.content_length);
  if (head.chunked) out += " chunked";
  if (head.keep_alive) out += " keep-alive";
  if (head.upgrade) out += " upgrade";
  if (head.expect_continue) out += " expect";
  if (head.has_body) out += " body";
  return out;
}

class Transcript {
 public:
  explicit Transcript(const Setting& setting)
      : setting_(setting), parser_(setting.kind, &setting_.limits) {
    parser_.expect_response_to(setting.response_to.head_request, setting.response_to.connect);
  }
  Transcript(const Transcript&) = delete;
  Transcript& operator=(const Transcript&) = delete;

  // False once the parser has refused.
  bool feed(std::string_view piece) {
    std::unique_ptr<uint8_t[]> bytes(new uint8_t[piece.size()]);
    for (size_t i = 0; i < piece.size(); ++i) bytes[i] = static_cast<uint8_t>(piece[i]);
    parser_.feed(bytes.get(), piece.size());
    while (true) {
      const Event event = parser_.next(scratch_);
      if (event == Event::kNeedMore) return true;
      note(event);
      if (event == Event::kError) return false;
    }
  }

  void finish() {
    const Event event = parser_.finish();
    if (event != Event::kNeedMore) note(event);
  }

  // One event a line; the bytes of adjacent kBody events are joined.
  const std::vector<std::string>& lines() const { return lines_; }
  const Parser& parser() const { return parser_; }

 private:
  void note(Event event) {
    const bool body = event == Event::kBody;
    if (body && !in_body_) lines_.push_back("body ");
    in_body_ = body;
    if (event == Event::kHead) lines_.push_back("head " + describe(setting_.kind, scratch_.head));
    if (event == Event::kEnd) {
      const std::string* trailers = parser_.trailers();
      lines_.push_back(trailers == nullptr ? "end" : "end " + *trailers);
      parser_.drop_trailers();
    }
    if (event == Event::kError) {
      lines_.push_back("error " + std::to_string(parser_.error_status()) + " " +
                       parser_.error_text());
    }
    if (!body) return;
    const Parser::Bytes bytes = parser_.body();
    lines_.back().append(reinterpret_cast<const char*>(bytes.data), bytes.size);
  }

  Setting setting_;
  HeadScratch scratch_;
  Parser parser_;
  std::vector<std::string> lines_;
  bool in_body_ = false;
};

inline std::string join(const std::vector<std::string>& lines) {
  std::string out;
  for (const std::string& line : lines) out.append(out.empty() ? "" : "\n").append(line);
  return out;
}

// The events of the message when it is fed in pieces that end at the given places (ascending).
inline std::string events_of(std::string_view message, const Setting& setting = {},
                             const std::vector<size_t>& cuts = {}) {
  Transcript transcript(setting);
  size_t from = 0;
  bool going = true;
  for (size_t i = 0; i <= cuts.size() && going; ++i) {
    const size_t to = i < cuts.size() ? cuts[i] : message.size();
    going = transcript.feed(message.substr(from, to - from));
    from = to;
  }
  if (going && setting.finish) transcript.finish();
  return join(transcript.lines());
}

// The same, one byte at a time.
inline std::string events_by_byte(std::string_view message, const Setting& setting = {}) {
  std::vector<size_t> cuts;
  for (size_t i = 1; i < message.size(); ++i) cuts.push_back(i);
  return events_of(message, setting, cuts);
}

}  // namespace oxbow::http
