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

class HostLoop {
 public:
  explicit HostLoop(Engine* engine) : engine_(engine) {}
  ~HostLoop() { detach(); }
  HostLoop(const HostLoop&) = delete;
  HostLoop& operator=(const HostLoop&) = delete;

  // Calls `dispatch` whenever something is ready, until detach(). False: Node has no loop for us.
  bool attach(Napi::Env env, Napi::Function dispatch);
  void detach();
  // Something was queued outside a dispatch: do not let Node's loop end or sleep over it.
  void poke();

  // For the libuv callbacks in host_loop.cc.
  void before_poll();
  void after_poll();

 private:
  void run_turns();
  bool dispatch();
  void refresh();

  Engine* engine_;
  HostHandles* handles_ = nullptr;
  Napi::Env env_ = nullptr;
  Napi::FunctionReference dispatch_;
  std::unique_ptr<Napi::AsyncContext> context_;
};

}  // namespace oxbow
