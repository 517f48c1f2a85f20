// Orphans where the system cannot wait for so many descriptors at once.
#include <cerrno>
#include <csignal>
#include <string>
#include <thread>

#include <unistd.h>

#include "check.h"
#include "os/spawn.h"
#include "process/reaper.h"
#include "syscall_wraps.h"

using namespace oxbow;

namespace {

// A child that ends when its pipe is closed.
Spawned start_child() {
  SpawnRequest request;
  request.programs = {"/bin/sh"};
  request.arguments = {"sh", "-c", "read line"};
  request.environment = {"PATH=/bin:/usr/bin"};
  request.stdio[0] = layout::kStdioPipe;
  Spawned child;
  layout::SpawnStage stage;
  CHECK_EQ(spawn(request, &child, &stage), 0);
  return child;
}

// Once it was reaped, the system does not know its number any more.
bool known(pid_t pid) { return kill(pid, 0) == 0; }

void end_child(const Spawned& child) {
  ::close(child.pipes[0]);
  while (known(child.pid)) std::this_thread::yield();
}

}  // namespace

TEST(orphans_that_cannot_be_waited_for_are_asked_now_and_then) {
  auto& polls = test::other_polls();
  for (const int refusal : {EINVAL, ENOMEM}) {
    const uint32_t before = polls.refused;
    polls.refusal = refusal;
    const Spawned first = start_child();
    const Spawned second = start_child();
    reap_elsewhere(first.pid, first.watch);
    reap_elsewhere(second.pid, second.watch);
    while (polls.refused < before + 5) std::this_thread::yield();
    CHECK(known(first.pid) && known(second.pid));
    end_child(first);
    CHECK(known(second.pid));
    end_child(second);
    // A pause after each refusal.
    CHECK_EQ(polls.limited, polls.refused);
  }
}

TEST(they_are_waited_for_as_soon_as_that_is_possible_again) {
  auto& polls = test::other_polls();
  const Spawned child = start_child();
  polls.refusal = EINVAL;
  const uint32_t before = polls.refused;
  reap_elsewhere(child.pid, child.watch);
  while (polls.refused < before + 2) std::this_thread::yield();
  polls.refusal = 0;
  end_child(child);
  CHECK_EQ(polls.limited, polls.refused);
}

CHECK_MAIN()
