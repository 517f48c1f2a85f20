#include "tls_client.h"

#include <openssl/err.h>

#include <csignal>

#include "support.h"

namespace oxbow::bench {

SSL_CTX* client_context() {
  static SSL_CTX* const context = [] {
    // OpenSSL writes to a socket as to a file.
    std::signal(SIGPIPE, SIG_IGN);
    SSL_CTX* made = SSL_CTX_new(TLS_client_method());
    if (made == nullptr || SSL_CTX_set_min_proto_version(made, TLS1_3_VERSION) != 1) {
      fail_openssl("SSL_CTX_new");
    }
    SSL_CTX_set_verify(made, SSL_VERIFY_NONE, nullptr);
    SSL_CTX_set_mode(made, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
    SSL_CTX_set_read_ahead(made, 1);
    return made;
  }();
  return context;
}

SSL* client_of(int fd) {
  SSL* ssl = SSL_new(client_context());
  if (ssl == nullptr || SSL_set_fd(ssl, fd) != 1) fail_openssl("SSL_new");
  return ssl;
}

void fail_openssl(const char* what) {
  const char* reason = ERR_reason_error_string(ERR_peek_error());
  fail(what, reason == nullptr ? "the server closed a connection" : reason);
}

}  // namespace oxbow::bench
