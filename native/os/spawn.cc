#include "os/spawn.h"

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <memory>

#include <fcntl.h>
#include <grp.h>
#include <pthread.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>
#if defined(__linux__)
#include <sched.h>
#include <sys/syscall.h>
#endif

#include "os/exit_watch.h"
#include "os/sockets.h"

namespace oxbow {
namespace {

using layout::SpawnStage;

// Descriptors below this are stdin, stdout and stderr.
constexpr int kStdioCount = 3;

// On systems that cannot mark all descriptors at once, those up to this limit are marked one by
// one.
constexpr int kDescriptorsMax = 1 << 16;

// What the child reports when it cannot become the program.
struct Failure {
  SpawnStage stage;
  int error;
};

// Everything that the child needs, prepared before it exists, because it must not allocate.
struct Plan {
  const SpawnRequest* request = nullptr;
  std::vector<const char*> programs;
  std::vector<char*> arguments;
  std::vector<char*> environment;
  int stdio[kStdioCount] = {-1, -1, -1};
  int report = -1;  // closed by the system when the program starts
  int descriptor_limit = 0;
  ThreadStanding standing;  // of this thread, which the child inherits
};

// --- In the child: nothing but async-signal-safe calls -------------------------------------------
//
// It may run in our memory, on a separate stack (clone) or on ours (vfork), while this thread is
// suspended. Sanitizers would report that stack as an error.
#if defined(__clang__) || defined(__GNUC__)
#define OXBOW_IN_CHILD __attribute__((no_sanitize("address", "thread")))
#else
#define OXBOW_IN_CHILD
#endif

[[noreturn]] OXBOW_IN_CHILD void fail(const Plan& plan, SpawnStage stage, int error) {
  const Failure failure{stage, error};
  ssize_t size;
  do {
    size = ::write(plan.report, &failure, sizeof(failure));
  } while (size < 0 && errno == EINTR);
  _exit(127);
}

// Signals were blocked before the child was created, so that none of our handlers runs in it. A
// program expects default dispositions, also for signals that Node ignores (SIGPIPE).
OXBOW_IN_CHILD void reset_signals() {
  struct sigaction usual;
  usual.sa_flags = 0;
  usual.sa_handler = SIG_DFL;
  sigemptyset(&usual.sa_mask);
  for (int signal = 1; signal < NSIG; signal++) {
    // The C library reserves some signals, and refuses.
    if (signal != SIGKILL && signal != SIGSTOP) sigaction(signal, &usual, nullptr);
  }
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
}

// Restores what the child has inherited from the spawning thread and the requesting thread has
// differently.
OXBOW_IN_CHILD void assume([[maybe_unused]] const ThreadStanding& wanted,
                           [[maybe_unused]] const ThreadStanding& current) {
#if defined(__linux__)
  if (wanted.has_priority && current.has_priority &&
      std::memcmp(wanted.priority, current.priority, sizeof(wanted.priority)) != 0) {
    syscall(SYS_sched_setattr, 0, wanted.priority, 0);
  }
  if (wanted.processors_size > 0 && wanted.processors_size == current.processors_size &&
      std::memcmp(wanted.processors, current.processors, wanted.processors_size) != 0) {
    syscall(SYS_sched_setaffinity, 0, wanted.processors_size, wanted.processors);
  }
#endif
}

// Copies a descriptor above the first three, which are about to be replaced.
OXBOW_IN_CHILD int above_stdio(const Plan& plan, int descriptor) {
  if (descriptor >= kStdioCount) return descriptor;
  const int copy = fcntl(descriptor, F_DUPFD_CLOEXEC, kStdioCount);
  if (copy < 0) fail(plan, SpawnStage::kStdio, errno);
  return copy;
}

OXBOW_IN_CHILD void set_close_on_exec(int descriptor, bool closes) {
  const int flags = fcntl(descriptor, F_GETFD);
  if (flags < 0) return;
  fcntl(descriptor, F_SETFD, closes ? flags | FD_CLOEXEC : flags & ~FD_CLOEXEC);
}

OXBOW_IN_CHILD void close_others_on_exec(const Plan& plan) {
#if defined(__linux__) && defined(SYS_close_range)
  constexpr unsigned int kCloseOnExec = 1 << 2;  // CLOSE_RANGE_CLOEXEC, of Linux 5.11
  if (syscall(SYS_close_range, kStdioCount, ~0u, kCloseOnExec) == 0) return;
#endif
  for (int each = kStdioCount; each < plan.descriptor_limit; each++) set_close_on_exec(each, true);
}

OXBOW_IN_CHILD void arrange_descriptors(Plan* plan) {
  plan->report = above_stdio(*plan, plan->report);
  int sources[kStdioCount];
  for (int n = 0; n < kStdioCount; n++) {
    sources[n] = plan->stdio[n] == n ? n : above_stdio(*plan, plan->stdio[n]);
  }
  for (int n = 0; n < kStdioCount; n++) {
    if (sources[n] == n) {
      set_close_on_exec(n, false);
    } else if (dup2(sources[n], n) < 0) {
      fail(*plan, SpawnStage::kStdio, errno);
    }
    // Programs do not expect EAGAIN on stdio.
    const int flags = fcntl(n, F_GETFL);
    if (flags >= 0 && (flags & O_NONBLOCK) != 0) fcntl(n, F_SETFL, flags & ~O_NONBLOCK);
  }
  close_others_on_exec(*plan);
  for (const int each : plan->request->passed) {
    if (fcntl(each, F_GETFD) < 0) fail(*plan, SpawnStage::kPassed, errno);
    set_close_on_exec(each, false);
  }
}

// By system calls, because the C library's functions change the user of all threads of the process,
// and the child may still share memory with us.
OXBOW_IN_CHILD void become(const Plan& plan) {
  const SpawnRequest& request = *plan.request;
  if (request.user < 0 && request.group < 0) return;
#if defined(__linux__)
  // Without the privilege for this there are no groups to drop.
  syscall(SYS_setgroups, 0, nullptr);
  if (request.group >= 0 && syscall(SYS_setgid, request.group) != 0) {
    fail(plan, SpawnStage::kGroup, errno);
  }
  if (request.user >= 0 && syscall(SYS_setuid, request.user) != 0) {
    fail(plan, SpawnStage::kUser, errno);
  }
#else
  setgroups(0, nullptr);
  if (request.group >= 0 && setgid(static_cast<gid_t>(request.group)) != 0) {
    fail(plan, SpawnStage::kGroup, errno);
  }
  if (request.user >= 0 && setuid(static_cast<uid_t>(request.user)) != 0) {
    fail(plan, SpawnStage::kUser, errno);
  }
#endif
}

// Errors that mean only that the program is not in this place; the next one may have it.
OXBOW_IN_CHILD bool is_elsewhere(int error) {
  return error == ENOENT || error == ENOTDIR || error == EACCES || error == ENODEV ||
         error == ESTALE || error == ETIMEDOUT || error == ELOOP || error == ENAMETOOLONG;
}

[[noreturn]] OXBOW_IN_CHILD void execute(const Plan& plan) {
  int error = ENOENT;
  for (const char* program : plan.programs) {
    execve(program, plan.arguments.data(), plan.environment.data());
    int why = errno;
    // A folder of PATH that cannot be searched tells nothing about the program.
    if (why == EACCES && plan.programs.size() > 1 && access(program, F_OK) != 0) why = ENOENT;
    // "Permission denied" for one place is more helpful than "not found" for the others.
    if (error != EACCES || !is_elsewhere(why)) error = why;
    if (!is_elsewhere(error)) break;
  }
  fail(plan, SpawnStage::kProgram, error);
}

[[noreturn]] OXBOW_IN_CHILD void run_child(Plan* plan) {
  const SpawnRequest& request = *plan->request;
  reset_signals();
  assume(request.standing, plan->standing);
  if (request.session && setsid() < 0) fail(*plan, SpawnStage::kProcessGroup, errno);
  if (request.process_group >= 0 && setpgid(0, request.process_group) != 0) {
    fail(*plan, SpawnStage::kProcessGroup, errno);
  }
  arrange_descriptors(plan);
  if (!request.directory.empty() && chdir(request.directory.c_str()) != 0) {
    fail(*plan, SpawnStage::kDirectory, errno);
  }
  if (request.mask >= 0) umask(static_cast<mode_t>(request.mask));
  become(*plan);
  execute(*plan);
}

#if defined(__linux__)
OXBOW_IN_CHILD int enter_child(void* plan) { run_child(static_cast<Plan*>(plan)); }
#endif

// --- In the parent -------------------------------------------------------------------------------

// A process that becomes another user must not share our memory even for a moment: the kernel would
// restrict what this process may do (it is no longer dumpable). And the thread sanitizer treats
// clone() as a fork: it would forget, in the shared memory, that there are other threads.
[[maybe_unused]] bool shares_memory([[maybe_unused]] const SpawnRequest& request) {
#if defined(__SANITIZE_THREAD__)
  return false;
#else
  return request.user < 0 && request.group < 0;
#endif
}

// Returns a pid, or negative errno. Where the system supports it, `watch` becomes a descriptor like
// that of open_exit_watch(); otherwise -1.
pid_t start_child(Plan* plan, int* watch) {
  *watch = -1;
  pid_t pid = -1;
#if defined(__linux__)
  if (shares_memory(*plan->request)) {
    constexpr size_t kStackBytes = 64 * 1024;
    constexpr int kPidDescriptor = 0x1000;  // CLONE_PIDFD, of Linux 5.2
    const std::unique_ptr<char, decltype(&std::free)> stack(
        static_cast<char*>(std::aligned_alloc(64, kStackBytes)), &std::free);
    if (stack == nullptr) return -ENOMEM;
    char* const top = stack.get() + kStackBytes;
    // The memory is shared and this thread waits. On systems that copy it instead (qemu, WSL 1)
    // this works as well, because nothing is returned through memory.
    for (const int extra : {kPidDescriptor, 0}) {
      pid = clone(enter_child, top, CLONE_VM | CLONE_VFORK | extra | SIGCHLD, plan, watch);
      if (pid >= 0) return pid;
      *watch = -1;
      if (errno != EINVAL && errno != ENOSYS && errno != EPERM) return -errno;
    }
  }
  pid = fork();
#elif defined(__APPLE__)
  pid = fork();
#else
  pid = shares_memory(*plan->request) ? vfork() : fork();
#endif
  if (pid == 0) run_child(plan);
  return pid < 0 ? -errno : pid;
}

// Closes descriptors on leaving the scope, unless they were given away.
class Descriptors {
 public:
  Descriptors() = default;
  ~Descriptors() {
    for (const int each : all_) close_descriptor(each);
  }
  Descriptors(const Descriptors&) = delete;
  Descriptors& operator=(const Descriptors&) = delete;

