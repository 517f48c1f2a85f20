// TCP echo load. Every byte that comes back is compared with what was sent.
//
//   load_echo --port N | --unix PID [--connections 50] [--size 64] [--depth 1]
//             [--seconds 1.5 | --messages N] [--warmup-seconds 0.3 | --warmup-messages N]
//
// `check` in the answer is the number of bytes that came back right.
#include <cstring>
#include <string>

#include "program.h"
#include "pump.h"
#include "support.h"

namespace oxbow::bench {

class EchoChecker : public Checker {
 public:
  EchoChecker(const PeriodicBytes& stream, size_t message_size)
      : stream_(stream), message_size_(message_size) {}

  int64_t take(Connection& connection, std::string_view bytes) override {
    if (std::memcmp(bytes.data(), stream_.at(connection.received), bytes.size()) != 0) return -1;
    right_ += bytes.size();
    const uint64_t before = connection.received / message_size_;
    const uint64_t after = (connection.received + bytes.size()) / message_size_;
    return static_cast<int64_t>(after - before);
  }

  const uint64_t& right() const { return right_; }

 private:
  const PeriodicBytes& stream_;
  size_t message_size_;
  uint64_t right_ = 0;
};

// 251 is prime, so no two neighbouring messages of a usual size look alike and a server that
// repeats or swaps buffers is caught.
static std::string pattern() {
  std::string period;
  for (int i = 0; i < 251; i++) period.push_back(static_cast<char>(i));
  return period;
}

int run_program(int argc, char** argv) {
  Arguments arguments(argc, argv);
  const Place place = place_of(&arguments);
  const int64_t connections = arguments.integer("connections", 50, 1, 20'000);
  const auto size = static_cast<size_t>(arguments.integer("size", 64, 1, 1 << 20));
  const int64_t depth = arguments.integer("depth", 1, 1, 1024);
  const Plan plan = plan_of(arguments);
  arguments.finish();

  const PeriodicBytes stream(pattern());
  EchoChecker checker(stream, size);
  Pump pump(place, connections, depth, size, stream, checker);
  warm_up_and_measure(pump, plan, checker.right());
  return 0;
}

}  // namespace oxbow::bench
