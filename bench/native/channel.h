// The connections of load generators: in clear (plain_channel.cc) or with TLS (tls_channel.cc).
// Which of them a program has is said where it is linked.
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <memory>

namespace oxbow::bench {

class Channel {
 public:
  virtual ~Channel() = default;

  // As recv() and send(): how many bytes, 0 at the end, or -1 with errno.
  virtual ssize_t receive(char* into, size_t size) = 0;
  virtual ssize_t send(const char* data, size_t size) = 0;
  // Whether there may be more than the kernel knows of.
  virtual bool has_more() const = 0;
};

// With TLS it returns when the handshake is through; in clear the socket may still be connecting.
std::unique_ptr<Channel> open_channel(int fd);

}  // namespace oxbow::bench
