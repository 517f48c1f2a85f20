#include "tls/callbacks.h"

#include <cstring>
#include <utility>

#include "tls/context.h"
#include "tls/tls_layer.h"

namespace oxbow::tls {
namespace {

TlsLayer* layer_of(const SSL* ssl) { return static_cast<TlsLayer*>(SSL_get_app_data(ssl)); }

// The server's preference decides. A client without a common protocol is refused (RFC 7301).
int choose_alpn(SSL* ssl, const unsigned char** out, unsigned char* size, const unsigned char* in,
                unsigned in_size, void*) {
  const std::string& ours = layer_of(ssl)->context().settings().alpn;
  if (ours.empty()) return SSL_TLSEXT_ERR_NOACK;
  unsigned char* chosen = nullptr;
  const auto* names = reinterpret_cast<const unsigned char*>(ours.data());
  const int result =
      SSL_select_next_proto(&chosen, size, names, static_cast<unsigned>(ours.size()), in, in_size);
  *out = chosen;
  return result == OPENSSL_NPN_NEGOTIATED ? SSL_TLSEXT_ERR_OK : SSL_TLSEXT_ERR_ALERT_FATAL;
}

// The mere existence of this callback makes OpenSSL acknowledge the name.
int accept_name(SSL*, int*, void*) { return SSL_TLSEXT_ERR_OK; }

int choose_certificate(SSL* ssl, int* alert, void*) {
  return layer_of(ssl)->choose_certificate(alert);
}

int look_at_peer(X509_STORE_CTX* store, void*) {
  const void* ssl = X509_STORE_CTX_get_ex_data(store, SSL_get_ex_data_X509_STORE_CTX_idx());
  return layer_of(static_cast<const SSL*>(ssl))->look_at_peer(store);
}

int keep_session(SSL* ssl, SSL_SESSION* session) {
  layer_of(ssl)->keep_session(SessionPtr(session));
  return 1;
}

void keep_key_log(const SSL* ssl, const char* line) { layer_of(ssl)->keep_key_log(line); }

int with_ticket_key(SSL* ssl, unsigned char* name, unsigned char* iv, EVP_CIPHER_CTX* cipher,
                    EVP_MAC_CTX* mac, int seals) {
  TicketKeys& keys = layer_of(ssl)->context().ticket_keys();
  if (seals != 0) return keys.seal(name, iv, cipher, mac);
  const int result = keys.open(name, iv, cipher, mac);
  // A TLS 1.3 ticket should be used only once (RFC 8446, C.4), so each use issues a new one.
  return result == 1 && SSL_version(ssl) == TLS1_3_VERSION ? 2 : result;
}

int staple(SSL* ssl, void* owner) {
  const std::string& response = static_cast<Context*>(owner)->settings().ocsp_response;
  if (response.empty()) return SSL_TLSEXT_ERR_NOACK;
  // OpenSSL frees it.
  void* copy = OPENSSL_memdup(response.data(), response.size());
  if (copy == nullptr) return SSL_TLSEXT_ERR_NOACK;
  SSL_set_tlsext_status_ocsp_resp(ssl, copy, static_cast<long>(response.size()));
  return SSL_TLSEXT_ERR_OK;
}

}  // namespace

void set_callbacks(SSL_CTX* context, Context* owner, const Settings& settings) {
  if (settings.server) {
    // When a connection uses another context's certificate, that context's callback is called.
    SSL_CTX_set_alpn_select_cb(context, choose_alpn, nullptr);
    SSL_CTX_set_tlsext_servername_callback(context, accept_name);
    SSL_CTX_set_client_hello_cb(context, choose_certificate, nullptr);
    SSL_CTX_set_tlsext_ticket_key_evp_cb(context, with_ticket_key);
    if (!settings.ocsp_response.empty()) {
      SSL_CTX_set_tlsext_status_cb(context, staple);
      SSL_CTX_set_tlsext_status_arg(context, owner);
    }
  } else {
    SSL_CTX_sess_set_new_cb(context, keep_session);
    if (settings.ask_peer) SSL_CTX_set_cert_verify_callback(context, look_at_peer, nullptr);
  }
  if (settings.keylog) SSL_CTX_set_keylog_callback(context, keep_key_log);
}

}  // namespace oxbow::tls
