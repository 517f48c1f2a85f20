#include "tls/ticket_keys.h"

#include <algorithm>
#include <cstring>

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/params.h>
#include <openssl/rand.h>

namespace oxbow::tls {
namespace {

constexpr size_t kPart = 16;
// Random keys are rotated at most this often, in seconds.
constexpr std::time_t kLifetimeMin = 3600;

}  // namespace

TicketKeys::TicketKeys() { rotate(); }

void TicketKeys::set(const std::string& bytes) {
  if (bytes.size() != kBytes) {
    if (given_) {
      retire();
      rotate();
    }
    given_ = false;
    return;
  }
  if (given_ && std::memcmp(current_, bytes.data(), kBytes) == 0) return;
  retire();
  std::memcpy(current_, bytes.data(), kBytes);
  has_current_ = true;
  given_ = true;
}

void TicketKeys::retire() {
  if (!has_current_) return;
  std::memcpy(last_, current_, kBytes);
  has_last_ = true;
  has_current_ = false;
}

void TicketKeys::rotate() {
  unsigned char fresh[kBytes];
  if (RAND_bytes(fresh, kBytes) != 1) return;
  retire();
  std::memcpy(current_, fresh, kBytes);
  has_current_ = true;
  made_ = std::time(nullptr);
}

bool TicketKeys::prepare(const Key& key, EVP_MAC_CTX* mac) const {
  char digest[] = "SHA256";
  const OSSL_PARAM params[] = {
      OSSL_PARAM_construct_octet_string(OSSL_MAC_PARAM_KEY, const_cast<unsigned char*>(key) + kPart,
                                        kPart),
      OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest, 0),
      OSSL_PARAM_construct_end(),
  };
  return EVP_MAC_CTX_set_params(mac, params) == 1;
}

int TicketKeys::seal(unsigned char* name, unsigned char* iv, EVP_CIPHER_CTX* cipher,
                     EVP_MAC_CTX* mac) {
  const std::time_t lifetime = std::max<std::time_t>(lifetime_, kLifetimeMin);
  const bool old = !given_ && std::time(nullptr) - made_ >= lifetime;
  if (old || !has_current_) rotate();
  // Not 0, for no ticket: some versions of OpenSSL 3 then send one that TLS 1.3 does not allow.
  if (!has_current_) return -1;
  if (RAND_bytes(iv, EVP_MAX_IV_LENGTH) != 1) return -1;
  std::memcpy(name, current_, kPart);
  const unsigned char* key = current_ + 2 * kPart;
  if (EVP_EncryptInit_ex(cipher, EVP_aes_128_cbc(), nullptr, key, iv) != 1) return -1;
  return prepare(current_, mac) ? 1 : -1;
}

int TicketKeys::open(const unsigned char* name, const unsigned char* iv, EVP_CIPHER_CTX* cipher,
                     EVP_MAC_CTX* mac) {
  const bool is_current = has_current_ && std::memcmp(name, current_, kPart) == 0;
  const bool is_last = has_last_ && std::memcmp(name, last_, kPart) == 0;
  if (!is_current && !is_last) return 0;
  const Key& found = is_current ? current_ : last_;
  const unsigned char* key = found + 2 * kPart;
  if (EVP_DecryptInit_ex(cipher, EVP_aes_128_cbc(), nullptr, key, iv) != 1) return -1;
  if (!prepare(found, mac)) return -1;
  // 2: valid, and a new ticket should be issued.
  return is_current ? 1 : 2;
}

}  // namespace oxbow::tls
