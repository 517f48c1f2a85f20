// Starts programs. The calling thread is blocked until the child has become the program or has
// failed. The time does not depend on the memory size of this process on systems where the child
// borrows the memory instead of copying page tables.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <sys/types.h>

#include "os/thread_standing.h"
#include "ring/layout.h"

namespace oxbow {

struct SpawnRequest {
  // Paths to try in order, as a search in PATH does.
  std::vector<std::string> programs;
  std::vector<std::string> arguments;    // the first is argv[0]
  std::vector<std::string> environment;  // NAME=value
  std::string directory;                 // empty: ours

  // For stdin, stdout and stderr: a descriptor of ours, or layout::kStdio*.
  uint32_t stdio[3] = {0, 1, 2};
  std::vector<int> passed;  // further descriptors that stay open, under their numbers

  // Negative: inherited.
  int64_t user = -1;
  int64_t group = -1;
  int mask = -1;
  int process_group = -1;  // 0: a new one
  bool session = false;

  // Of the thread that requested the program.
  ThreadStanding standing = ThreadStanding::of_this_thread();
};

struct Spawned {
  pid_t pid = -1;
  int watch = -1;               // see open_exit_watch()
  int pipes[3] = {-1, -1, -1};  // our ends, where a pipe was requested
};

// Starts a program. 0, or a negative errno: then nothing is left of the child, and `stage` says
// what has failed.
int spawn(const SpawnRequest& request, Spawned* out, layout::SpawnStage* stage);

}  // namespace oxbow
