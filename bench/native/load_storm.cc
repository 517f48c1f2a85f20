// A storm: N clients connect at the same moment, and each talks at once and goes on talking, as
// clients of a restarted server do. What counts is how long each one waits for its first answer: a
// server that accepts one connection a turn serves the early ones again and again while the late
// ones wait.
//
// One generator cannot connect a thousand clients in no time, and a server that keeps pace with it
// never sees a storm. So the server is held still (SIGSTOP) while its backlog fills, and the clock
// starts when it goes on.
//
//   load_storm --port N --hold PID [--clients 1000] [--size 64]
//
// Prints {"clients", "max_ms", "median_ms", "turned_away", "answers", "check"}: `turned_away` found
// the backlog full, `answers` counts all answers until the last client had its first, `check` the
// first ones.
#include <signal.h>
#include <sys/epoll.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <string>
#include <string_view>
#include <vector>

#include "support.h"

namespace oxbow::bench {

struct Client {
  int fd = -1;
  bool talks = false;
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

  void run(pid_t server) {
    hold(server);
    for (size_t i = 0; i < clients_.size(); i++) {
      clients_[i].fd = start_connect(port_);
      epoll_set(epoll_, EPOLL_CTL_ADD, clients_[i].fd, EPOLLOUT, i);
    }
    epoll_event events[512];
    // The kernel completes the handshakes, so the first messages leave while the server is held.
    // Clients that the backlog has no room for come in when TCP tries again, a second later.
    while (talking_ < clients_.size()) {
      const int count = epoll_wait(epoll_, events, 512, 200);
      if (count == 0) break;
      if (count < 0 && errno != EINTR) fail_errno("epoll_wait");
      for (int i = 0; i < count; i++) step(events[i].data.u64);
    }
    turned_away_ = clients_.size() - talking_;
    start_ns_ = now_ns();
    if (kill(server, SIGCONT) != 0) fail_errno("SIGCONT");
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
    std::printf(
        "{\"clients\":%zu,\"max_ms\":%.3f,\"median_ms\":%.3f,"
        "\"turned_away\":%zu,\"answers\":%zu,\"check\":%zu}\n",
        clients_.size(), static_cast<double>(waits.back()) / 1e6,
        static_cast<double>(waits[waits.size() / 2]) / 1e6, turned_away_, answers_, answered_);
  }

 private:
  static constexpr int64_t kPatienceNs = 60'000'000'000;

  // A stop takes effect when the process is next looked at; /proc shows that it has: the state
  // follows the name in parentheses.
  static void hold(pid_t server) {
    if (kill(server, SIGSTOP) != 0) fail_errno("SIGSTOP");
    const std::string path = "/proc/" + std::to_string(server) + "/stat";
    for (int64_t patience_ns = now_ns() + 5'000'000'000; now_ns() < patience_ns;) {
      std::FILE* file = std::fopen(path.c_str(), "r");
      if (file == nullptr) fail_errno("/proc");
      char text[512] = {};
      const size_t length = std::fread(text, 1, sizeof text - 1, file);
      std::fclose(file);
      if (std::string_view(text, length).find(") T") != std::string_view::npos) return;
    }
    fail("hold", "the server did not stop within 5 seconds");
  }

  void step(size_t index) {
    Client& client = clients_[index];
    if (!client.talks) {
      finish_connect(client.fd);
      client.talks = true;
      talking_++;
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
    answers_++;
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
  size_t talking_ = 0;
  size_t turned_away_ = 0;
  size_t answered_ = 0;  // clients
  size_t answers_ = 0;   // first ones and all others
};

static int main_of_storm(int argc, char** argv) {
  Arguments arguments(argc, argv);
  const auto port = static_cast<uint16_t>(arguments.integer("port", 0, 1, 65535));
  const int64_t clients = arguments.integer("clients", 1000, 1, 20'000);
  const int64_t size = arguments.integer("size", 64, 1, 4096);
  const auto server = static_cast<pid_t>(arguments.integer("hold", 0, 1, 1 << 30));
  arguments.finish();
  if (server == 0) fail("--hold", "is required");
  if (port == 0) fail("--port", "is required");

  Storm storm(port, static_cast<size_t>(clients), static_cast<size_t>(size));
  wait_for_go();
  storm.run(server);
  storm.print();
  return 0;
}

}  // namespace oxbow::bench

int main(int argc, char** argv) { return oxbow::bench::main_of_storm(argc, argv); }
