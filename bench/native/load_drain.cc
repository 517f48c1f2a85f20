// Reads all that a server sends until it closes, and looks at none of it: what counts is what it
// costs the server.
//
//   load_drain --port N
//
// Prints {"messages", "seconds", "check"}: one message, and how many bytes it had.
#include <poll.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstdio>

#include "support.h"

namespace oxbow::bench {

static int main_of_drain(int argc, char** argv) {
  Arguments arguments(argc, argv);
  const Place place = place_of(&arguments);
  arguments.finish();
  wait_for_go();
  const int64_t start_ns = now_ns();
  const int fd = start_connect(place);
  uint64_t received = 0;
  for (;;) {
    pollfd item{fd, POLLIN, 0};
    const int ready = poll(&item, 1, 15'000);
    if (ready == 0) fail("stalled", "the server has sent nothing for 15 seconds");
    if (ready < 0 && errno != EINTR) fail_errno("poll");
    // Without a copy.
    const ssize_t count = recv(fd, nullptr, 4 << 20, MSG_TRUNC);
    if (count < 0 && (errno == EAGAIN || errno == EINTR)) continue;
    if (count < 0) fail_errno("recv");
    if (count == 0) break;
    received += static_cast<uint64_t>(count);
  }
  std::printf("{\"messages\":1,\"seconds\":%.6f,\"check\":%llu}\n",
              static_cast<double>(now_ns() - start_ns) / 1e9,
              static_cast<unsigned long long>(received));
  return 0;
}

}  // namespace oxbow::bench

int main(int argc, char** argv) { return oxbow::bench::main_of_drain(argc, argv); }
