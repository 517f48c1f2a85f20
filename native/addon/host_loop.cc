// The only file that sees libuv.
//
//   uv_poll     the driver's descriptor: an event, a deadline (timerfd) or a wake has come
//   uv_prepare  before Node's loop polls: take what Node's callbacks queued, arm the deadline
//   uv_idle     active while something is ready, so that Node's loop does not sleep
//   uv_check    after the poll: run turns
#include "addon/host_loop.h"

#include <uv.h>

#include "base/clock.h"

namespace oxbow {

// The handles outlive their HostLoop: libuv frees them later, in its own turn.
struct HostHandles {
  uv_poll_t poll;
  uv_prepare_t prepare;
  uv_check_t check;
  uv_idle_t idle;
  HostLoop* owner;
  napi_async_cleanup_hook_handle hook = nullptr;
  bool polled = false;
  int open = 4;
};

namespace {

// Turns that one round of Node's loop may take while there is always something to do, and the time
// after which no further one starts: Node's own work must not wait much longer than that.
constexpr int kTurnsMax = 64;
constexpr int64_t kTurnsNs = 2'000'000;

HostHandles* handles_of(void* data) { return static_cast<HostHandles*>(data); }

void on_closed(uv_handle_t* handle) {
  HostHandles* handles = handles_of(handle->data);
  if (--handles->open > 0) return;
  // A worker that is being terminated waits for this.
  if (handles->hook != nullptr) napi_remove_async_cleanup_hook(handles->hook);
  delete handles;
}

void on_cleanup(napi_async_cleanup_hook_handle, void* data) {
  HostLoop* owner = handles_of(data)->owner;
  if (owner != nullptr) owner->detach();
}

}  // namespace

ErrnoText errno_text(int number) { return {uv_err_name(number), uv_strerror(number)}; }

bool is_main_thread(napi_env env) {
  uv_loop_s* loop = nullptr;
  return napi_get_uv_event_loop(env, &loop) == napi_ok && loop == uv_default_loop();
}

bool HostLoop::attach(Napi::Env env, Napi::Function dispatch) {
  if (handles_ != nullptr) return true;
  uv_loop_s* loop = nullptr;
  if (napi_get_uv_event_loop(env, &loop) != napi_ok) return false;
  HostHandles* handles = new HostHandles;
  if (uv_poll_init(loop, &handles->poll, engine_->driver()->poll_descriptor()) != 0) {
    delete handles;
    return false;
  }
  uv_prepare_init(loop, &handles->prepare);
  uv_check_init(loop, &handles->check);
  uv_idle_init(loop, &handles->idle);
  handles->owner = this;
  handles->poll.data = handles->prepare.data = handles->check.data = handles->idle.data = handles;
  napi_add_async_cleanup_hook(env, on_cleanup, handles, &handles->hook);

  uv_poll_start(&handles->poll, UV_READABLE,
                [](uv_poll_t* poll, int, int) { handles_of(poll->data)->polled = true; });
  uv_prepare_start(&handles->prepare,
                   [](uv_prepare_t* prepare) { handles_of(prepare->data)->owner->before_poll(); });
  uv_check_start(&handles->check,
                 [](uv_check_t* check) { handles_of(check->data)->owner->after_poll(); });
  // One handle stands for all when it comes to keeping the process alive.
  uv_unref(reinterpret_cast<uv_handle_t*>(&handles->poll));
  uv_unref(reinterpret_cast<uv_handle_t*>(&handles->check));
  uv_unref(reinterpret_cast<uv_handle_t*>(&handles->idle));

  handles_ = handles;
  asked_in_vain_ = false;
  idle_ns_ = uv_metrics_idle_time(loop);
  env_ = env;
  dispatch_ = Napi::Persistent(dispatch);
  context_ = std::make_shared<Napi::AsyncContext>(env, "oxbow");
  refresh();
  return true;
}

void HostLoop::detach() {
  HostHandles* handles = handles_;
  if (handles == nullptr) return;
  count_idle();
  // Inside a dispatch the turn ends here: the memory of the statistics may be gone afterwards.
  engine_->statistics().rest(engine_->driver()->now_ns());
  handles_ = nullptr;
  handles->owner = nullptr;
  dispatch_.Reset();
  context_.reset();
  uv_poll_stop(&handles->poll);
  uv_prepare_stop(&handles->prepare);
  uv_check_stop(&handles->check);
  uv_idle_stop(&handles->idle);
  for (uv_handle_t* handle : {reinterpret_cast<uv_handle_t*>(&handles->poll),
                              reinterpret_cast<uv_handle_t*>(&handles->prepare),
                              reinterpret_cast<uv_handle_t*>(&handles->check),
                              reinterpret_cast<uv_handle_t*>(&handles->idle)}) {
    uv_close(handle, on_closed);
  }
}

// Turns do not wait here: Node's loop does, for all of us, and knows how long. Simulated time
// passes in the turns themselves.
void HostLoop::count_idle() {
  if (handles_ == nullptr) return;
  const uint64_t idle_ns = uv_metrics_idle_time(handles_->poll.loop);
  const int64_t slept_ns = static_cast<int64_t>(idle_ns - idle_ns_);
  engine_->statistics().add_polling(engine_->driver()->clock().advanced(slept_ns));
  idle_ns_ = idle_ns;
}

void HostLoop::poke() {
  if (handles_ == nullptr) return;
  uv_ref(reinterpret_cast<uv_handle_t*>(&handles_->prepare));
}

// Whether Node's loop may sleep, and whether it may end.
void HostLoop::refresh() {
  const bool busy = engine_->has_work();
  const bool jumps =
      engine_->driver()->advances_in_wait() && engine_->next_deadline() != Driver::kForever;
  const bool asks = !asked_in_vain_ && stands_still();
  if (busy || jumps || asks) {
    uv_idle_start(&handles_->idle, [](uv_idle_t*) {});
  } else {
    uv_idle_stop(&handles_->idle);
  }
  uv_handle_t* anchor = reinterpret_cast<uv_handle_t*>(&handles_->prepare);
  if (busy || engine_->expects_events()) {
    uv_ref(anchor);
  } else {
    uv_unref(anchor);
  }
}

// Whether simulated time stands still, and nothing that C++ knows could come.
bool HostLoop::stands_still() {
  const Driver* driver = engine_->driver();
  return driver->advances_in_wait() && !engine_->has_work() &&
         engine_->next_deadline() == Driver::kForever && driver->waits_in_vain();
}

void HostLoop::before_poll() {
  engine_->submit();
  refresh();
  const int64_t deadline_ns = engine_->next_deadline();
  // With something ready Node's loop does not sleep, and an alarm would be a wasted system call.
  // Before every sleep, though, also one without end: the driver may have more to send.
  if (deadline_ns != Driver::kNow) engine_->driver()->arm(deadline_ns);
}

void HostLoop::after_poll() {
  if (handles_->polled || engine_->has_work() || engine_->driver()->advances_in_wait()) {
    run_turns();
  }
}

void HostLoop::run_turns() {
  const std::shared_ptr<HostLoop> self = shared_from_this();
  const int64_t start_ns = monotonic_ns();
  Driver* driver = engine_->driver();
  engine_->statistics().begin(driver->now_ns());
  handles_->polled = false;
  // Simulated time jumps only where a whole round of Node's loop brought nothing to do, and only to
  // a deadline: without one, Node's loop sleeps, or there is nothing left to hope for.
  const bool idle = driver->advances_in_wait() && !engine_->has_work();
  const bool has_deadline = engine_->next_deadline() != Driver::kForever;
  if (stands_still()) {
    if (!dispatch(true)) return;
    // Before Node's loop sleeps, and again when the timers have run that ended its sleep.
    asked_in_vain_ = !asked_in_vain_;
  }
  bool may_wait = idle && has_deadline;
  for (int turn = 0; turn < kTurnsMax; turn++) {
    engine_->turn(may_wait);
    may_wait = false;
    if (!engine_->has_ready()) break;
    asked_in_vain_ = false;
    if (!dispatch(false)) return;
    // What the dispatch wrote leaves now, not after Node's next poll.
    engine_->submit();
    if (!engine_->has_work() || monotonic_ns() - start_ns > kTurnsNs) break;
  }
  engine_->statistics().rest(driver->now_ns());
  refresh();
}

// Runs JavaScript's dispatch, then process.nextTick and microtasks. False: we are detached now.
bool HostLoop::dispatch(bool in_vain) {
  const Napi::HandleScope scope(env_);
  const std::shared_ptr<Napi::AsyncContext> context = context_;  // outlives a detach in there
  const napi_value receiver = env_.Global();
  const napi_value function = dispatch_.Value();
  const napi_value argument = Napi::Boolean::New(env_, in_vain);
  napi_value ignored;
  const napi_status status =
      napi_make_callback(env_, *context, receiver, function, 1, &argument, &ignored);
  if (status == napi_pending_exception) {
    // Only KeyboardInterrupt and our own mistakes get here: they must reach the process.
    napi_value error;
    if (napi_get_and_clear_last_exception(env_, &error) == napi_ok) {
      napi_fatal_exception(env_, error);
    }
  } else if (status != napi_ok) {
    detach();  // the environment is going away
  }
  return handles_ != nullptr;
}

}  // namespace oxbow
