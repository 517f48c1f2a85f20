#include "addon/engine_object.h"

#include <cerrno>
#include <cstring>

#include "base/heap.h"
#include "engine/choose_driver.h"

namespace oxbow {

Napi::Function EngineObject::define(Napi::Env env) {
  return DefineClass(env, "Engine",
                     {
                         InstanceMethod<&EngineObject::bind>("bind"),
                         InstanceAccessor<&EngineObject::chunks>("chunks"),
                         InstanceAccessor<&EngineObject::driver>("driver"),
                         InstanceAccessor<&EngineObject::follows_system_time>("followsSystemTime"),
                         InstanceMethod<&EngineObject::now>("now"),
                         InstanceMethod<&EngineObject::submit>("submit"),
                         InstanceMethod<&EngineObject::turn>("turn"),
                         InstanceMethod<&EngineObject::watch_signals>("watchSignals"),
                         InstanceMethod<&EngineObject::take_signal>("takeSignal"),
                         InstanceMethod<&EngineObject::attach>("attach"),
                         InstanceMethod<&EngineObject::poke>("poke"),
                         InstanceMethod<&EngineObject::detach>("detach"),
                         InstanceMethod<&EngineObject::close>("close"),
                         InstanceMethod<&EngineObject::listen>("listen"),
                         InstanceMethod<&EngineObject::listen_on>("listenOn"),
                         InstanceMethod<&EngineObject::connect>("connect"),
                         InstanceMethod<&EngineObject::pair>("pair"),
                         InstanceMethod<&EngineObject::watch>("watch"),
                         InstanceMethod<&EngineObject::serves>("serves"),
                         InstanceMethod<&EngineObject::examine>("examine"),
                         InstanceMethod<&EngineObject::adopt>("adopt"),
                         InstanceMethod<&EngineObject::write>("write"),
                         InstanceMethod<&EngineObject::send_file>("sendFile"),
                         InstanceMethod<&EngineObject::receive>("receive"),
                         InstanceMethod<&EngineObject::quiet>("quiet"),
                         InstanceMethod<&EngineObject::upgrade>("upgrade"),
                         InstanceMethod<&EngineObject::leave_messages>("leaveMessages"),
                         InstanceMethod<&EngineObject::set_layer>("setLayer"),
                         InstanceMethod<&EngineObject::begin_layer>("beginLayer"),
                         InstanceMethod<&EngineObject::answer_layer>("answerLayer"),
                         InstanceMethod<&EngineObject::ask_layer>("askLayer"),
                         InstanceMethod<&EngineObject::feed_layer>("feedLayer"),
                         InstanceMethod<&EngineObject::refusal_text>("refusalText"),
                         InstanceMethod<&EngineObject::address>("address"),
                         InstanceMethod<&EngineObject::credentials>("credentials"),
                         InstanceMethod<&EngineObject::unconfirmed>("unconfirmed"),
                         InstanceMethod<&EngineObject::confirmed>("confirmed"),
                         InstanceMethod<&EngineObject::descriptor>("descriptor"),
                         InstanceMethod<&EngineObject::option>("option"),
                         InstanceMethod<&EngineObject::send_everything>("sendEverything"),
                         InstanceMethod<&EngineObject::datagrams>("datagrams"),
                         InstanceMethod<&EngineObject::datagrams_on>("datagramsOn"),
                         InstanceMethod<&EngineObject::join_group>("joinGroup"),
                         InstanceMethod<&EngineObject::multicast_interface>("multicastInterface"),
                         InstanceMethod<&EngineObject::set_link>("setLink"),
                         InstanceMethod<&EngineObject::cut_link>("cutLink"),
                         InstanceMethod<&EngineObject::format_host>("formatHost"),
                         InstanceMethod<&EngineObject::parse_host>("parseHost"),
                         InstanceMethod<&EngineObject::resolve>("resolve"),
                         InstanceMethod<&EngineObject::resolve_back>("resolveBack"),
                         InstanceMethod<&EngineObject::resolved>("resolved"),
                         InstanceMethod<&EngineObject::resolve_cancel>("resolveCancel"),
                         InstanceMethod<&EngineObject::measure>("measure"),
                         InstanceMethod<&EngineObject::spawn>("spawn"),
                         InstanceMethod<&EngineObject::spawned>("spawned"),
                         InstanceMethod<&EngineObject::cancel_spawn>("cancelSpawn"),
                         InstanceMethod<&EngineObject::close_pipe>("closePipe"),
                         InstanceMethod<&EngineObject::signal_child>("signalChild"),
                         InstanceMethod<&EngineObject::inbox>("inbox"),
                         InstanceMethod<&EngineObject::take_posted>("takePosted"),
                         InstanceMethod<&EngineObject::post_answer>("postAnswer"),
                         InstanceMethod<&EngineObject::expect_wake>("expectWake"),
                         InstanceMethod<&EngineObject::allow_wake>("allowWake"),
                     });
}

EngineObject::EngineObject(Info info) : Napi::ObjectWrap<EngineObject>(info) {
  const Napi::Env env = info.Env();
  const std::string name = info[0].IsString() ? info[0].As<Napi::String>().Utf8Value() : "";
  keep_freed_pieces();
  const uint32_t first = info[2].IsNumber() ? info[2].As<Napi::Number>().Uint32Value() : 0;
  engine_ = std::make_shared<Engine>(this, first);
  const double seed = info[1].IsNumber() ? info[1].As<Napi::Number>().DoubleValue() : 0;
  const int error = engine_->open(name, seed);
  if (error != 0) {
    engine_.reset();
    Napi::Error::New(env,
                     "oxbow: driver '" + name + "' cannot be opened: " +
                         (error == -EINVAL ? std::string("this platform has: ") + driver_names()
                                           : std::strerror(-error)))
        .ThrowAsJavaScriptException();
    return;
  }
  host_ = std::make_shared<HostLoop>(engine_);
  chunks_ = Napi::Persistent(
      Napi::Array::New(env, layout::kChunkSlots + layout::kSlabSlots).As<Napi::Object>());
}

// Runs when the object is collected, or when the environment ends, where no JavaScript may run.
EngineObject::~EngineObject() { shut(); }

void EngineObject::shut() {
  if (host_ != nullptr) host_->detach();
  host_.reset();
  signals_.end();
  // Now, although a turn may hold the engine for a moment more: after close() no post counts.
  if (engine_ != nullptr) engine_->close_inbox();
  engine_.reset();
  // At once, because this object may wait long for its finalizer, which comes with a turn of Node's
  // loop. A turn that holds the engine uses none of it after the dispatch that has closed us.
  for (Napi::ObjectReference& region : regions_) region.Reset();
  chunks_.Reset();
}

// Memory that is not cleared: C++ fills what it hands out. Allocated by Node, since runtimes with
// a sandboxed heap refuse memory from elsewhere.
uint8_t* EngineObject::next_chunk(uint32_t slot, uint32_t bytes) {
  note_pieces(bytes);
  const Napi::HandleScope scope(Env());
  napi_value chunk;
  void* data = nullptr;
  if (napi_create_buffer(Env(), bytes, &data, &chunk) != napi_ok) return nullptr;
  // A worker may be terminated between the two calls, and what is not in the array is not kept.
  if (napi_set_element(Env(), chunks_.Value(), slot, chunk) != napi_ok) return nullptr;
  return static_cast<uint8_t*>(data);
}

void EngineObject::forget_chunk(uint32_t slot) {
  const Napi::HandleScope scope(Env());
  napi_set_element(Env(), chunks_.Value(), slot, Env().Undefined());
}

bool EngineObject::has_memory(uint32_t slot) {
  const Napi::HandleScope scope(Env());
  napi_value chunk;
  void* data = nullptr;
  size_t size = 0;
  return napi_get_element(Env(), chunks_.Value(), slot, &chunk) == napi_ok &&
         napi_get_buffer_info(Env(), chunk, &data, &size) == napi_ok && size > 0;
}

void EngineObject::bind(Info info) {
  if (engine_ == nullptr) return;
  if (!info[0].IsNumber() || !info[1].IsArrayBuffer()) {
    Napi::TypeError::New(info.Env(), "bind(region, memory): memory must be an ArrayBuffer")
        .ThrowAsJavaScriptException();
    return;
  }
  const uint32_t region = info[0].As<Napi::Number>().Uint32Value();
  Napi::ArrayBuffer memory = info[1].As<Napi::ArrayBuffer>();
  if (!engine_->bind(region, memory.Data(), memory.ByteLength())) {
    Napi::RangeError::New(info.Env(), "bind(region, memory): wrong region or size")
        .ThrowAsJavaScriptException();
    return;
  }
  regions_[region] = Napi::Persistent(memory.As<Napi::Object>());
}

Napi::Value EngineObject::chunks(Info info) {
  if (chunks_.IsEmpty()) return Napi::Array::New(info.Env());
  return chunks_.Value();
}

Napi::Value EngineObject::driver(Info info) {
  return Napi::String::New(info.Env(), engine_ == nullptr ? "" : engine_->driver()->name());
}

Napi::Value EngineObject::follows_system_time(Info info) {
  const bool follows = engine_ != nullptr && engine_->driver()->clock().advanced(1) == 1;
  return Napi::Boolean::New(info.Env(), follows);
}

Napi::Value EngineObject::now(Info info) {
  return Napi::Number::New(info.Env(), engine_ == nullptr ? 0 : engine_->now());
}

void EngineObject::submit(Info) {
  if (usable()) engine_->submit();
}

Napi::Value EngineObject::turn(Info info) {
  const bool may_wait = info[0].IsBoolean() && info[0].As<Napi::Boolean>().Value();
  const int64_t longest_ns =
      info[1].IsNumber() ? static_cast<int64_t>(info[1].As<Napi::Number>().DoubleValue() * 1e9)
                         : Driver::kForever;
  const int outcome = !usable() ? -EBADF : engine_->turn(may_wait, longest_ns);
  const bool signalled = outcome == 0 && signals_.has_any();
  return Napi::Number::New(info.Env(), signalled ? kSignalled : outcome);
}

void EngineObject::watch_signals(Info info) {
  if (!usable()) return;
  if (!info[0].IsArray()) {
    signals_.end();
    return;
  }
  // A driver's wake() writes to a descriptor, which is all that a signal's handler may do.
  signals_.begin([](void* driver) { static_cast<Driver*>(driver)->wake(); }, engine_->driver());
  const Napi::Array changes = info[0].As<Napi::Array>();
  for (uint32_t n = 0; n + 1 < changes.Length(); n += 2) {
    const Napi::Value number = changes.Get(n);
    const Napi::Value mode = changes.Get(n + 1);
    if (!number.IsNumber() || !mode.IsNumber()) return;
    const int signal = number.As<Napi::Number>().Int32Value();
    const int how = mode.As<Napi::Number>().Int32Value();
    if (how < 0)
      signals_.forget(signal);
    else
      signals_.listen(signal, how > 0);
  }
}

Napi::Value EngineObject::take_signal(Info info) {
  return Napi::Number::New(info.Env(), signals_.take());
}

void EngineObject::attach(Info info) {
  if (!usable() || !info[0].IsFunction()) return;
  if (!host_->attach(info.Env(), info[0].As<Napi::Function>())) {
    Napi::Error::New(info.Env(), "oxbow: this runtime has no libuv loop to ride on")
        .ThrowAsJavaScriptException();
  }
}

void EngineObject::poke(Info) {
  if (host_ != nullptr) host_->poke();
}

void EngineObject::detach(Info) {
  if (!usable()) return;
  host_->detach();
  // A run that owned the thread, which is all that `turn()` knows of, is over too.
  engine_->statistics().rest(engine_->driver()->now_ns());
  engine_->measure();
}

void EngineObject::measure(Info) {
  if (!usable()) return;
  host_->count_idle();
  engine_->measure();
}

void EngineObject::close(Info) { shut(); }

}  // namespace oxbow
