// Programs that are being started, by a thread that does nothing else: whoever starts one stands
// still until the child has turned into the program, for as long as its way there takes on a busy
// machine, and that must not be the loop. They start in the order in which they were asked for.
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
    int error = 0;  // negative errno: it could not be started, and `stage` says why
    layout::SpawnStage stage = layout::SpawnStage::kNone;
    Spawned child;
    bool stays = false;  // it may outlive the loop
  };

  // Numbers of requests begin again in the end; a test starts shortly before that.
  explicit Spawner(Driver* driver, uint32_t first_request = 1)
      : driver_(driver), next_request_(first_request) {}
  // What is being started, nobody will have: it is killed as soon as it is there.
  ~Spawner();

  // Returns the request's number.
  uint32_t start(SpawnRequest request, bool stays);
  // True: it had not begun, and will not. Else its answer comes.
  bool cancel(uint32_t request);

  // Moves what has started, or could not, to `out`.
  void take_answers(std::deque<Answer>* out);
  // Of a child that nobody wants any more.
  static void drop(Answer* answer);

  struct Shared;

 private:
  Driver* driver_;
  std::shared_ptr<Shared> shared_;
  uint32_t next_request_;
  uint32_t pending_ = 0;
};

}  // namespace oxbow