  void add(int descriptor) { all_.push_back(descriptor); }
  int give(int descriptor) {
    std::erase(all_, descriptor);
    return descriptor;
  }

 private:
  std::vector<int> all_;
};

void make_blocking(int descriptor) {
  fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) & ~O_NONBLOCK);
}

// Puts the child's ends into `plan` and ours into `pipes`. 0 or negative errno.
int open_stdio(Plan* plan, int pipes[kStdioCount], Descriptors* open) {
  int nothing = -1;
  for (int n = 0; n < kStdioCount; n++) {
    const uint32_t wanted = plan->request->stdio[n];
    if (wanted == layout::kStdioNull) {
      if (nothing < 0) {
        nothing = ::open("/dev/null", O_RDWR | O_CLOEXEC);
        if (nothing < 0) return -errno;
        open->add(nothing);
      }
      plan->stdio[n] = nothing;
    } else if (wanted == layout::kStdioPipe) {
      int ends[2];
      const int error = open_pipe(ends);
      if (error != 0) return error;
      for (const int end : ends) open->add(end);
      const bool is_input = n == 0;
      plan->stdio[n] = ends[is_input ? 0 : 1];
      pipes[n] = ends[is_input ? 1 : 0];
      make_blocking(plan->stdio[n]);
    } else if (wanted == layout::kStdioOutput) {
      plan->stdio[n] = plan->stdio[1];
    } else {
      plan->stdio[n] = static_cast<int>(wanted);
    }
  }
  return 0;
}

