// The callbacks that OpenSSL calls during a handshake.
#pragma once

#include <openssl/ssl.h>

#include "tls/settings.h"

namespace oxbow::tls {

class Context;

// `owner` must outlive every connection of the context.
void set_callbacks(SSL_CTX* context, Context* owner, const Settings& settings);

}  // namespace oxbow::tls
