// Why OpenSSL refused something, in numbers and in its own words: lib/tls/errors.ts makes errors of
// them.
#pragma once

#include <string>

namespace oxbow::tls {

struct Failure {
  long verify = 0;   // X509_V_ERR_… of the peer's chain; 0: it is not about that
  std::string text;  // as ERR_error_string has it, or X509_verify_cert_error_string
};

// The oldest error of the thread's queue, which is empty then. With none in it, `otherwise`.
Failure take_failure(const char* otherwise);

// As a string of JSON. Bytes above ASCII are taken as latin1.
void add_json(std::string* out, const std::string& text);
std::string json_of(const Failure& failure);

}  // namespace oxbow::tls
