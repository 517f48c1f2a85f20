// getaddrinfo and getnameinfo on threads of its own: they block, sometimes for seconds, so they
// must not take a thread from the pool that files use, nor the loop's. There are as many threads as
// lookups under way, up to a bound, so a slow name holds up no other; idle ones end after a while.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <thread>
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

  // Numbers of requests begin again in the end; a test starts shortly before that.
  explicit Resolver(Driver* driver, uint32_t first_request = 1)
      : driver_(driver), next_request_(first_request) {}
  // Does not wait for lookups under way: their threads outlive it and drop the answers.
  ~Resolver();

  // family: 0, 4 or 6; flags: AI_*; type: layout::kService*. Returns the request's number.
  uint32_t start(std::string host, std::string service, int family, int flags, uint32_t type);
  // The other way round; flags: layout::kName*. The answer has two texts, of host and service,
  // where addresses have their host.
  uint32_t start_back(const Address& address, uint32_t flags);
  // The request will not complete. False: it had, and its answer was taken already.
  bool cancel(uint32_t request);

  // Moves what has completed to `out`.
  void take_answers(std::deque<Answer>* out);
  bool busy() const { return pending_ > 0; }

 private:
  struct Shared;
  struct Request;
  uint32_t start(Request request);
  static Answer look_up(const Request& request);
  static Answer look_back(const Request& request);
  static void work(std::shared_ptr<Shared> shared);

  Driver* driver_;
  std::shared_ptr<Shared> shared_;
  uint32_t next_request_;
  uint32_t pending_ = 0;
};

}  // namespace oxbow
