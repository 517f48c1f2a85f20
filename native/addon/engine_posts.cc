// Engine's part of posts from other threads.
#include "addon/arguments.h"
#include "addon/engine_object.h"
#include "addon/post_functions.h"

namespace oxbow {

// The number of the loop's inbox; 0 once the loop is closed.
Napi::Value EngineObject::inbox(Info info) {
  const double id = usable() ? static_cast<double>(engine_->inbox()->id()) : 0;
  return Napi::Number::New(info.Env(), id);
}

// Runs C callbacks up to the next post for JavaScript and copies that to the memory given; 0
// when there is none. A JavaScript exception that a callback leaves is in its own env, not in ours.
Napi::Value EngineObject::take_posted(Info info) {
  const Napi::Env env = info.Env();
  if (held_.bytes != nullptr) return copy_posted(info, &held_);
  const std::shared_ptr<Engine> engine = engine_;  // outlives what a callback does
  while (engine != nullptr && engine->take_posted(&held_)) {
    if (held_.bytes != nullptr) return copy_posted(info, &held_);
    const Posted posted = std::move(held_);
    held_ = Posted{};
    const Napi::HandleScope scope(env);
    posted.callback(posted.data, OXBOW_OK);
  }
  return Napi::Number::New(env, 0);
}

// postAnswer(caller, call, bytes, size): 0 or a negative code of oxbow.h.
Napi::Value EngineObject::post_answer(Info info) {
  const Napi::Env env = info.Env();
  const auto [bytes, size] = bytes_of(info[2]);
  if (!usable() || bytes == nullptr || !info[0].IsNumber() || !info[1].IsNumber() ||
      !info[3].IsNumber()) {
    return Napi::Number::New(env, OXBOW_INVALID);
  }
  const double id = info[0].As<Napi::Number>().DoubleValue();
  const uint32_t call = info[1].As<Napi::Number>().Uint32Value();
  const size_t length = info[3].As<Napi::Number>().Uint32Value();
  if (!(id >= 1) || id >= 9007199254740992.0 || length > size) {
    return Napi::Number::New(env, OXBOW_INVALID);
  }
  const uint64_t caller = static_cast<uint64_t>(id);
  engine_->inbox()->answered({caller, call});
  const std::shared_ptr<Inbox> inbox = find_inbox(caller);
  return Napi::Number::New(env, inbox == nullptr ? OXBOW_CLOSED : inbox->post(bytes, length));
}

// Virtual time stands still while another thread owes an answer: +1, -1.
void EngineObject::expect_wake(Info info) {
  if (usable()) engine_->driver()->expect_wake(info[0].As<Napi::Number>().Int32Value());
}

// Another thread may post: +1, -1.
void EngineObject::allow_wake(Info info) {
  if (usable()) engine_->driver()->allow_wake(info[0].As<Napi::Number>().Int32Value());
}

}  // namespace oxbow
