// The smallest server that is still right: level-triggered epoll, one receive buffer for all, and a
// string a connection for what the socket would not take. It is the floor that the others are
// compared with, so it does nothing that its protocol does not need.
#pragma once

#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "support.h"

namespace oxbow::bench {

// State is what the protocol keeps for a connection; Answer is called as
// `std::string_view answer(State&, std::string_view received)` and gives the bytes to send.
template <typename State, typename Answer>
class RawServer {
 public:
  // On a port, or on a Unix socket.
  explicit RawServer(Answer answer, bool on_path = false)
      : answer_(answer), buffer_(256 * 1024), on_path_(on_path) {
    epoll_ = epoll_create1(EPOLL_CLOEXEC);
    if (epoll_ < 0) fail_errno("epoll_create1");
    listener_ = on_path ? listen_unix(getpid()) : listen_loopback(&port_);
    raise_descriptor_limit(0);
    epoll_set(epoll_, EPOLL_CTL_ADD, listener_, EPOLLIN, static_cast<uint64_t>(listener_));
    epoll_set(epoll_, EPOLL_CTL_ADD, STDIN_FILENO, EPOLLIN, STDIN_FILENO);
  }

  // Serves until standard input ends, which is how the harness (or its death) stops a server.
  void run() {
    on_path_ ? announce_path() : announce_port(port_);
    epoll_event events[512];
    for (;;) {
      const int count = epoll_wait(epoll_, events, 512, -1);
      if (count < 0 && errno != EINTR) fail_errno("epoll_wait");
      for (int i = 0; i < count; i++) {
        const int fd = static_cast<int>(events[i].data.u64);
        if (fd == listener_) {
          accept_all();
        } else if (fd == STDIN_FILENO) {
          if (!swallow_stdin()) return;
        } else {
          serve(fd, events[i].events);
        }
      }
    }
  }

 private:
  struct Client {
    State state;
    std::string unsent;
  };

  void accept_all() {
    for (int fd = accept_one(listener_); fd >= 0; fd = accept_one(listener_)) {
      const auto index = static_cast<size_t>(fd);
      if (index >= clients_.size()) clients_.resize(index * 2);
      clients_[index] = std::make_unique<Client>();
      epoll_set(epoll_, EPOLL_CTL_ADD, fd, EPOLLIN, static_cast<uint64_t>(fd));
    }
  }

  bool swallow_stdin() { return read(STDIN_FILENO, buffer_.data(), buffer_.size()) > 0; }

  void serve(int fd, uint32_t events) {
    Client& client = *clients_[static_cast<size_t>(fd)];
    if (events & EPOLLOUT) {
      std::string unsent;
      unsent.swap(client.unsent);
      if (!send_or_keep(fd, client, unsent)) return close_client(fd);
      if (!client.unsent.empty()) return;  // no reading while the peer does not read
      epoll_set(epoll_, EPOLL_CTL_MOD, fd, EPOLLIN, static_cast<uint64_t>(fd));
    }
    const ssize_t count = recv(fd, buffer_.data(), buffer_.size(), 0);
    if (count < 0 && (errno == EAGAIN || errno == EINTR)) return;
    if (count <= 0) return close_client(fd);
    const std::string_view received(buffer_.data(), static_cast<size_t>(count));
    if (!send_or_keep(fd, client, answer_(client.state, received))) return close_client(fd);
    if (!client.unsent.empty()) {
      epoll_set(epoll_, EPOLL_CTL_MOD, fd, EPOLLOUT, static_cast<uint64_t>(fd));
    }
  }

  // False when the peer is gone.
  bool send_or_keep(int fd, Client& client, std::string_view bytes) {
    while (!bytes.empty()) {
      const ssize_t count = send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (count < 0 && errno == EINTR) continue;
      if (count < 0 && errno != EAGAIN) return false;
      if (count < 0) {
        client.unsent.assign(bytes);
        return true;
      }
      bytes.remove_prefix(static_cast<size_t>(count));
    }
    return true;
  }

  void close_client(int fd) {
    clients_[static_cast<size_t>(fd)].reset();
    close(fd);
  }

  Answer answer_;
  std::vector<char> buffer_;
  const bool on_path_;
  std::vector<std::unique_ptr<Client>> clients_{64};
  int epoll_ = -1;
  int listener_ = -1;
  uint16_t port_ = 0;
};

}  // namespace oxbow::bench