std::vector<char*> pointers(const std::vector<std::string>& texts) {
  std::vector<char*> all;
  all.reserve(texts.size() + 1);
  // execve() promises not to write to them.
  for (const std::string& each : texts) all.push_back(const_cast<char*>(each.c_str()));
  all.push_back(nullptr);
  return all;
}

int descriptor_limit() {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur > kDescriptorsMax) {
    return kDescriptorsMax;
  }
  return static_cast<int>(limit.rlim_cur);
}

// Reads what the child reports; an end without a report means that the program has started.
Failure read_report(int descriptor) {
  Failure failure{SpawnStage::kNone, 0};
  ssize_t size;
  do {
    size = ::read(descriptor, &failure, sizeof(failure));
  } while (size < 0 && errno == EINTR);
  return size == sizeof(failure) ? failure : Failure{SpawnStage::kNone, 0};
}

}  // namespace

int spawn(const SpawnRequest& request, Spawned* out, SpawnStage* stage) {
  *stage = SpawnStage::kStart;
  Plan plan;
  plan.request = &request;
  plan.descriptor_limit = descriptor_limit();
  plan.standing = ThreadStanding::of_this_thread();
  for (const std::string& each : request.programs) plan.programs.push_back(each.c_str());
  plan.arguments = pointers(request.arguments);
  plan.environment = pointers(request.environment);

  Descriptors open;
  int pipes[kStdioCount] = {-1, -1, -1};
  int error = open_stdio(&plan, pipes, &open);
  if (error != 0) return error;
  int report[2];
  error = open_pipe(report);
  if (error != 0) return error;
  for (const int end : report) {
    open.add(end);
    make_blocking(end);
  }
  plan.report = report[1];

  sigset_t all;
  sigset_t before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  int watch = -1;
  const pid_t pid = start_child(&plan, &watch);
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
  if (pid < 0) return pid;
  if (watch >= 0) open.add(watch);

  close_descriptor(open.give(report[1]));
  const Failure failure = read_report(report[0]);
  if (failure.stage != SpawnStage::kNone) {
    reap_now(pid);
    *stage = failure.stage;
    return -failure.error;
  }
  if (watch < 0) watch = open_exit_watch(pid);
  if (watch < 0) {
    kill(pid, SIGKILL);
    reap_now(pid);
    return watch;
  }
  *out = {.pid = pid, .watch = open.give(watch), .pipes = {}};
  for (int n = 0; n < kStdioCount; n++) {
    out->pipes[n] = pipes[n] < 0 ? -1 : open.give(pipes[n]);
  }
  *stage = SpawnStage::kNone;
  return 0;
}

}  // namespace oxbow
