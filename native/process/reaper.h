// Children whose loop has gone. The system keeps the number of a child that has ended until its
// parent has asked how, so somebody has to ask, also where nobody wants to know.
#pragma once

#include <sys/types.h>

namespace oxbow {

// Takes the child over: frees its number as soon as it has ended, and closes `watch` (of
// open_exit_watch()). Never waits. From any thread.
void reap_elsewhere(pid_t pid, int watch);

}  // namespace oxbow
