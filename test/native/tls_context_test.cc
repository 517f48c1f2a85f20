// Which certificates a context trusts, and how long they stay.
#include <atomic>
#include <thread>

#include "check.h"
#include "tls_peers.h"

using namespace oxbow;

namespace {

std::atomic<int> stores_made{0};
std::atomic<int> stores_freed{0};

void on_made(void*, void*, CRYPTO_EX_DATA*, int, long, void*) { stores_made++; }
void on_freed(void*, void*, CRYPTO_EX_DATA*, int, long, void*) { stores_freed++; }

tls::Settings client_settings(const tls::KeyPair& trusted, bool own_roots) {
  tls::Settings settings;
  settings.min_version = settings.max_version = TLS1_3_VERSION;
  settings.cipher_suites = "TLS_AES_128_GCM_SHA256";
  settings.own_roots = own_roots;
  settings.ca = {trusted.chain};
  return settings;
}

X509_STORE* store_of(const tls::Context& context) { return SSL_CTX_get_cert_store(context.get()); }

int certificates_in(const tls::Context& context) {
  return sk_X509_OBJECT_num(X509_STORE_get0_objects(store_of(context)));
}

}  // namespace

TEST(the_usual_roots_are_shared_and_freed_with_the_thread) {
  CHECK(X509_STORE_get_ex_new_index(0, nullptr, on_made, nullptr, on_freed) >= 0);
  const tls::KeyPair pair = test::make_pair();
  tls::Context stays;
  std::thread thread([&] {
    tls::Failure failure;
    tls::Context first;
    tls::Context second;
    CHECK(first.configure(client_settings(pair, false), &failure));
    CHECK(second.configure(client_settings(pair, false), &failure));
    CHECK(stays.configure(client_settings(pair, false), &failure));
    CHECK(store_of(first) == store_of(second));
    CHECK_EQ(certificates_in(first), 1);
  });
  thread.join();
  // What still uses them keeps them.
  CHECK_EQ(stores_made - stores_freed, 1);
  CHECK_EQ(certificates_in(stays), 1);
  tls::Failure failure;
  CHECK(stays.configure(client_settings(pair, true), &failure));
  CHECK_EQ(stores_made - stores_freed, 1);
}

TEST(roots_of_its_own_are_its_own) {
  tls::Failure failure;
  const tls::KeyPair one = test::make_pair();
  const tls::KeyPair other = test::make_pair();
  tls::Context usual;
  tls::Context own;
  tls::Context another;
  CHECK(usual.configure(client_settings(one, false), &failure));
  CHECK(own.configure(client_settings(one, true), &failure));
  CHECK(another.configure(client_settings(other, true), &failure));
  CHECK(store_of(usual) != store_of(own));
  CHECK(store_of(own) != store_of(another));
  CHECK_EQ(certificates_in(another), 1);
}

CHECK_MAIN()
