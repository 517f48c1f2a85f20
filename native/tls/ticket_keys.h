// The keys that a server seals its session tickets with. They outlive an update of its context, so
// that clients can go on with their sessions; random ones are changed now and then, and the last
// ones are good for as long again.
#pragma once

#include <cstdint>
#include <ctime>
#include <string>

#include <openssl/ssl.h>

namespace oxbow::tls {

class TicketKeys {
 public:
  static constexpr size_t kBytes = 48;  // name, HMAC key, AES key: 16 each

  TicketKeys();
  // 48 bytes, from outside: they stay until others are set. Empty: ours again.
  void set(const std::string& bytes);
  // Seconds after which random ones are changed.
  void set_lifetime(uint32_t seconds) { lifetime_ = seconds; }

  // SSL_CTX_set_tlsext_ticket_key_evp_cb's.
  int seal(unsigned char* name, unsigned char* iv, EVP_CIPHER_CTX* cipher, EVP_MAC_CTX* mac);
  int open(const unsigned char* name, const unsigned char* iv, EVP_CIPHER_CTX* cipher,
           EVP_MAC_CTX* mac);

  void rotate();

 private:
  using Key = unsigned char[kBytes];

  bool prepare(const Key& key, EVP_MAC_CTX* mac) const;

  Key current_;
  Key last_;
  bool given_ = false;
  bool has_last_ = false;
  uint32_t lifetime_ = 300;
  std::time_t made_ = 0;
};

}  // namespace oxbow::tls
