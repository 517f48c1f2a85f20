#include "base/interrupt.h"

#include <atomic>
#include <cerrno>
#include <csignal>

#include <sched.h>

#include "base/assert.h"

namespace oxbow {
namespace {

// What the handler may touch: lock-free atomics.
std::atomic<bool> taken{false};
std::atomic<bool> arrived{false};
std::atomic<int> handlers_running{0};
std::atomic<InterruptWatch::Wake> wake_function{nullptr};
std::atomic<void*> wake_context{nullptr};
struct sigaction before;

static_assert(std::atomic<void*>::is_always_lock_free && std::atomic<int>::is_always_lock_free);

void on_interrupt(int signal) {
  const int error = errno;
  handlers_running.fetch_add(1);
  const InterruptWatch::Wake wake = wake_function.load();
  if (arrived.exchange(true)) {
    // The first has not been looked at: the program computes, and would never end.
    struct sigaction otherwise {};
    otherwise.sa_handler = SIG_DFL;
    sigaction(signal, &otherwise, nullptr);
    raise(signal);
  } else if (wake != nullptr) {
    wake(wake_context.load());
  }
  handlers_running.fetch_sub(1);
  errno = error;
}

}  // namespace

bool InterruptWatch::begin(Wake wake, void* context) {
  OXBOW_ASSERT(!listening_);
  if (taken.exchange(true)) return false;
  arrived.store(false);
  wake_context.store(context);
  wake_function.store(wake);
  struct sigaction ours {};
  ours.sa_handler = on_interrupt;
  // What the program itself reads from files must not fail because of this.
  ours.sa_flags = SA_RESTART;
  const int outcome = sigaction(SIGINT, &ours, &before);
  OXBOW_ASSERT(outcome == 0);
  listening_ = true;
  return true;
}

void InterruptWatch::end() {
  if (!listening_) return;
  listening_ = false;
  struct sigaction now {};
  sigaction(SIGINT, nullptr, &now);
  // The program may have begun to listen itself; that stays.
  if (now.sa_handler == on_interrupt) sigaction(SIGINT, &before, nullptr);
  wake_function.store(nullptr);
  while (handlers_running.load() != 0) sched_yield();
  taken.store(false);
}

bool InterruptWatch::take() { return listening_ && arrived.load() && arrived.exchange(false); }

}  // namespace oxbow
