#include "tls/context.h"

#include <climits>
#include <cstring>
#include <utility>

#include <openssl/err.h>
#include <openssl/pem.h>

#include "tls/callbacks.h"

namespace oxbow::tls {
namespace {

BioPtr reader_of(const std::string& text) {
  return BioPtr(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
}

// Prevents OpenSSL from asking for a password at the terminal.
int no_password(char*, int, int, void*) { return -1; }

// OpenSSL reports the end of a PEM text as an error; this checks for it and clears it.
bool at_end_of_pem() {
  const unsigned long error = ERR_peek_last_error();
  const bool at_end =
      ERR_GET_LIB(error) == ERR_LIB_PEM && ERR_GET_REASON(error) == PEM_R_NO_START_LINE;
  if (at_end) ERR_clear_error();
  return at_end;
}

bool use_chain(SSL_CTX* context, const std::string& pem) {
  const BioPtr reader = reader_of(pem);
  const CertificatePtr first(PEM_read_bio_X509_AUX(reader.get(), nullptr, no_password, nullptr));
  if (first == nullptr || SSL_CTX_use_certificate(context, first.get()) != 1) return false;
  while (X509* next = PEM_read_bio_X509(reader.get(), nullptr, no_password, nullptr)) {
    if (SSL_CTX_add0_chain_cert(context, next) == 1) continue;
    X509_free(next);
    return false;
  }
  return at_end_of_pem();
}

bool use_pair(SSL_CTX* context, const KeyPair& pair) {
  const BioPtr reader = reader_of(pair.key);
  const KeyPtr key(PEM_read_bio_PrivateKey(reader.get(), nullptr, no_password, nullptr));
  return use_chain(context, pair.chain) && key != nullptr &&
         SSL_CTX_use_PrivateKey(context, key.get()) == 1;
}

bool use_archive(SSL_CTX* context, const Archive& archive) {
  const BioPtr reader = reader_of(archive.data);
  const ArchivePtr parsed(d2i_PKCS12_bio(reader.get(), nullptr));
  EVP_PKEY* key = nullptr;
  X509* certificate = nullptr;
  STACK_OF(X509)* others = nullptr;
  if (parsed == nullptr ||
      PKCS12_parse(parsed.get(), archive.passphrase.c_str(), &key, &certificate, &others) != 1) {
    return false;
  }
  const KeyPtr own_key(key);
  const CertificatePtr own_certificate(certificate);
  bool good = key != nullptr && certificate != nullptr &&
              SSL_CTX_use_certificate(context, certificate) == 1 &&
              SSL_CTX_use_PrivateKey(context, key) == 1;
  for (int n = 0; good && n < sk_X509_num(others); n++) {
    good = SSL_CTX_add1_chain_cert(context, sk_X509_value(others, n)) == 1;
  }
  sk_X509_pop_free(others, X509_free);
  return good;
}

bool add_trusted(X509_STORE* store, const std::string& pem, SSL_CTX* named) {
  const BioPtr reader = reader_of(pem);
  while (X509* each = PEM_read_bio_X509_AUX(reader.get(), nullptr, no_password, nullptr)) {
    const CertificatePtr certificate(each);
    // A duplicate is not an error (OpenSSL 3).
    if (X509_STORE_add_cert(store, each) != 1) return false;
    if (named != nullptr && SSL_CTX_add_client_CA(named, each) != 1) return false;
  }
  return at_end_of_pem();
}

bool add_revoked(X509_STORE* store, const std::string& pem) {
  const BioPtr reader = reader_of(pem);
  while (X509_CRL* each = PEM_read_bio_X509_CRL(reader.get(), nullptr, no_password, nullptr)) {
    const RevokedPtr list(each);
    if (X509_STORE_add_crl(store, each) != 1) return false;
  }
  return at_end_of_pem();
}

// The store shared by all contexts of a thread that use the default roots, which lib/tls/roots.ts
// reads once: parsing three hundred certificates takes milliseconds. It is freed with the thread,
// or with the last context that uses it.
X509_STORE* usual_store(const std::vector<std::string>& roots) {
  thread_local StorePtr store;
  if (store != nullptr) return store.get();
  store.reset(X509_STORE_new());
  for (const std::string& pem : roots) {
    // A root certificate that cannot be parsed is skipped.
    if (!add_trusted(store.get(), pem, nullptr)) ERR_clear_error();
  }
  return store.get();
}

bool set_trust(SSL_CTX* context, const Settings& settings) {
  const bool asks = settings.server && settings.request_cert;
  if (settings.server && !settings.request_cert) return true;
  if (!settings.own_roots && settings.crl.empty() && !asks) {
    SSL_CTX_set1_cert_store(context, usual_store(settings.ca));
    return true;
  }
  X509_STORE* store = X509_STORE_new();
  SSL_CTX_set_cert_store(context, store);
  for (const std::string& pem : settings.ca) {
    if (add_trusted(store, pem, asks && settings.own_roots ? context : nullptr)) continue;
    if (settings.own_roots) return false;
    ERR_clear_error();
  }
  for (const std::string& pem : settings.crl) {
    if (!add_revoked(store, pem)) return false;
  }
  if (!settings.crl.empty()) {
    X509_STORE_set_flags(store, X509_V_FLAG_CRL_CHECK | X509_V_FLAG_CRL_CHECK_ALL);
  }
  return true;
}

int verify_mode(const Settings& settings) {
  if (!settings.server) {
    // The chain is verified and reported in both cases.
    return settings.reject_unauthorized ? SSL_VERIFY_PEER : SSL_VERIFY_NONE;
  }
  if (!settings.request_cert) return SSL_VERIFY_NONE;
  return SSL_VERIFY_PEER | (settings.reject_unauthorized ? SSL_VERIFY_FAIL_IF_NO_PEER_CERT : 0);
}

int accept_any(int, X509_STORE_CTX*) { return 1; }

// Node continues the verification after an error and reports the last one. For a certificate that
// was sent alone and whose issuer is unknown, that differs from the first error, which OpenSSL
// reports.
int as_node_says(int good, X509_STORE_CTX* store) {
  if (good == 0 &&
      X509_STORE_CTX_get_error(store) == X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY &&
      sk_X509_num(X509_STORE_CTX_get0_chain(store)) == 1) {
    X509_STORE_CTX_set_error(store, X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE);
  }
  return good;
}

bool apply(SSL_CTX* context, const Settings& settings) {
  if (SSL_CTX_set_min_proto_version(context, settings.min_version) != 1 ||
      SSL_CTX_set_max_proto_version(context, settings.max_version) != 1) {
    return false;
  }
  SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION);
  if (settings.honor_cipher_order) SSL_CTX_set_options(context, SSL_OP_CIPHER_SERVER_PREFERENCE);
  // One of the lists may be empty, if only protocol versions of the other are enabled.
  if (!settings.cipher_list.empty() &&
      SSL_CTX_set_cipher_list(context, settings.cipher_list.c_str()) != 1) {
    return false;
  }
  if (SSL_CTX_set_ciphersuites(context, settings.cipher_suites.c_str()) != 1) return false;
  if (!settings.sigalgs.empty() &&
      SSL_CTX_set1_sigalgs_list(context, settings.sigalgs.c_str()) != 1) {
    return false;
  }
  if (!settings.curves.empty() && SSL_CTX_set1_curves_list(context, settings.curves.c_str()) != 1) {
    return false;
  }
  for (const KeyPair& pair : settings.pairs) {
    if (!use_pair(context, pair)) return false;
  }
  for (const Archive& archive : settings.archives) {
    if (!use_archive(context, archive)) return false;
  }
  if (!set_trust(context, settings)) return false;
  const bool all_may = settings.server && !settings.reject_unauthorized;
  SSL_CTX_set_verify(context, verify_mode(settings), all_may ? accept_any : as_node_says);
  if (!settings.server && !settings.alpn.empty()) {
    const auto* names = reinterpret_cast<const unsigned char*>(settings.alpn.data());
    // This function returns 0 on success.
    if (SSL_CTX_set_alpn_protos(context, names, static_cast<unsigned>(settings.alpn.size())) != 0) {
      return false;
    }
  }
  // Client sessions are kept here (Sessions); those of servers by their clients (tickets).
  SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL);
  SSL_CTX_set_timeout(context, static_cast<long>(settings.session_timeout));
  // OpenSSL's default is two; the second one would cost a sixth of every handshake.
  SSL_CTX_set_num_tickets(context, 1);
  static const unsigned char kSessionId[] = "oxbow";
  SSL_CTX_set_session_id_context(context, kSessionId, sizeof(kSessionId) - 1);
  return true;
}

}  // namespace

bool Context::configure(const Settings& settings, Failure* failure) {
  ERR_clear_error();
  ContextPtr made(SSL_CTX_new(TLS_method()));
  if (made == nullptr || !apply(made.get(), settings)) {
    *failure = take_failure("the options could not be used");
    return false;
  }
  set_callbacks(made.get(), this, settings);
  // These sessions were established under other trust settings.
  sessions_.clear();
  ticket_keys_.set(settings.ticket_keys);
  ticket_keys_.set_lifetime(settings.session_timeout);
  context_ = std::move(made);
  settings_ = settings;
  // Remove the secrets; afterwards only flags and short texts of the settings are needed.
  settings_.pairs.clear();
  settings_.archives.clear();
  settings_.ca.clear();
  settings_.crl.clear();
  ERR_clear_error();
  return true;
}

}  // namespace oxbow::tls
