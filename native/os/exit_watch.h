// How a process learns that a child of its own has ended, without SIGCHLD, which is for those who
// installed a handler for it (Node has).
#pragma once

#include <sys/types.h>

namespace oxbow {

// A descriptor that becomes readable when the child has ended and stays so; or negative errno.
int open_exit_watch(pid_t pid);

// The same where the system has nothing for it: by a thread that waits.
int open_exit_watch_by_thread(pid_t pid);

struct Exit {
  int code = 0;    // exit code
  int signal = 0;  // the signal that has ended it, or 0
};

// How the child has ended, and frees its number. 0; -EAGAIN while it runs; -ECHILD where somebody
// else has taken it already.
int take_exit(pid_t pid, Exit* out);

// Waits until the child has ended, and frees its number.
void reap_now(pid_t pid);

// Sends a signal to the child that `watch` is for, and to no later process of its number. 0 or
// negative errno.
int signal_child(pid_t pid, int watch, int signal);

}  // namespace oxbow
