// Riding inside Node's own libuv loop: turns run when the driver has something, and Node's work
// runs between them.
#pragma once

#include <memory>

#include <napi.h>

#include "engine/engine.h"

namespace oxbow {

struct HostHandles;

// An errno as Node words it. `number` is negative.
struct ErrnoText {
  const char* name;
  const char* message;
};
ErrnoText errno_text(int number);

// Whether `env` is that of the process: a worker's has a loop of its own.
bool is_main_thread(napi_env env);

// Shared, because a dispatch may close its own loop: both stay until the turn that it is in ends.
class HostLoop : public std::enable_shared_from_this<HostLoop> {
 public:
  explicit HostLoop(std::shared_ptr<Engine> engine) : engine_(std::move(engine)) {}
  ~HostLoop() { detach(); }
  HostLoop(const HostLoop&) = delete;
  HostLoop& operator=(const HostLoop&) = delete;

  // Calls `dispatch` whenever something is ready, until detach(); and with true where simulated
  // time stands still for good, as far as the driver knows. False: Node has no loop for us.
  bool attach(Napi::Env env, Napi::Function dispatch);
  void detach();
  // Something was queued outside a dispatch: do not let Node's loop end or sleep over it.
  void poke();

  // Adds what Node's loop has slept since the last time to the statistics.
  void count_idle();

  // For the libuv callbacks in host_loop.cc.
  void before_poll();
  void after_poll();

 private:
  void run_turns();
  bool stands_still();
  bool dispatch(bool in_vain);
  void refresh();

  std::shared_ptr<Engine> engine_;
  HostHandles* handles_ = nullptr;
  uint64_t idle_ns_ = 0;        // of Node's loop, as far as it was counted
  bool asked_in_vain_ = false;  // JavaScript knows that time stands still: Node's loop may sleep
  Napi::Env env_ = nullptr;
  Napi::FunctionReference dispatch_;
  std::shared_ptr<Napi::AsyncContext> context_;
};

}  // namespace oxbow
