// getaddrinfo on threads of its own: it blocks, sometimes for seconds, so it must not take a
// thread from the pool that files use, nor the loop's.
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

  // family: 0, 4 or 6; flags: AI_*. Returns the request's number.
  uint32_t start(std::string host, std::string service, int family, int flags);
  // The request will not complete. False: it had, and its answer was taken already.
  bool cancel(uint32_t request);

  // Moves what has completed to `out`.
  void take_answers(std::deque<Answer>* out);
  bool busy() const { return pending_ > 0; }

 private:
  struct Shared;
  static void work(std::shared_ptr<Shared> shared);

  Driver* driver_;
  std::shared_ptr<Shared> shared_;
  uint32_t next_request_;
  uint32_t pending_ = 0;
};

}  // namespace oxbow
