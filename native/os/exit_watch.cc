#include "os/exit_watch.h"

#include <cerrno>
#include <csignal>

#include <sys/wait.h>
#include <unistd.h>
#if defined(__linux__)
#include <sys/syscall.h>
#else
#include <fcntl.h>

#include "os/kevent.h"
#endif

#include "os/sockets.h"
#include "os/threads.h"

namespace oxbow {

#if defined(__linux__)

int open_exit_watch(pid_t pid) {
#if defined(SYS_pidfd_open)
  const long descriptor = syscall(SYS_pidfd_open, pid, 0);
  if (descriptor >= 0) return static_cast<int>(descriptor);
  // Linux before 5.3, and sandboxes that do not know the call.
  if (errno != ENOSYS && errno != EPERM && errno != EINVAL) return -errno;
#endif
  return open_exit_watch_by_thread(pid);
}

int signal_child(pid_t pid, int watch, int signal) {
#if defined(SYS_pidfd_send_signal)
  if (syscall(SYS_pidfd_send_signal, watch, signal, nullptr, 0) == 0) return 0;
  // It is not a pidfd, or the system does not support the call.
  if (errno != EBADF && errno != ENOSYS && errno != EPERM) return -errno;
#else
  (void)watch;
#endif
  return ::kill(pid, signal) == 0 ? 0 : -errno;
}

#else

// A separate kqueue, which is a descriptor like any other: readable when it has an event. Using the
// driver's own kqueue would save a descriptor, but be a special case in the contract.
int open_exit_watch(pid_t pid) {
  const int queue = kqueue();
  if (queue < 0) return -errno;
  fcntl(queue, F_SETFD, FD_CLOEXEC);
  const timespec now{0, 0};
  const kernel::Event exit = kernel::make_event(static_cast<uint64_t>(pid), EVFILT_PROC,
                                                EV_ADD | EV_ONESHOT, NOTE_EXIT, 0, 0);
  if (kernel::queue_events(queue, &exit, 1, nullptr, 0, &now) == 0) return queue;
  const int error = errno;
  // On macOS ESRCH means that the child has ended already: make the kqueue readable at once.
  const kernel::Event changes[] = {
      kernel::make_event(0, EVFILT_USER, EV_ADD, 0, 0, 0),
      kernel::make_event(0, EVFILT_USER, 0, NOTE_TRIGGER, 0, 0),
  };
  if (error == ESRCH && kernel::queue_events(queue, changes, 2, nullptr, 0, &now) == 0) {
    return queue;
  }
  ::close(queue);
  return -error;
}

int signal_child(pid_t pid, int, int signal) { return ::kill(pid, signal) == 0 ? 0 : -errno; }

#endif

// A thread waits for the child and then closes its end of a pipe. With WNOWAIT the child stays a
// zombie until take_exit().
int open_exit_watch_by_thread(pid_t pid) {
  int ends[2];
  const int error = open_pipe(ends);
  if (error != 0) return error;
  struct Wait {
    pid_t pid;
    int descriptor;
  };
  Wait* const wait = new Wait{pid, ends[1]};
  const auto body = [](void* argument) -> void* {
    const Wait known = *static_cast<Wait*>(argument);
    delete static_cast<Wait*>(argument);
    siginfo_t info{};
    while (waitid(P_PID, static_cast<id_t>(known.pid), &info, WEXITED | WNOWAIT) != 0 &&
           errno == EINTR) {
    }
    ::close(known.descriptor);
    return nullptr;
  };
  const int failure = start_thread(body, wait);
  if (failure == 0) return ends[0];
  delete wait;
  for (const int end : ends) ::close(end);
  return failure;
}

int take_exit(pid_t pid, Exit* out) {
  siginfo_t info{};
  int outcome;
  do {
    outcome = waitid(P_PID, static_cast<id_t>(pid), &info, WEXITED | WNOHANG);
  } while (outcome != 0 && errno == EINTR);
  if (outcome != 0) return -errno;
  if (info.si_pid == 0) return -EAGAIN;
  const bool exited = info.si_code == CLD_EXITED;
  *out = {.code = exited ? info.si_status : 0, .signal = exited ? 0 : info.si_status};
  return 0;
}

void reap_now(pid_t pid) {
  int status;
  while (waitpid(pid, &status, 0) < 0 && errno == EINTR) {
  }
}

}  // namespace oxbow
