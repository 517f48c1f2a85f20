// Children whose loop has gone. The system keeps the number of a child that has ended until its
// parent has asked how, so it must be asked for even where the answer interests no one.
#pragma once

#include <sys/types.h>

namespace oxbow {

// Takes the child over: frees its number as soon as it has ended, and closes `watch` (of
// open_exit_watch()). Never waits. From any thread.
void reap_elsewhere(pid_t pid, int watch);

}  // namespace oxbow
