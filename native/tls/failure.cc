#include "tls/failure.h"

#include <cstdio>

#include <openssl/err.h>

namespace oxbow::tls {

Failure take_failure(const char* otherwise) {
  const unsigned long error = ERR_peek_error();
  ERR_clear_error();
  if (error == 0) return {0, std::string("error:00000000:oxbow::") + otherwise};
  char text[256];
  ERR_error_string_n(error, text, sizeof(text));
  return {0, text};
}

void add_json(std::string* out, const std::string& text) {
  *out += '"';
  for (const char each : text) {
    const unsigned char c = static_cast<unsigned char>(each);
    if (c < 0x20 || c >= 0x7f || c == '"' || c == '\\') {
      char escape[8];
      std::snprintf(escape, sizeof(escape), "\\u%04x", c);
      *out += escape;
    } else {
      *out += each;
    }
  }
  *out += '"';
}

std::string json_of(const Failure& failure) {
  std::string out = "{\"verify\":" + std::to_string(failure.verify) + ",\"text\":";
  add_json(&out, failure.text);
  out += '}';
  return out;
}

}  // namespace oxbow::tls
