// What a context is made of: lib/tls/settings.ts, without what only JavaScript looks at. All of it
// has been checked there, so that errors name the option.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace oxbow::tls {

struct KeyPair {
  std::string chain;  // PEM
  std::string key;    // PEM, not encrypted
};

struct Archive {
  std::string data;  // PKCS#12
  std::string passphrase;
};

struct Settings {
  bool server = false;
  std::vector<KeyPair> pairs;
  std::vector<Archive> archives;
  bool own_roots = false;        // `ca` is ours; else the usual roots, which `ca` may have too
  std::vector<std::string> ca;   // PEM
  std::vector<std::string> crl;  // PEM
  std::string alpn;              // as on the wire
  int min_version = 0;
  int max_version = 0;
  std::string cipher_list;    // up to TLS 1.2
  std::string cipher_suites;  // of TLS 1.3
  std::string sigalgs;        // empty: OpenSSL's
  std::string curves;         // empty: OpenSSL's
  bool request_cert = false;
  bool reject_unauthorized = true;
  bool honor_cipher_order = true;
  uint32_t session_timeout = 300;
  std::string ticket_keys;    // 48 bytes, or empty for random ones
  std::string ocsp_response;  // DER, or empty
  bool request_ocsp = false;
  bool keylog = false;
  bool ask_certificate = false;  // JavaScript knows which to show for a name
  bool ask_peer = false;         // JavaScript looks at the peer before it gets anything
};

}  // namespace oxbow::tls
