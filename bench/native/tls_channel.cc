#include <cerrno>

#include "channel.h"
#include "support.h"
#include "tls_client.h"

namespace oxbow::bench {

class TlsChannel final : public Channel {
 public:
  explicit TlsChannel(int fd) : ssl_(client_of(fd)) {
    wait_writable(fd);
    finish_connect(fd);
    for (;;) {
      const int result = SSL_connect(ssl_);
      if (result == 1) return;
      if (SSL_get_error(ssl_, result) != SSL_ERROR_WANT_READ) fail_openssl("SSL_connect");
      wait_readable(fd);
    }
  }
  ~TlsChannel() override { SSL_free(ssl_); }
  TlsChannel(const TlsChannel&) = delete;
  TlsChannel& operator=(const TlsChannel&) = delete;

  ssize_t receive(char* into, size_t size) override {
    const int count = SSL_read(ssl_, into, static_cast<int>(size));
    if (count > 0) return count;
    if (SSL_get_error(ssl_, count) == SSL_ERROR_ZERO_RETURN) return 0;
    return not_now("SSL_read", count);
  }
  ssize_t send(const char* data, size_t size) override {
    const int count = SSL_write(ssl_, data, static_cast<int>(size));
    return count > 0 ? count : not_now("SSL_write", count);
  }
  bool has_more() const override { return SSL_has_pending(ssl_) == 1; }

 private:
  ssize_t not_now(const char* what, int result) {
    const int error = SSL_get_error(ssl_, result);
    if (error != SSL_ERROR_WANT_READ && error != SSL_ERROR_WANT_WRITE) fail_openssl(what);
    errno = EAGAIN;
    return -1;
  }

  SSL* const ssl_;
};

std::unique_ptr<Channel> open_channel(int fd) { return std::make_unique<TlsChannel>(fd); }

}  // namespace oxbow::bench
