// A TLS context: our certificates, the trusted roots and the protocol settings. It is shared by its
// makers and layers, and lives as long as any of them; an update applies only to connections made
// after it.
#pragma once

#include <memory>
#include <string>

#include "tls/failure.h"
#include "tls/openssl_ptr.h"
#include "tls/sessions.h"
#include "tls/settings.h"
#include "tls/ticket_keys.h"

namespace oxbow::tls {

class Context {
 public:
  // False: `failure` tells why, and nothing has changed.
  bool configure(const Settings& settings, Failure* failure);

  SSL_CTX* get() const { return context_.get(); }
  const Settings& settings() const { return settings_; }
  Sessions& sessions() { return sessions_; }
  TicketKeys& ticket_keys() { return ticket_keys_; }

 private:
  ContextPtr context_;
  Settings settings_;
  Sessions sessions_;
  TicketKeys ticket_keys_;
};

}  // namespace oxbow::tls
