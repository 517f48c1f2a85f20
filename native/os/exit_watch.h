// Finds out that a child process has ended, without SIGCHLD, whose handler belongs to others (Node
// installs one).
#pragma once

#include <sys/types.h>

namespace oxbow {

// A descriptor that becomes readable, and stays so, when the child has ended; or negative errno.
int open_exit_watch(pid_t pid);

// The same with a waiting thread, where the system has no such descriptor.
int open_exit_watch_by_thread(pid_t pid);

struct Exit {
  int code = 0;    // exit code
  int signal = 0;  // the signal that has ended it, or 0
};

// Reads how the child has ended, and frees its pid. 0; -EAGAIN while it runs; -ECHILD if other code
// has already reaped it.
int take_exit(pid_t pid, Exit* out);

// Waits until the child has ended, and frees its pid.
void reap_now(pid_t pid);

// Sends a signal to the child that `watch` was opened for. Where `watch` is a pidfd, never to a
// later process with the same pid. 0 or negative errno.
int signal_child(pid_t pid, int watch, int signal);

}  // namespace oxbow
