// The floor for echo over TLS: the smallest server over epoll, with OpenSSL fed by hand, which is
// the fastest way to drive it. Prints {"port":N}; ends with standard input.
#include <openssl/pem.h>
#include <openssl/ssl.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>

#include "program.h"
#include "raw_epoll.h"

namespace oxbow::bench {

static SSL_CTX* server_context() {
  static SSL_CTX* const context = [] {
    SSL_CTX* made = SSL_CTX_new(TLS_server_method());
    const char* certificate = std::getenv("OXBOW_BENCH_CERT");
    const char* key = std::getenv("OXBOW_BENCH_KEY");
    if (made == nullptr || certificate == nullptr || key == nullptr ||
        SSL_CTX_use_certificate_chain_file(made, certificate) != 1 ||
        SSL_CTX_use_PrivateKey_file(made, key, SSL_FILETYPE_PEM) != 1) {
      fail("SSL_CTX_new", "OXBOW_BENCH_CERT and OXBOW_BENCH_KEY must name files in PEM");
    }
    SSL_CTX_set_session_cache_mode(made, SSL_SESS_CACHE_OFF);
    SSL_CTX_set_num_tickets(made, 1);
    return made;
  }();
  return context;
}

// One connection. What its BIO reads is what epoll has brought, and what it writes is the answer.
class Session {
 public:
  Session() : ssl_(SSL_new(server_context())) {
    BIO* bio = BIO_new(method());
    BIO_set_data(bio, this);
    SSL_set_bio(ssl_, bio, bio);
    SSL_set_accept_state(ssl_);
  }
  ~Session() { SSL_free(ssl_); }
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  std::string_view echo(std::string_view received) {
    static char plain[16 * 1024];
    static std::string answer;
    input_ = received;
    output_ = &answer;
    answer.clear();
    if (!shaken_) shaken_ = SSL_do_handshake(ssl_) == 1;
    if (!shaken_) return answer;
    for (;;) {
      const int count = SSL_read(ssl_, plain, sizeof plain);
      if (count <= 0) return answer;
      SSL_write(ssl_, plain, count);
    }
  }

 private:
  static BIO_METHOD* method() {
    static BIO_METHOD* const made = [] {
      BIO_METHOD* kind = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "raw");
      BIO_meth_set_create(kind, [](BIO* bio) {
        BIO_set_init(bio, 1);
        return 1;
      });
      BIO_meth_set_read(kind, [](BIO* bio, char* into, int size) {
        return static_cast<Session*>(BIO_get_data(bio))->take(bio, into, size);
      });
      BIO_meth_set_write(kind, [](BIO* bio, const char* data, int size) {
        static_cast<Session*>(BIO_get_data(bio))->output_->append(data, static_cast<size_t>(size));
        return size;
      });
      BIO_meth_set_ctrl(kind, [](BIO*, int command, long, void*) -> long {
        return command == BIO_CTRL_FLUSH ? 1 : 0;
      });
      return kind;
    }();
    return made;
  }

  int take(BIO* bio, char* into, int size) {
    BIO_clear_retry_flags(bio);
    const size_t count = std::min(input_.size(), static_cast<size_t>(size));
    if (count == 0) {
      BIO_set_retry_read(bio);
      return -1;
    }
    std::memcpy(into, input_.data(), count);
    input_.remove_prefix(count);
    return static_cast<int>(count);
  }

  SSL* const ssl_;
  bool shaken_ = false;
  std::string_view input_;
  std::string* output_ = nullptr;
};

static std::string_view echo(Session& session, std::string_view received) {
  return session.echo(received);
}

int run_program(int, char**) {
  RawServer<Session, decltype(&echo)>(echo).run();
  return 0;
}

}  // namespace oxbow::bench
