// Character classes of RFC 9110, and scans for the end of a class.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace oxbow::http {

inline constexpr uint8_t kTokenChar = 1;    // tchar: methods, field names, list members
inline constexpr uint8_t kValueChar = 2;    // field values: HTAB, SP, visible, obs-text
inline constexpr uint8_t kTargetChar = 4;   // visible ASCII except '#', which servers disagree on
inline constexpr uint8_t kNameChar = 8;     // reg-name of RFC 3986, except escapes
inline constexpr uint8_t kQuotedChar = 16;  // qdtext
inline constexpr uint8_t kPathChar = 32;    // of a target, except '?' and '%'

inline constexpr std::array<uint8_t, 256> kCharClass = [] {
  std::array<uint8_t, 256> table{};
  constexpr std::string_view token_marks = "!#$%&'*+-.^_`|~";
  constexpr std::string_view name_marks = "-._~!$&'()*+,;=";
  for (unsigned c = 0; c < 256; ++c) {
    const bool alpha = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    const bool alnum = alpha || (c >= '0' && c <= '9');
    const bool visible = c > 0x20 && c < 0x7f;
    const char as_char = static_cast<char>(c);
    uint8_t bits = 0;
    if (alnum || (c < 0x80 && token_marks.find(as_char) != token_marks.npos)) bits |= kTokenChar;
    if (c == '\t' || (c >= 0x20 && c != 0x7f)) bits |= kValueChar;
    if (visible && c != '#') bits |= kTargetChar;
    if ((bits & kTargetChar) && c != '?' && c != '%') bits |= kPathChar;
    if (alnum || (c < 0x80 && name_marks.find(as_char) != name_marks.npos)) bits |= kNameChar;
    if ((bits & kValueChar) && c != '"' && c != '\\') bits |= kQuotedChar;
    table[c] = bits;
  }
  return table;
}();

inline bool is_char(uint8_t c, uint8_t classes) { return (kCharClass[c] & classes) != 0; }
inline bool is_digit(uint8_t c) { return static_cast<uint8_t>(c - '0') < 10; }
inline bool is_alpha(uint8_t c) { return static_cast<uint8_t>((c | 0x20) - 'a') < 26; }
inline bool is_space(uint8_t c) { return c == ' ' || c == '\t'; }

// The value of a hexadecimal digit, or -1.
inline int hex_value(uint8_t c) {
  if (is_digit(c)) return c - '0';
  const uint8_t letter = static_cast<uint8_t>((c | 0x20) - 'a');
  return letter < 6 ? letter + 10 : -1;
}

inline const uint8_t* scan_class(const uint8_t* p, const uint8_t* end, uint8_t classes) {
  while (p < end && is_char(*p, classes)) ++p;
  return p;
}

// The first byte that is not allowed in a field value. Values are the bulk of a head, so sixteen
// bytes are checked at a time where the processor supports it.
inline const uint8_t* scan_value(const uint8_t* p, const uint8_t* end) {
#if defined(__SSE2__)
  const __m128i last_control = _mm_set1_epi8(0x1f);
  const __m128i tab = _mm_set1_epi8('\t');
  const __m128i del = _mm_set1_epi8(0x7f);
  while (end - p >= 16) {
    const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(p));
    const __m128i control = _mm_cmpeq_epi8(_mm_min_epu8(bytes, last_control), bytes);
    const __m128i refused = _mm_or_si128(_mm_andnot_si128(_mm_cmpeq_epi8(bytes, tab), control),
                                         _mm_cmpeq_epi8(bytes, del));
    const int mask = _mm_movemask_epi8(refused);
    if (mask != 0) return p + __builtin_ctz(static_cast<unsigned>(mask));
    p += 16;
  }
#endif
  return scan_class(p, end, kValueChar);
}

// The end of a class that consists of visible ASCII except for the given marks.
template <uint8_t kClass, char... kMarks>
inline const uint8_t* scan_visible(const uint8_t* p, const uint8_t* end) {
#if defined(__SSE2__)
  const __m128i space = _mm_set1_epi8(0x20);
  const __m128i del = _mm_set1_epi8(0x7f);
  while (end - p >= 16) {
    const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(p));
    // A signed comparison: bytes from 0x80 on are negative, so they are not above the space either.
    const __m128i above = _mm_cmpgt_epi8(bytes, space);
    __m128i marks = _mm_cmpeq_epi8(bytes, del);
    ((marks = _mm_or_si128(marks, _mm_cmpeq_epi8(bytes, _mm_set1_epi8(kMarks)))), ...);
    const int good = _mm_movemask_epi8(_mm_andnot_si128(marks, above));
    if (good != 0xffff) return p + __builtin_ctz(static_cast<unsigned>(~good));
    p += 16;
  }
#endif
  return scan_class(p, end, kClass);
}

// The first byte that is not allowed in a request target.
inline const uint8_t* scan_target(const uint8_t* p, const uint8_t* end) {
  return scan_visible<kTargetChar, '#'>(p, end);
}

// The first byte of a request target that is not in its path, or that starts an escape.
inline const uint8_t* scan_path(const uint8_t* p, const uint8_t* end) {
  return scan_visible<kPathChar, '#', '?', '%'>(p, end);
}

// Whether size bytes at p equal the lower-case literal, ignoring case. Only for bytes known to be
// token characters, and literals of letters, digits and '-': for these, setting bit 5 is
// unambiguous.
template <size_t N>
inline bool matches(const uint8_t* p, size_t size, const char (&lower)[N]) {
  if (size != N - 1) return false;
  for (size_t i = 0; i < N - 1; ++i) {
    if ((p[i] | 0x20) != static_cast<uint8_t>(lower[i])) return false;
  }
  return true;
}

}  // namespace oxbow::http
