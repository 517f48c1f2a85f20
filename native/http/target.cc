// The four forms of a request target. The bytes are known to be visible ASCII without '#'.
#include "http/chars.h"
#include "http/host.h"
#include "http/start_line.h"

namespace oxbow::http {
namespace {

// scheme "://" host [path or query]. Only letters in the scheme: no scheme with other characters is
// served over HTTP.
bool is_absolute(const uint8_t* p, const uint8_t* end) {
  const uint8_t* scheme = p;
  while (p < end && is_alpha(*p)) ++p;
  if (p == scheme || end - p < 4 || std::memcmp(p, "://", 3) != 0) return false;
  p += 3;
  const uint8_t* host_end = p;
  while (host_end < end && *host_end != '/' && *host_end != '?') ++host_end;
  return is_authority(p, host_end, Port::kOptional);
}

}  // namespace

bool target_fits(const uint8_t* target, uint32_t size, Method method) {
  if (method == Method::kConnect) {
    return is_authority(target, target + size, Port::kNeeded);
  }
  if (target[0] == '/') return true;
  if (target[0] == '*') return size == 1 && method == Method::kOptions;
  return is_absolute(target, target + size);
}

}  // namespace oxbow::http
