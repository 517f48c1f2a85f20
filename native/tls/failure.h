// Why OpenSSL refused something, as its error code and text; lib/tls/errors.ts makes errors of
// them.
#pragma once

#include <string>

namespace oxbow::tls {

struct Failure {
  long verify = 0;   // X509_V_ERR_… of the peer's chain; 0: not a certificate error
  std::string text;  // from ERR_error_string or X509_verify_cert_error_string
};

// Takes the oldest error of the thread's queue, and empties the queue. If it has none, `otherwise`.
Failure take_failure(const char* otherwise);

// Appends a JSON string. Bytes above ASCII are taken as latin1.
void add_json(std::string* out, const std::string& text);
std::string json_of(const Failure& failure);

}  // namespace oxbow::tls
