// The four forms of a request target. The bytes are known to be visible ASCII without '#'.
#include "http/chars.h"
#include "http/start_line.h"

namespace oxbow::http {
namespace {

// host ":" port, the port with at least one digit. Anything a URI calls user information is refused
// by kHostChar, which has no '@' (RFC 9110 section 4.2.4 treats it as an error).
bool is_authority_with_port(const uint8_t* p, const uint8_t* end) {
  const uint8_t* colon = end;
  while (colon > p && is_digit(colon[-1])) --colon;
  if (colon == end || colon - p < 2 || colon[-1] != ':') return false;
  return scan_class(p, end, kHostChar) == end;
}

// scheme "://" host [path or query]. Only letters in the scheme: no other one is served over HTTP.
bool is_absolute(const uint8_t* p, const uint8_t* end) {
  const uint8_t* scheme = p;
  while (p < end && is_alpha(*p)) ++p;
  if (p == scheme || end - p < 4 || std::memcmp(p, "://", 3) != 0) return false;
  p += 3;
  const uint8_t* host_end = scan_class(p, end, kHostChar);
  return host_end > p && (host_end == end || *host_end == '/' || *host_end == '?');
}

}  // namespace

bool target_fits(const uint8_t* target, uint32_t size, Method method) {
  if (method == Method::kConnect) return is_authority_with_port(target, target + size);
  if (target[0] == '/') return true;
  if (target[0] == '*') return size == 1 && method == Method::kOptions;
  return is_absolute(target, target + size);
}

}  // namespace oxbow::http
