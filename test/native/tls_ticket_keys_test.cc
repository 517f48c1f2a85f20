// Ticket keys where OpenSSL has no randomness to give. This program brings its own RAND_bytes.
#include "check.h"

#include <array>
#include <memory>
#include <string>

#include <openssl/evp.h>
#include <openssl/rand.h>

#include "tls/ticket_keys.h"

using oxbow::tls::TicketKeys;

namespace {

bool randomness = true;
unsigned char next_byte = 1;

using Name = std::array<unsigned char, 16>;

struct Contexts {
  ~Contexts() {
    EVP_CIPHER_CTX_free(cipher);
    EVP_MAC_CTX_free(mac);
    EVP_MAC_free(algorithm);
  }
  EVP_MAC* algorithm = EVP_MAC_fetch(nullptr, "HMAC", nullptr);
  EVP_MAC_CTX* mac = EVP_MAC_CTX_new(algorithm);
  EVP_CIPHER_CTX* cipher = EVP_CIPHER_CTX_new();
};

int seal(TicketKeys* keys, Name* name) {
  const Contexts contexts;
  unsigned char iv[EVP_MAX_IV_LENGTH] = {};
  return keys->seal(name->data(), iv, contexts.cipher, contexts.mac);
}

int open(TicketKeys* keys, const Name& name) {
  const Contexts contexts;
  const unsigned char iv[EVP_MAX_IV_LENGTH] = {};
  return keys->open(name.data(), iv, contexts.cipher, contexts.mac);
}

}  // namespace

// Not random, but never the same twice, which is enough to tell keys apart.
extern "C" int RAND_bytes(unsigned char* out, int size) {
  if (!randomness) return 0;
  for (int n = 0; n < size; n++) out[n] = next_byte;
  next_byte++;
  return 1;
}

TEST(nothing_is_sealed_or_opened_with_a_key_that_could_not_be_made) {
  randomness = false;
  TicketKeys keys;
  Name name{};
  CHECK_EQ(seal(&keys, &name), -1);
  CHECK_EQ(open(&keys, Name{}), 0);
  randomness = true;
  // The next ticket makes the key, however long before it would be changed.
  CHECK_EQ(seal(&keys, &name), 1);
  CHECK(name != Name{});
  CHECK_EQ(open(&keys, name), 1);
  CHECK_EQ(open(&keys, Name{}), 0);
  // Nor is there one before it.
  keys.rotate();
  CHECK_EQ(open(&keys, name), 2);
  CHECK_EQ(open(&keys, Name{}), 0);
}

TEST(a_given_key_needs_no_randomness_and_leaves_none_before_it) {
  randomness = false;
  TicketKeys keys;
  keys.set(std::string(TicketKeys::kBytes, 'k'));
  Name given;
  given.fill('k');
  CHECK_EQ(open(&keys, given), 1);
  CHECK_EQ(open(&keys, Name{}), 0);
  randomness = true;
  Name name{};
  CHECK_EQ(seal(&keys, &name), 1);
  CHECK(name == given);
}

TEST(a_given_key_that_is_taken_back_seals_nothing_more) {
  randomness = true;
  TicketKeys keys;
  keys.set(std::string(TicketKeys::kBytes, 'k'));
  Name given;
  given.fill('k');
  randomness = false;
  keys.set("");
  Name name{};
  CHECK_EQ(seal(&keys, &name), -1);
  CHECK_EQ(open(&keys, given), 2);
  randomness = true;
  CHECK_EQ(seal(&keys, &name), 1);
  CHECK(name != given);
  CHECK_EQ(open(&keys, name), 1);
  CHECK_EQ(open(&keys, given), 2);
}

TEST(a_key_that_cannot_be_changed_yet_stays) {
  randomness = true;
  TicketKeys keys;
  Name before{};
  CHECK_EQ(seal(&keys, &before), 1);
  randomness = false;
  keys.rotate();
  CHECK_EQ(open(&keys, before), 1);
  randomness = true;
}

CHECK_MAIN()
