#include <sys/socket.h>

#include "channel.h"

namespace oxbow::bench {

class PlainChannel final : public Channel {
 public:
  explicit PlainChannel(int fd) : fd_(fd) {}

  ssize_t receive(char* into, size_t size) override { return recv(fd_, into, size, 0); }
  ssize_t send(const char* data, size_t size) override {
    return ::send(fd_, data, size, MSG_NOSIGNAL);
  }
  bool has_more() const override { return false; }

 private:
  const int fd_;
};

std::unique_ptr<Channel> open_channel(int fd) { return std::make_unique<PlainChannel>(fd); }

}  // namespace oxbow::bench
