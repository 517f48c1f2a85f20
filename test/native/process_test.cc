// Programs: how they are started, watched and taken, through the system and through the rings.
#include <cerrno>
#include <csignal>
#include <cstring>

#include <dirent.h>
#include <poll.h>
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
  const int index = js.engine().spawn(shell("kill -TERM $$"), false, &child, &stage);
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
  CHECK(js.engine().spawn(shell("exit 3"), false, &child, &stage) >= 0);
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
    CHECK(js.engine().spawn(shell("exec sleep 100"), false, &child, &stage) >= 0);
    goes = child.pid;
    CHECK(js.engine().spawn(shell("exec sleep 100"), true, &child, &stage) >= 0);
    stays = child.pid;
  }
  wait_until_reaped(goes);
  CHECK_EQ(kill(stays, 0), 0);
  kill(stays, SIGKILL);
  wait_until_reaped(stays);
}

TEST(a_loop_in_simulated_time_has_no_programs) {
  Harness js("virtual");
  Spawned child;
  SpawnStage stage;
  CHECK_EQ(js.engine().spawn(shell("true"), false, &child, &stage), -EOPNOTSUPP);
}

CHECK_MAIN()
