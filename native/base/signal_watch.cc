#include "base/signal_watch.h"

#include <atomic>
#include <cerrno>
#include <csignal>

#include <sched.h>

namespace oxbow {
namespace {

constexpr int kSignals = 65;

// What the handler may use: lock-free atomics, and data written before it was installed.
std::atomic<bool> taken{false};
std::atomic<bool> any{false};
std::atomic<uint32_t> arrived[kSignals];
std::atomic<bool> ends_process[kSignals];
std::atomic<int> handlers_running{0};
std::atomic<SignalWatch::Wake> wake_function{nullptr};
std::atomic<void*> wake_context{nullptr};
struct sigaction before[kSignals];
bool installed[kSignals];

static_assert(std::atomic<void*>::is_always_lock_free && std::atomic<int>::is_always_lock_free);

void call_before(int signal, siginfo_t* info, void* context) {
  const struct sigaction& action = before[signal];
  if ((action.sa_flags & SA_SIGINFO) != 0) {
    action.sa_sigaction(signal, info, context);
  } else if (action.sa_handler != SIG_DFL && action.sa_handler != SIG_IGN) {
    action.sa_handler(signal);
  }
}

void on_signal(int signal, siginfo_t* info, void* context) {
  const int error = errno;
  handlers_running.fetch_add(1);
  const SignalWatch::Wake wake = wake_function.load();
  const bool again = arrived[signal].fetch_add(1) != 0;
  if (again && ends_process[signal].load()) {
    // The first signal was not handled yet: the program is busy computing and may never handle it.
    struct sigaction otherwise {};
    otherwise.sa_handler = SIG_DFL;
    sigaction(signal, &otherwise, nullptr);
    raise(signal);
  } else {
    any.store(true);
    if (wake != nullptr) wake(wake_context.load());
    call_before(signal, info, context);
  }
  handlers_running.fetch_sub(1);
  errno = error;
}

bool is_known(int signal) { return signal > 0 && signal < kSignals && signal < NSIG; }

bool is_ours(int signal) {
  struct sigaction now {};
  sigaction(signal, nullptr, &now);
  return (now.sa_flags & SA_SIGINFO) != 0 && now.sa_sigaction == on_signal;
}

}  // namespace

bool SignalWatch::begin(Wake wake, void* context) {
  if (listening_) return true;
  if (taken.exchange(true)) return false;
  for (std::atomic<uint32_t>& each : arrived) each.store(0);
  any.store(false);
  wake_context.store(context);
  wake_function.store(wake);
  listening_ = true;
  return true;
}

void SignalWatch::listen(int signal, bool ends) {
  if (!listening_ || !is_known(signal)) return;
  ends_process[signal].store(ends);
  if (is_ours(signal)) return;
  // Before installing ours, because it may run at once.
  sigaction(signal, nullptr, &before[signal]);
  struct sigaction ours {};
  ours.sa_sigaction = on_signal;
  // SA_RESTART: the program's own system calls must not fail because of this handler.
  ours.sa_flags = SA_RESTART | SA_SIGINFO;
  installed[signal] = sigaction(signal, &ours, nullptr) == 0;
}

void SignalWatch::forget(int signal) {
  if (!listening_ || !is_known(signal) || !installed[signal]) return;
  installed[signal] = false;
  // The program may have installed its own handler meanwhile; that one stays.
  if (is_ours(signal)) sigaction(signal, &before[signal], nullptr);
}

void SignalWatch::end() {
  if (!listening_) return;
  for (int signal = 1; signal < kSignals; signal++) forget(signal);
  listening_ = false;
  wake_function.store(nullptr);
  while (handlers_running.load() != 0) sched_yield();
  taken.store(false);
}

bool SignalWatch::has_any() const { return listening_ && any.load(); }

int SignalWatch::take() {
  if (!listening_ || !any.exchange(false)) return 0;
  for (int signal = 1; signal < kSignals; signal++) {
    if (arrived[signal].load() == 0) continue;
    arrived[signal].fetch_sub(1);
    any.store(true);
    return signal;
  }
  return 0;
}

}  // namespace oxbow
