#include "http/head_reader.h"

#include <algorithm>

#include "http/chars.h"
#include "http/start_line.h"

namespace oxbow::http {
namespace {

struct LineLimit {
  uint32_t bytes;   // with CRLF
  Refusal refusal;  // reported when the line is longer
};

LineLimit line_limit(const Limits& limits, uint32_t line_start) {
  const uint64_t line = uint64_t{limits.line_max} + 2;
  const uint32_t rest = limits.head_max - std::min(line_start, limits.head_max);
  if (line <= rest) return {static_cast<uint32_t>(line), Refusal::kLineTooLong};
  return {rest, Refusal::kHeadTooLarge};
}

Refusal name_refusal(const uint8_t* line, const uint8_t* p, const uint8_t* end) {
  if (p == line && p < end && is_space(*p)) return Refusal::kFieldFold;
  if (p == line && end - p >= 2 && p[0] == '\r' && p[1] != '\n') return Refusal::kBareReturn;
  if (p == line && p < end && *p == '\n') return Refusal::kBareLineFeed;
  return Refusal::kFieldName;
}

Refusal value_refusal(const uint8_t* p, const uint8_t* end) {
  if (p < end && *p == '\n') return Refusal::kBareLineFeed;
  if (p < end && *p == '\r') return Refusal::kBareReturn;
  return Refusal::kFieldValue;
}

// Parses one field line. Returns the byte after its CRLF, or nullptr like parse_request_line.
inline const uint8_t* parse_field(const uint8_t* base, const uint8_t* line, const uint8_t* end,
                                  Field& field, Refusal& refusal) {
  const uint8_t* p = scan_class(line, end, kTokenChar);
  if (p == line || p == end || *p != ':') {
    refusal = name_refusal(line, p, end);
    return nullptr;
  }
  field.name_offset = static_cast<uint32_t>(line - base);
  field.name_length = static_cast<uint32_t>(p - line);
  ++p;
  while (p < end && is_space(*p)) ++p;
  const uint8_t* value = p;
  p = scan_value(p, end);
  if (end - p < 2 || p[0] != '\r' || p[1] != '\n') {
    refusal = value_refusal(p, end);
    return nullptr;
  }
  const uint8_t* value_end = p;
  while (value_end > value && is_space(value_end[-1])) --value_end;
  field.value_offset = static_cast<uint32_t>(value - base);
  field.value_length = static_cast<uint32_t>(value_end - value);
  return p + 2;
}

// Decides what a line means that could not be parsed. A cold path: it first looks for the end of
// the line, because a line is judged only when it is complete; otherwise the result would depend on
// how the bytes were split.
HeadStatus judge_line(const uint8_t* base, uint32_t size, const Limits& limits,
                      const HeadProgress& progress, Refusal& refusal) {
  const uint32_t pending = size - progress.line_start;
  const uint8_t* line = base + progress.line_start;
  const auto* feed =
      pending == 0 ? nullptr : static_cast<const uint8_t*>(std::memchr(line, '\n', pending));
  if (feed == nullptr) {
    refusal = check_pending_line(limits, progress.line_start, pending);
    return refusal == Refusal::kNone ? HeadStatus::kIncomplete : HeadStatus::kRefused;
  }
  const LineLimit limit = line_limit(limits, progress.line_start);
  if (static_cast<uint64_t>(feed - line) + 1 > limit.bytes) {
    refusal = limit.refusal;
  } else if (progress.line_start > 0 && progress.field_count >= limits.headers_max) {
    refusal = Refusal::kTooManyFields;
  }
  return HeadStatus::kRefused;
}

}  // namespace

Refusal check_pending_line(const Limits& limits, uint32_t line_start, uint32_t pending) {
  const LineLimit limit = line_limit(limits, line_start);
  return pending >= limit.bytes ? limit.refusal : Refusal::kNone;
}

HeadStatus read_head(Kind kind, const uint8_t* base, uint32_t size, const Limits& limits,
                     HeadProgress& progress, HeadScratch& scratch, Refusal& refusal) {
  const uint8_t* end = base + size;
  const uint8_t* p = base + progress.line_start;
  Field* fields = scratch.fields(limits.headers_max);
  Head& head = scratch.head;
  const uint64_t line_bytes_max = uint64_t{limits.line_max} + 2;

  if (progress.line_start == 0) {
    p = kind == Kind::kRequest ? parse_request_line(base, end, head, refusal)
                               : parse_status_line(base, end, head, refusal);
    if (p == nullptr || static_cast<uint64_t>(p - base) > line_bytes_max) {
      return judge_line(base, size, limits, progress, refusal);
    }
    progress.line_start = static_cast<uint32_t>(p - base);
  }
  // `size` keeps the whole head within head_max, so only the length of single lines is left to
  // check.
  while (true) {
    if (end - p >= 2 && p[0] == '\r' && p[1] == '\n') break;
    if (progress.field_count >= limits.headers_max) {
      return judge_line(base, size, limits, progress, refusal);
    }
    const uint8_t* next = parse_field(base, p, end, fields[progress.field_count], refusal);
    if (next == nullptr || static_cast<uint64_t>(next - p) > line_bytes_max) {
      return judge_line(base, size, limits, progress, refusal);
    }
    ++progress.field_count;
    p = next;
    progress.line_start = static_cast<uint32_t>(p - base);
  }
  head.base = base;
  head.size = static_cast<uint32_t>(p + 2 - base);
  head.fields = fields;
  head.field_count = progress.field_count;
  return HeadStatus::kComplete;
}

}  // namespace oxbow::http
