// The floor for sending a file: sendfile(2) in a loop, to every client. Its
// argument is the file. Prints {"port":N}; ends with standard input.
#include <fcntl.h>
#include <poll.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "support.h"

namespace oxbow::bench {

static void send_all(int client, int file, off_t size) {
  for (off_t offset = 0; offset < size;) {
    const ssize_t sent = sendfile(client, file, &offset, static_cast<size_t>(size - offset));
    if (sent == 0) fail("sendfile", "the file became shorter");
    if (sent > 0 || errno == EINTR) continue;
    if (errno != EAGAIN) fail_errno("sendfile");
    pollfd item{client, POLLOUT, 0};
    if (poll(&item, 1, -1) < 0 && errno != EINTR) fail_errno("poll");
  }
}

static int main_of_sendfile(const char* path) {
  const int file = open(path, O_RDONLY | O_CLOEXEC);
  struct stat about;
  if (file < 0 || fstat(file, &about) != 0) fail_errno(path);
  uint16_t port = 0;
  const int listener = listen_loopback(&port);
  announce_port(port);
  pollfd items[2] = {{listener, POLLIN, 0}, {STDIN_FILENO, POLLIN, 0}};
  for (;;) {
    if (poll(items, 2, -1) < 0 && errno != EINTR) fail_errno("poll");
    if (items[1].revents != 0) return 0;
    const int client = accept_one(listener);
    if (client < 0) continue;
    send_all(client, file, about.st_size);
    close(client);
  }
}

}  // namespace oxbow::bench

int main(int argc, char** argv) {
  if (argc != 2) oxbow::bench::fail("raw_sendfile", "the file's path is missing");
  return oxbow::bench::main_of_sendfile(argv[1]);
}
