// What clients of TLS 1.3 have in common. Nobody looks at the certificate: the server is measured.
#pragma once

#include <openssl/ssl.h>

namespace oxbow::bench {

SSL_CTX* client_context();

// A connection over a socket, which may still be connecting.
SSL* client_of(int fd);

// Says what OpenSSL has against it, and ends the program.
[[noreturn]] void fail_openssl(const char* what);

}  // namespace oxbow::bench
