#include "http/start_line.h"

#include "http/chars.h"

namespace oxbow::http {
namespace {

constexpr size_t kVersionSize = 8;  // "HTTP/1.1"

bool equals(const uint8_t* p, size_t size, const char* upper) {
  return std::memcmp(p, upper, size) == 0;
}

// Method names are case-sensitive.
Method method_of(const uint8_t* p, size_t size) {
  switch (size) {
    case 3:
      if (equals(p, 3, "GET")) return Method::kGet;
      if (equals(p, 3, "PUT")) return Method::kPut;
      return Method::kOther;
    case 4:
      if (equals(p, 4, "POST")) return Method::kPost;
      if (equals(p, 4, "HEAD")) return Method::kHead;
      return Method::kOther;
    case 5:
      if (equals(p, 5, "PATCH")) return Method::kPatch;
      if (equals(p, 5, "TRACE")) return Method::kTrace;
      return Method::kOther;
    case 6:
      return equals(p, 6, "DELETE") ? Method::kDelete : Method::kOther;
    case 7:
      if (equals(p, 7, "OPTIONS")) return Method::kOptions;
      if (equals(p, 7, "CONNECT")) return Method::kConnect;
      return Method::kOther;
    default:
      return Method::kOther;
  }
}

// "HTTP/1.0" or "HTTP/1.1" at p.
bool parse_version(const uint8_t* p, const uint8_t* end, Head& head, Refusal& refusal) {
  refusal = Refusal::kVersionSyntax;
  if (end - p < static_cast<ptrdiff_t>(kVersionSize) || !equals(p, 5, "HTTP/")) return false;
  if (!is_digit(p[5]) || p[6] != '.' || !is_digit(p[7])) return false;
  refusal = Refusal::kVersion;
  if (p[5] != '1' || p[7] > '1') return false;
  head.version_minor = static_cast<uint8_t>(p[7] - '0');
  return true;
}

// The byte after a CRLF at p, or nullptr.
const uint8_t* parse_line_end(const uint8_t* p, const uint8_t* end, Refusal otherwise,
                              Refusal& refusal) {
  if (end - p >= 2 && p[0] == '\r' && p[1] == '\n') return p + 2;
  refusal = otherwise;
  if (p < end && *p == '\n') refusal = Refusal::kBareLineFeed;
  if (p < end && *p == '\r') refusal = Refusal::kBareReturn;
  return nullptr;
}

Slice slice(const uint8_t* base, const uint8_t* from, const uint8_t* to) {
  return {static_cast<uint32_t>(from - base), static_cast<uint32_t>(to - from)};
}

}  // namespace

const uint8_t* parse_request_line(const uint8_t* base, const uint8_t* end, Head& head,
                                  Refusal& refusal) {
  refusal = Refusal::kRequestLine;
  const uint8_t* p = scan_class(base, end, kTokenChar);
  if (p == base || p == end || *p != ' ') return nullptr;
  head.status = 0;
  head.reason = {};
  head.method = slice(base, base, p);
  head.method_id = method_of(base, head.method.length);
  const uint8_t* target = ++p;
  const uint8_t* path_end = scan_path(p, end);
  p = scan_target(path_end, end);
  if (p == end) return nullptr;
  if (p == target || *p != ' ') {
    refusal = p == target || *p == '\r' || *p == '\n' ? Refusal::kRequestLine : Refusal::kTarget;
    return nullptr;
  }
  head.target = slice(base, target, p);
  const bool plain = *target == '/' && *path_end != '%';
  head.path_length = plain ? static_cast<uint32_t>(path_end - target) : 0;
  if (!parse_version(++p, end, head, refusal)) return nullptr;
  p = parse_line_end(p + kVersionSize, end, Refusal::kVersionSyntax, refusal);
  if (p == nullptr) return nullptr;
  if (target_fits(target, head.target.length, head.method_id)) return p;
  refusal = Refusal::kTarget;
  return nullptr;
}

const uint8_t* parse_status_line(const uint8_t* base, const uint8_t* end, Head& head,
                                 Refusal& refusal) {
  if (!parse_version(base, end, head, refusal)) return nullptr;
  refusal = Refusal::kStatusLine;
  const uint8_t* p = base + kVersionSize;
  if (end - p < 5 || *p != ' ') return nullptr;
  // A status below 100 has no meaning, and must not start with 0.
  if (!is_digit(p[1]) || p[1] == '0' || !is_digit(p[2]) || !is_digit(p[3])) return nullptr;
  head.status = static_cast<uint16_t>((p[1] - '0') * 100 + (p[2] - '0') * 10 + (p[3] - '0'));
  p += 4;
  const uint8_t* reason = p;
  if (*p == ' ') {
    reason = ++p;
    p = scan_value(p, end);
  }
  head.reason = slice(base, reason, p);
  head.method_id = Method::kOther;
  head.method = head.target = {};
  head.path_length = 0;
  return parse_line_end(p, end, Refusal::kStatusLine, refusal);
}

}  // namespace oxbow::http
