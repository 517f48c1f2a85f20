// Programs: how they are started, watched and taken, through the system and through the rings.
#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <dirent.h>
#include <poll.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check.h"
#include "engine_harness.h"
#include "os/exit_watch.h"
#include "os/spawn.h"
#include "process/reaper.h"

using namespace oxbow;
using layout::CompletionOp;
using layout::SpawnStage;
using test::Harness;

namespace {

SpawnRequest shell(const char* command) {
  SpawnRequest request;
  request.programs = {"/no/such/folder/sh", "/bin/sh"};
  request.arguments = {"sh", "-c", command};
  request.environment = {"PATH=/bin:/usr/bin", "NAME=value"};
  return request;
}

bool wait_readable(int descriptor) {
  pollfd wait{descriptor, POLLIN, 0};
  return poll(&wait, 1, 10'000) == 1;
}

int count_descriptors() {
  int count = 0;
  DIR* folder = opendir("/dev/fd");
  while (readdir(folder) != nullptr) count++;
  closedir(folder);
  return count;
}

std::string read_all(int descriptor) {
  std::string all;
  char piece[256];
  for (;;) {
    if (!wait_readable(descriptor)) return "(nothing comes)";
    const ssize_t size = ::read(descriptor, piece, sizeof(piece));
    if (size <= 0) return all;
    all.append(piece, static_cast<size_t>(size));
  }
}

void wait_until_reaped(pid_t pid) {
  for (int tries = 0; tries < 10'000 && kill(pid, 0) == 0; tries++) usleep(1000);
  CHECK(kill(pid, 0) != 0);
}

// Starts a program through the rings; what spawned() answers.
int start(Harness& js, SpawnRequest request, bool stays, Spawned* child, SpawnStage* stage) {
  js.control(layout::kControlReferences) = 1;
  const uint32_t number = js.engine().spawn(std::move(request), stays);
  CHECK(number != 0);
  CHECK(js.turn_until([number](const Harness::Ready& ready) {
    return ready.completion.op == CompletionOp::kSpawned && ready.completion.handle == number;
  }));
  const int index = js.engine().spawned(number, child, stage);
  Spawned again;
  CHECK_EQ(js.engine().spawned(number, &again, stage), -EBADF);
  return index;
}

// No child is left, nor a descriptor more than the two that the thread is woken by that reaps.
void wait_until_none_is_left(int descriptors) {
  siginfo_t info;
  for (int tries = 0; tries < 10'000; tries++) {
    if (waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT) != 0) break;
    usleep(1000);
  }
  CHECK_EQ(waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT), -1);
  for (int tries = 0; tries < 10'000 && count_descriptors() > descriptors + 2; tries++)
    usleep(1000);
  CHECK(count_descriptors() <= descriptors + 2);
}

}  // namespace

TEST(a_program_runs_with_pipes_and_its_end_is_taken_once) {
  const int before = count_descriptors();
  SpawnRequest request = shell("read line; echo \"$line $NAME\"; echo err >&2; exit 6");
  request.stdio[0] = layout::kStdioPipe;
  request.stdio[1] = layout::kStdioPipe;
  request.stdio[2] = layout::kStdioOutput;
  Spawned child;
  SpawnStage stage;
  CHECK_EQ(spawn(request, &child, &stage), 0);
  Exit exit;
  CHECK_EQ(take_exit(child.pid, &exit), -EAGAIN);
  CHECK_EQ(child.pipes[2], -1);
  CHECK_EQ(::write(child.pipes[0], "hello\n", 6), 6);
  CHECK_EQ(read_all(child.pipes[1]), std::string("hello value\nerr\n"));
  CHECK(wait_readable(child.watch));
  CHECK_EQ(take_exit(child.pid, &exit), 0);
  CHECK_EQ(exit.code, 6);
  CHECK_EQ(exit.signal, 0);
  CHECK_EQ(take_exit(child.pid, &exit), -ECHILD);
  CHECK_EQ(signal_child(child.pid, child.watch, SIGTERM), -ESRCH);
  ::close(child.watch);
  ::close(child.pipes[0]);
  ::close(child.pipes[1]);
  CHECK_EQ(count_descriptors(), before);
}

TEST(what_cannot_start_says_at_which_stage_and_leaves_nothing) {
  const int before = count_descriptors();
  struct Case {
    SpawnRequest request;
    int error;
    SpawnStage stage;
  };
  std::vector<Case> cases;
  SpawnRequest request = shell("true");
  request.programs = {"/no/such/program", "/etc/passwd/x"};
  cases.push_back({request, -ENOTDIR, SpawnStage::kProgram});
  request = shell("true");
  request.programs = {"/etc/passwd", "/no/such/program"};
  cases.push_back({request, -EACCES, SpawnStage::kProgram});
  request = shell("true");
  request.directory = "/no/such";
  cases.push_back({request, -ENOENT, SpawnStage::kDirectory});
  request = shell("true");
  request.stdio[0] = 4000;
  request.stdio[1] = layout::kStdioPipe;
  cases.push_back({request, -EBADF, SpawnStage::kStdio});
  request = shell("true");
  request.passed = {4000};
  cases.push_back({request, -EBADF, SpawnStage::kPassed});
  for (const Case& each : cases) {
    Spawned child;
    SpawnStage stage;
    CHECK_EQ(spawn(each.request, &child, &stage), each.error);
    CHECK(stage == each.stage);
  }
  CHECK_EQ(count_descriptors(), before);
  CHECK_EQ(waitpid(-1, nullptr, WNOHANG), -1);
}

TEST(handlers_and_the_mask_of_signals_stay_here) {
  struct sigaction ignore {};
  struct sigaction usual {};
  ignore.sa_handler = SIG_IGN;
  sigaction(SIGPIPE, &ignore, &usual);
  sigset_t blocked;
  sigset_t now;
  sigemptyset(&blocked);
  sigaddset(&blocked, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &blocked, nullptr);
  Spawned child;
  SpawnStage stage;
  CHECK_EQ(spawn(shell("kill -PIPE $$"), &child, &stage), 0);
  CHECK(wait_readable(child.watch));
  Exit exit;
  CHECK_EQ(take_exit(child.pid, &exit), 0);
  CHECK_EQ(exit.signal, SIGPIPE);
  ::close(child.watch);
  pthread_sigmask(SIG_SETMASK, nullptr, &now);
  CHECK_EQ(sigismember(&now, SIGTERM), 1);
  CHECK_EQ(sigismember(&now, SIGINT), 0);
  pthread_sigmask(SIG_UNBLOCK, &blocked, nullptr);
  sigaction(SIGPIPE, &usual, nullptr);
}

TEST(a_thread_waits_where_the_system_has_no_descriptor_for_it) {
  Spawned child;
  SpawnStage stage;
  SpawnRequest request = shell("read line; exit 2");
  request.stdio[0] = layout::kStdioPipe;
  CHECK_EQ(spawn(request, &child, &stage), 0);
  const int watch = open_exit_watch_by_thread(child.pid);
  CHECK(watch >= 0);
  pollfd wait{watch, POLLIN, 0};
  CHECK_EQ(poll(&wait, 1, 0), 0);
  ::close(child.pipes[0]);
  CHECK(wait_readable(watch));
  Exit exit;
  // By number, since this is no descriptor of a process.
  CHECK_EQ(signal_child(child.pid, watch, 0), 0);
  CHECK_EQ(take_exit(child.pid, &exit), 0);
  CHECK_EQ(exit.code, 2);
  ::close(watch);
  ::close(child.watch);
}

TEST(orphans_are_reaped_however_many) {
  const int before = count_descriptors();
  std::vector<pid_t> pids;
  for (int n = 0; n < 30; n++) {
    Spawned child;
    SpawnStage stage;
    CHECK_EQ(spawn(shell(n % 2 == 0 ? "exit 1" : "exec sleep 100"), &child, &stage), 0);
    if (n % 2 != 0) kill(child.pid, SIGKILL);
    reap_elsewhere(child.pid, child.watch);
    pids.push_back(child.pid);
  }
  for (const pid_t pid : pids) wait_until_reaped(pid);
  // It has kept the descriptor that it is woken by.
  for (int tries = 0; tries < 10'000 && count_descriptors() > before + 2; tries++) usleep(1000);
  CHECK(count_descriptors() <= before + 2);
}

TEST(the_engine_tells_of_a_child_that_ends) {
  Harness js("auto");
  js.control(layout::kControlReferences) = 1;
  Spawned child;
  SpawnStage stage;
  const int index = start(js, shell("kill -TERM $$"), false, &child, &stage);
  CHECK(index >= 0);
  const uint32_t generation = js.control(layout::kControlLastGeneration);
  int result = 0;
  bool exited = false;
  bool closed = false;
  CHECK(js.turn_until([&](const Harness::Ready& ready) {
    if (ready.completion.op == CompletionOp::kExited) {
      CHECK(!closed);
      exited = true;
      result = ready.completion.result;
      CHECK_EQ(ready.completion.length, 0u);
    }
    closed = closed || ready.completion.op == CompletionOp::kClosed;
    return closed;
  }));
  CHECK(exited);
  CHECK_EQ(result, -SIGTERM);
  CHECK_EQ(js.engine().signal_child(static_cast<uint32_t>(index), generation, SIGTERM), -ESRCH);
}

TEST(a_child_that_somebody_else_has_waited_for_is_told_as_unknown) {
  Harness js("auto");
  js.control(layout::kControlReferences) = 1;
  Spawned child;
  SpawnStage stage;
  CHECK(start(js, shell("exit 3"), false, &child, &stage) >= 0);
  int status;
  CHECK_EQ(waitpid(child.pid, &status, 0), child.pid);
  bool unknown = false;
  CHECK(js.turn_until([&](const Harness::Ready& ready) {
    if (ready.completion.op == CompletionOp::kExited) unknown = ready.completion.length == 1;
    return ready.completion.op == CompletionOp::kClosed;
  }));
  CHECK(unknown);
}

TEST(an_engine_that_goes_takes_its_children_with_it_but_for_those_that_stay) {
  pid_t goes;
  pid_t stays;
  {
    Harness js("auto");
    Spawned child;
    SpawnStage stage;
    CHECK(start(js, shell("exec sleep 100"), false, &child, &stage) >= 0);
    goes = child.pid;
    CHECK(start(js, shell("exec sleep 100"), true, &child, &stage) >= 0);
    stays = child.pid;
  }
  wait_until_reaped(goes);
  CHECK_EQ(kill(stays, 0), 0);
  kill(stays, SIGKILL);
  wait_until_reaped(stays);
}

TEST(a_loop_in_simulated_time_has_no_programs) {
  Harness js("virtual");
  CHECK_EQ(js.engine().spawn(shell("true"), false), 0u);
}

TEST(programs_start_in_the_order_in_which_they_were_asked_for) {
  constexpr uint32_t kPrograms = 30;
  Harness js("auto");
  js.control(layout::kControlReferences) = 1;
  std::vector<uint32_t> asked;
  for (uint32_t n = 0; n < kPrograms; n++) {
    SpawnRequest request = shell("true");
    if (n % 3 == 0) request.programs = {"/no/such/program"};
    asked.push_back(js.engine().spawn(std::move(request), false));
  }
  std::vector<uint32_t> told;
  uint32_t failed = 0;
  uint32_t closed = 0;
  CHECK(js.turn_until([&](const Harness::Ready& ready) {
    if (ready.completion.op == CompletionOp::kClosed) closed++;
    if (ready.completion.op == CompletionOp::kSpawned) {
      told.push_back(ready.completion.handle);
      Spawned child;
      SpawnStage stage;
      const int index = js.engine().spawned(ready.completion.handle, &child, &stage);
      if (index < 0) {
        CHECK_EQ(index, -ENOENT);
        CHECK(stage == SpawnStage::kProgram);
        failed++;
      }
    }
    return told.size() == kPrograms && failed + closed == kPrograms;
  }));
  CHECK(told == asked);
  CHECK_EQ(failed, kPrograms / 3);
}

TEST(a_start_is_cancelled_before_it_begins_or_told) {
  constexpr uint32_t kPrograms = 30;
  Harness js("auto");
  js.control(layout::kControlReferences) = 1;
  uint32_t expected = 0;
  std::vector<uint32_t> asked;
  for (uint32_t n = 0; n < kPrograms; n++) asked.push_back(js.engine().spawn(shell("true"), false));
  for (const uint32_t each : asked) {
    const bool gone = js.engine().cancel_spawn(each);
    CHECK(!gone || !js.engine().cancel_spawn(each));
    if (!gone) expected++;
  }
  CHECK(!js.engine().cancel_spawn(4000));
  Spawned child;
  SpawnStage stage;
  uint32_t closed = 0;
  // One more, so that something comes in any case.
  js.engine().spawn(shell("true"), false);
  expected++;
  CHECK(js.turn_until([&](const Harness::Ready& ready) {
    if (ready.completion.op == CompletionOp::kSpawned)
      CHECK(js.engine().spawned(ready.completion.handle, &child, &stage) >= 0);
    if (ready.completion.op == CompletionOp::kClosed) closed++;
    return closed == expected;
  }));
  CHECK_EQ(waitpid(-1, nullptr, WNOHANG), -1);
}

TEST(an_engine_that_goes_while_programs_start_leaves_nothing) {
  const int before = count_descriptors();
  for (const int turns : {0, 1, 5}) {
    Harness js("auto");
    js.control(layout::kControlReferences) = 1;
    for (int n = 0; n < 20; n++) {
      SpawnRequest request = shell("exec sleep 100");
      request.stdio[0] = request.stdio[1] = layout::kStdioPipe;
      // Also those that might stay: nobody has got them.
      CHECK(js.engine().spawn(std::move(request), n % 2 == 0) != 0);
    }
    for (int n = 0; n < turns; n++) js.turn(false);
  }
  wait_until_none_is_left(before);
}

TEST(pipes_are_the_engines_until_they_are_adopted) {
  const int before = count_descriptors();
  {
    Harness js("auto");
    SpawnRequest request = shell("read line");
    for (uint32_t& each : request.stdio) each = layout::kStdioPipe;
    Spawned child;
    SpawnStage stage;
    CHECK(start(js, request, false, &child, &stage) >= 0);
    js.engine().close_pipe(child.pipes[0]);
    // Its number may be another file's by now.
    const int other = dup(child.pipes[2]);
    js.engine().close_pipe(child.pipes[0]);
    CHECK_EQ(::close(other), 0);
    CHECK(js.engine().adopt(child.pipes[1],
                            layout::kDescriptorPipe | layout::kDescriptorReadable) >= 0);
  }
  wait_until_none_is_left(before);
}

// setpriority() and the set of processors are a thread's own on Linux.
#if defined(__linux__)
TEST(a_program_has_the_priority_of_the_thread_that_asked_for_it) {
  SpawnRequest request;
  const int usual = getpriority(PRIO_PROCESS, 0);
  std::thread asking([&request] {
    setpriority(PRIO_PROCESS, 0, getpriority(PRIO_PROCESS, 0) + 3);
    request = shell("nice");
  });
  asking.join();
  request.stdio[1] = layout::kStdioPipe;
  Spawned child;
  SpawnStage stage;
  CHECK_EQ(spawn(request, &child, &stage), 0);
  CHECK_EQ(read_all(child.pipes[1]), std::to_string(std::min(usual + 3, 19)) + "\n");
  CHECK(wait_readable(child.watch));
  Exit exit;
  CHECK_EQ(take_exit(child.pid, &exit), 0);
  ::close(child.watch);
  ::close(child.pipes[1]);
  CHECK_EQ(getpriority(PRIO_PROCESS, 0), usual);
}
#endif

CHECK_MAIN()
