// Connections that a server accepts and closes at once: so many are under way all the time.
//
//   load_accept --port N [--connections 50]
//               [--seconds 1.5 | --messages N] [--warmup-seconds 0.3 | --warmup-messages N]
//
// Prints {"messages", "seconds", "check"}: all count the connections that were closed by the
// server.
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <vector>

#include "program.h"
#include "pump.h"
#include "support.h"

namespace oxbow::bench {

class Visitors {
 public:
  Visitors(const Place& place, int64_t connections)
      : place_(place), descriptors_(static_cast<size_t>(connections), -1) {
    epoll_ = epoll_create1(EPOLL_CLOEXEC);
    if (epoll_ < 0) fail_errno("epoll_create1");
    raise_descriptor_limit(connections);
  }

  Outcome run(Limit limit) {
    Outcome outcome;
    if (limit.messages == 0 && limit.seconds == 0) return outcome;
    const int64_t start_ns = now_ns();
    const int64_t deadline_ns = start_ns + static_cast<int64_t>(limit.seconds * 1e9);
    int64_t started = 0;
    bool expired = false;
    const auto more = [&] { return !expired && (limit.messages == 0 || started < limit.messages); };
    for (size_t n = 0; n < descriptors_.size() && more(); n++, started++) visit(n);
    epoll_event events[512];
    while (outcome.messages < started) {
      const int count = epoll_wait(epoll_, events, 512, 15'000);
      if (count == 0) fail("stalled", "the server has not closed anything for 15 seconds");
      if (count < 0 && errno != EINTR) fail_errno("epoll_wait");
      if (limit.seconds > 0 && now_ns() >= deadline_ns) expired = true;
      for (int i = 0; i < count; i++) {
        const size_t n = events[i].data.u64;
        if (!left(n)) continue;
        outcome.messages++;
        if (!more()) continue;
        visit(n);
        started++;
      }
    }
    outcome.seconds = static_cast<double>(now_ns() - start_ns) / 1e9;
    return outcome;
  }

 private:
  void visit(size_t n) {
    descriptors_[n] = start_connect(place_);
    epoll_set(epoll_, EPOLL_CTL_ADD, descriptors_[n], EPOLLIN, n);
  }

  // Whether the server has said goodbye. A reset is our own, so that no port stays taken behind it.
  bool left(size_t n) {
    char unexpected;
    const ssize_t count = recv(descriptors_[n], &unexpected, 1, 0);
    if (count < 0 && (errno == EAGAIN || errno == EINTR)) return false;
    if (count < 0) fail_errno("recv");
    if (count > 0) fail("check", "the server has sent something");
    const linger reset{1, 0};
    setsockopt(descriptors_[n], SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
    close(descriptors_[n]);
    return true;
  }

  const Place place_;
  std::vector<int> descriptors_;
  int epoll_ = -1;
};

int run_program(int argc, char** argv) {
  Arguments arguments(argc, argv);
  const Place place = place_of(&arguments);
  const int64_t connections = arguments.integer("connections", 50, 1, 4096);
  const Plan plan = plan_of(arguments);
  arguments.finish();

  Visitors visitors(place, connections);
  visitors.run(plan.warmup);
  wait_for_go();
  const Outcome outcome = visitors.run(plan.measured);
  print_outcome(outcome, static_cast<uint64_t>(outcome.messages));
  return 0;
}

}  // namespace oxbow::bench
