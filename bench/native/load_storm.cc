// A storm: N clients connect at the same moment, and each talks as soon as it is connected and
// goes on talking, as clients of a restarted server do. What counts is how long each one waits for
// its first answer: a server that accepts one connection a turn serves the early ones again and
// again while the late ones wait.
//
//   load_storm --port N [--clients 1000] [--size 64]
//
// Prints {"clients", "max_ms", "median_ms", "check"}; `check` counts first answers.
#include <sys/epoll.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <string>
#include <vector>

#include "support.h"

namespace oxbow::bench {

struct Client {
  int fd = -1;
  bool connected = false;
  size_t received = 0;  // of the current answer
  int64_t first_ns = 0;
};

class Storm {
 public:
  Storm(uint16_t port, size_t clients, size_t size)
      : port_(port), clients_(clients), message_(size, 'o'), buffer_(size) {
    epoll_ = epoll_create1(EPOLL_CLOEXEC);
    if (epoll_ < 0) fail_errno("epoll_create1");
    raise_descriptor_limit(static_cast<int64_t>(clients));
  }

  void run() {
    start_ns_ = now_ns();
    for (size_t i = 0; i < clients_.size(); i++) {
      clients_[i].fd = start_connect(port_);
      epoll_set(epoll_, EPOLL_CTL_ADD, clients_[i].fd, EPOLLOUT, i);
    }
    epoll_event events[512];
    while (answered_ < clients_.size()) {
      const int count = epoll_wait(epoll_, events, 512, 1000);
      if (count < 0 && errno != EINTR) fail_errno("epoll_wait");
      for (int i = 0; i < count; i++) step(events[i].data.u64);
      if (now_ns() - start_ns_ > kPatienceNs) fail("storm", "not all answered in 60 seconds");
    }
  }

  void print() const {
    std::vector<int64_t> waits;
    for (const Client& client : clients_) waits.push_back(client.first_ns - start_ns_);
    std::sort(waits.begin(), waits.end());
    std::printf("{\"clients\":%zu,\"max_ms\":%.3f,\"median_ms\":%.3f,"
                "\"check\":%zu}\n",
                clients_.size(), static_cast<double>(waits.back()) / 1e6,
                static_cast<double>(waits[waits.size() / 2]) / 1e6, answered_);
  }

 private:
  static constexpr int64_t kPatienceNs = 60'000'000'000;

  void step(size_t index) {
    Client& client = clients_[index];
    if (!client.connected) {
      finish_connect(client.fd);
      client.connected = true;
      epoll_set(epoll_, EPOLL_CTL_MOD, client.fd, EPOLLIN, index);
      talk(client);
      return;
    }
    const ssize_t count = recv(client.fd, buffer_.data(), message_.size() - client.received, 0);
    if (count < 0 && errno == EAGAIN) return;
    if (count <= 0) fail("recv", "the server closed a connection");
    if (buffer_[0] != message_[0]) fail("check", "the server sent a wrong answer");
    client.received += static_cast<size_t>(count);
    if (client.received < message_.size()) return;
    client.received = 0;
    if (client.first_ns == 0) {
      client.first_ns = now_ns();
      answered_++;
    }
    talk(client);
  }

  // One message in flight fits any socket buffer, so a short send is an error here.
  void talk(Client& client) {
    const ssize_t count = send(client.fd, message_.data(), message_.size(), MSG_NOSIGNAL);
    if (count != static_cast<ssize_t>(message_.size())) fail_errno("send");
  }

  uint16_t port_;
  std::vector<Client> clients_;
  std::string message_;
  std::vector<char> buffer_;
  int epoll_ = -1;
  int64_t start_ns_ = 0;
  size_t answered_ = 0;
};

static int main_of_storm(int argc, char** argv) {
  Arguments arguments(argc, argv);
  const auto port = static_cast<uint16_t>(arguments.integer("port", 0, 1, 65535));
  const int64_t clients = arguments.integer("clients", 1000, 1, 20'000);
  const int64_t size = arguments.integer("size", 64, 1, 4096);
  arguments.finish();
  if (port == 0) fail("--port", "is required");

  Storm storm(port, static_cast<size_t>(clients), static_cast<size_t>(size));
  wait_for_go();
  storm.run();
  storm.print();
  return 0;
}

}  // namespace oxbow::bench

int main(int argc, char** argv) { return oxbow::bench::main_of_storm(argc, argv); }
