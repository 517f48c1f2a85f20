// Starts programs on a dedicated thread: starting one blocks the calling thread until the child has
// become the program, which takes long on a busy machine, so it must not be the loop's thread.
// Programs are started in the order of their requests.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>

#include "driver/driver.h"
#include "os/spawn.h"

namespace oxbow {

class Spawner {
 public:
  struct Answer {
    uint32_t request = 0;
    int error = 0;  // negative errno: it could not be started, and `stage` says where it failed
    layout::SpawnStage stage = layout::SpawnStage::kNone;
    Spawned child;
    bool stays = false;  // it may outlive the loop
  };

  // Request numbers wrap around eventually; a test starts shortly before that.
  explicit Spawner(Driver* driver, uint32_t first_request = 1)
      : driver_(driver), next_request_(first_request) {}
  // A program that is just being started is killed as soon as it has started.
  ~Spawner();

  // Returns the request number.
  uint32_t start(SpawnRequest request, bool stays);
  // True: it was still queued, and will not be started. Otherwise its answer will come.
  bool cancel(uint32_t request);

  // Moves the answers to `out`, of programs that have started or could not be started.
  void take_answers(std::deque<Answer>* out);
  // Discards the answer for a child that is no longer wanted: kills it and closes its pipes.
  static void drop(Answer* answer);

  struct Shared;

 private:
  Driver* driver_;
  std::shared_ptr<Shared> shared_;
  uint32_t next_request_;
  uint32_t pending_ = 0;
};

}  // namespace oxbow
