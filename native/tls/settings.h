// The settings of a context: those of lib/tls/settings.ts, without the ones that only JavaScript
// uses. They were validated there, so that errors can name the option.
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
  bool own_roots = false;        // `ca` replaces the default roots; otherwise it contains them
  std::vector<std::string> ca;   // PEM
  std::vector<std::string> crl;  // PEM
  std::string alpn;              // in wire format
  int min_version = 0;
  int max_version = 0;
  std::string cipher_list;    // up to TLS 1.2
  std::string cipher_suites;  // for TLS 1.3
  std::string sigalgs;        // empty: OpenSSL's default
  std::string curves;         // empty: OpenSSL's default
  bool request_cert = false;
  bool reject_unauthorized = true;
  bool honor_cipher_order = true;
  uint32_t session_timeout = 300;
  std::string ticket_keys;    // 48 bytes, or empty for random ones
  std::string ocsp_response;  // DER, or empty
  bool request_ocsp = false;
  bool keylog = false;
  bool ask_certificate = false;  // JavaScript chooses the certificate for a name
  bool ask_peer = false;         // JavaScript checks the peer before any data is sent
};

}  // namespace oxbow::tls
