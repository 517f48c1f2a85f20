// The keys that encrypt a server's session tickets. They survive an update of its context, so that
// clients can still resume their sessions. Random keys are rotated regularly, and the previous key
// stays valid for one more period. If OpenSSL has no random bytes for a key, there is none: no
// ticket is accepted, and connections that would get one fail, as without randomness any handshake
// does. Each new ticket tries again.
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
  // Sets the user's key (48 bytes), which stays until another is set. Empty: use random keys again.
  void set(const std::string& bytes);
  // The seconds after which random keys are rotated (at least an hour).
  void set_lifetime(uint32_t seconds) { lifetime_ = seconds; }

  // For the callback of SSL_CTX_set_tlsext_ticket_key_evp_cb.
  int seal(unsigned char* name, unsigned char* iv, EVP_CIPHER_CTX* cipher, EVP_MAC_CTX* mac);
  int open(const unsigned char* name, const unsigned char* iv, EVP_CIPHER_CTX* cipher,
           EVP_MAC_CTX* mac);

  // Makes a new random key, if it can.
  void rotate();

 private:
  using Key = unsigned char[kBytes];

  // The current key becomes the last one.
  void retire();
  bool prepare(const Key& key, EVP_MAC_CTX* mac) const;

  Key current_;
  Key last_;
  bool given_ = false;
  bool has_current_ = false;
  bool has_last_ = false;
  uint32_t lifetime_ = 300;
  std::time_t made_ = 0;
};

}  // namespace oxbow::tls
