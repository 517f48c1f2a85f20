// Children whose loop has gone. The system keeps the pid of an ended child until its parent has
// waited for it, so that must be done even if the outcome interests no one.
#pragma once

#include <sys/types.h>

namespace oxbow {

// Takes over the child: reaps it as soon as it has ended, and then closes `watch` (from
// open_exit_watch()). Does not block. May be called from any thread.
void reap_elsewhere(pid_t pid, int watch);

}  // namespace oxbow
