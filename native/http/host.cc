#include "http/host.h"

#include <string_view>

#include "http/chars.h"

namespace oxbow::http {
namespace {

struct Text {
  const uint8_t* p;
  const uint8_t* end;
};

// An IPv4 address in the usual form of four decimal numbers.
bool is_dotted_quad(Text text) {
  const uint8_t* p = text.p;
  for (int number = 0; number < 4; ++number) {
    if (number > 0 && (p == text.end || *p++ != '.')) return false;
    const uint8_t* start = p;
    int value = 0;
    while (p < text.end && p - start < 3 && is_digit(*p)) value = value * 10 + (*p++ - '0');
    if (p == start || value > 255 || (p - start > 1 && *start == '0')) return false;
  }
  return p == text.end;
}

// A part of an IPv4 address as the WHATWG URL standard parses it: 0x for hexadecimal, 0 for octal.
// The value saturates, so any length is accepted; -1 if it is not a number.
int64_t number_of(Text part) {
  if (part.p == part.end) return -1;
  int base = 10;
  if (part.end - part.p >= 2 && part.p[0] == '0') {
    const bool hex = (part.p[1] | 0x20) == 'x';
    base = hex ? 16 : 8;
    part.p += hex ? 2 : 1;
  }
  int64_t value = 0;
  for (; part.p < part.end; ++part.p) {
    const int digit = hex_value(*part.p);
    if (digit < 0 || digit >= base) return -1;
    value = value * base + digit;
    if (value > UINT32_MAX) value = int64_t{UINT32_MAX} + 1;
  }
  return value;
}

// An IPv4 address of one to four numbers; the last one fills the remaining bytes.
bool is_ipv4(Text name) {
  int parts = 0;
  while (true) {
    const uint8_t* dot = name.p;
    while (dot < name.end && *dot != '.') ++dot;
    const int64_t value = number_of({name.p, dot});
    if (value < 0 || ++parts > 4) return false;
    if (dot == name.end) return value < (int64_t{1} << (8 * (5 - parts)));
    if (value > 255) return false;
    name.p = dot + 1;
  }
}

// Whether the last label is all digits, or parses as a number: then the name must be an IPv4
// address.
bool ends_in_number(Text name) {
  const uint8_t* label = name.end;
  while (label > name.p && label[-1] != '.') --label;
  if (label == name.end) return false;
  const uint8_t* p = label;
  while (p < name.end && is_digit(*p)) ++p;
  return p == name.end || number_of({label, name.end}) >= 0;
}

// Characters that must not be escaped: decoded, they would be invalid in a URL's host, or (digits
// and dots) change the address that is read here.
bool is_forbidden(int c) {
  constexpr std::string_view forbidden = "#/:<>?@[\\]^|%.0123456789";
  return c <= 0x20 || c >= 0x7f || forbidden.find(static_cast<char>(c)) != forbidden.npos;
}

bool is_name(Text name) {
  if (name.p == name.end) return false;
  // A fast path: the checks below have the same result, but are slower.
  if (is_digit(*name.p) && is_dotted_quad(name)) return true;
  bool escaped = false;
  for (const uint8_t* p = name.p; p < name.end;) {
    p = scan_class(p, name.end, kNameChar);
    if (p == name.end) break;
    if (*p != '%' || name.end - p < 3) return false;
    const int high = hex_value(p[1]);
    const int low = hex_value(p[2]);
    if (high < 0 || low < 0 || is_forbidden(high * 16 + low)) return false;
    escaped = true;
    p += 3;
  }
  // A trailing dot means the DNS root and is ignored.
  if (name.end - name.p > 1 && name.end[-1] == '.') --name.end;
  return escaped || !ends_in_number(name) || is_ipv4(name);
}

// Eight groups of up to four hexadecimal digits; one "::" stands for the missing groups, and the
// last two may be an IPv4 address in decimal.
bool is_ipv6(Text text) {
  int groups = 0;
  bool gap = false;
  const uint8_t* p = text.p;
  if (text.end - p >= 2 && p[0] == ':' && p[1] == ':') {
    gap = true;
    p += 2;
  }
  while (p < text.end) {
    const uint8_t* group = p;
    while (p < text.end && hex_value(*p) >= 0) ++p;
    if (p < text.end && *p == '.') {
      groups += 2;
      return is_dotted_quad({group, text.end}) && (gap ? groups < 8 : groups == 8);
    }
    if (p == group || p - group > 4 || ++groups > 8) return false;
    if (p == text.end) break;
    if (*p++ != ':') return false;
    if (p == text.end) return false;
    if (*p != ':') continue;
    if (gap) return false;
    gap = true;
    ++p;
  }
  return gap ? groups < 8 : groups == 8;
}

bool is_port(Text text, Port port) {
  if (text.p == text.end) return port == Port::kOptional;
  uint32_t value = 0;
  for (; text.p < text.end; ++text.p) {
    if (!is_digit(*text.p)) return false;
    value = value * 10 + (*text.p - '0');
    if (value > 65535) return false;
  }
  return true;
}

}  // namespace

bool is_authority(const uint8_t* p, const uint8_t* end, Port port) {
  if (p == end) return false;
  const uint8_t* host_end = p;
  if (*p == '[') {
    while (host_end < end && *host_end != ']') ++host_end;
    if (host_end == end || !is_ipv6({p + 1, host_end})) return false;
    ++host_end;
  } else {
    while (host_end < end && *host_end != ':') ++host_end;
    if (!is_name({p, host_end})) return false;
  }
  if (host_end == end) return port == Port::kOptional;
  return *host_end == ':' && is_port({host_end + 1, end}, port);
}

}  // namespace oxbow::http
