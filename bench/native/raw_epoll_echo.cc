// The floor for TCP echo. Prints {"port":N}; ends with standard input.
#include "raw_epoll.h"

namespace oxbow::bench {

struct Nothing {};

static std::string_view echo(Nothing&, std::string_view received) { return received; }

}  // namespace oxbow::bench

int main() {
  using namespace oxbow::bench;
  RawServer<Nothing, decltype(&echo)>(echo).run();
  return 0;
}
