// Runs getaddrinfo and getnameinfo on separate threads: they block, sometimes for seconds, so they
// must use neither the loop's thread nor the pool that files use. There are as many threads as
// lookups in progress, up to a limit, so a slow name does not delay the others; idle threads end
// after a while. If the system gives no more threads, lookups wait for those that there are; if
// there are none, they fail.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "driver/driver.h"
#include "os/address.h"
#include "ring/layout.h"

namespace oxbow {

class Resolver {
 public:
  struct Answer {
    uint32_t request;
    layout::LookupError error;
    std::vector<AddressText> addresses;
  };

  // Request numbers wrap around eventually; a test starts shortly before that.
  explicit Resolver(Driver* driver, uint32_t first_request = 1)
      : driver_(driver), next_request_(first_request) {}
  // Does not wait for running lookups: their threads outlive it and drop the answers.
  ~Resolver();

  // family: 0, 4 or 6; flags: AI_*; type: layout::kService*. Returns the request number.
  uint32_t start(std::string host, std::string service, int family, int flags, uint32_t type);
  // Reverse lookup; flags: layout::kName*. Its answer has two entries, the host and the service,
  // each in the place of an address's host.
  uint32_t start_back(const Address& address, uint32_t flags);
  // Cancels a request: it will not complete. False: it has completed, and its answer was taken
  // already.
  bool cancel(uint32_t request);

  // Moves the completed answers to `out`.
  void take_answers(std::deque<Answer>* out);
  bool busy() const { return pending_ > 0; }

 private:
  struct Shared;
  struct Request;
  uint32_t start(Request request);
  static Answer look_up(const Request& request);
  static Answer look_back(const Request& request);
  // The body of a thread; `owner`, a std::shared_ptr<Shared>*, becomes its own.
  static void* work(void* owner);

  Driver* driver_;
  std::shared_ptr<Shared> shared_;
  uint32_t next_request_;
  uint32_t pending_ = 0;
};

}  // namespace oxbow
