// The floor for echo, on TCP or (`--unix 1`) on a Unix socket. Says where it listens; ends with
// standard input.
#include "raw_epoll.h"

namespace oxbow::bench {

struct Nothing {};

static std::string_view echo(Nothing&, std::string_view received) { return received; }

static int main_of_echo(int argc, char** argv) {
  Arguments arguments(argc, argv);
  const bool on_path = arguments.integer("unix", 0, 0, 1) == 1;
  arguments.finish();
  RawServer<Nothing, decltype(&echo)>(echo, on_path).run();
  return 0;
}

}  // namespace oxbow::bench

int main(int argc, char** argv) { return oxbow::bench::main_of_echo(argc, argv); }
