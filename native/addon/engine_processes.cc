// The calls of the class Engine that start programs.
#include <cerrno>
#include <utility>

#include "addon/arguments.h"
#include "addon/engine_object.h"
#include "os/spawn.h"

namespace oxbow {
namespace {

std::vector<std::string> texts(const Napi::Value& value) {
  std::vector<std::string> all;
  if (!value.IsArray()) return all;
  const Napi::Array array = value.As<Napi::Array>();
  const uint32_t length = array.Length();
  all.reserve(length);
  for (uint32_t n = 0; n < length; n++) {
    const Napi::HandleScope scope(value.Env());
    const Napi::Value each = array.Get(n);
    if (each.IsString()) all.push_back(each.As<Napi::String>().Utf8Value());
  }
  return all;
}

int64_t number(const Napi::Value& value, int64_t otherwise) {
  return value.IsNumber() ? value.As<Napi::Number>().Int64Value() : otherwise;
}

// SpawnRequest of lib/native/binding.ts.
SpawnRequest request_of(const Napi::Object& given) {
  SpawnRequest request;
  request.programs = texts(given.Get("programs"));
  request.arguments = texts(given.Get("args"));
  request.environment = texts(given.Get("env"));
  const Napi::Value directory = given.Get("cwd");
  if (directory.IsString()) request.directory = directory.As<Napi::String>().Utf8Value();
  const Napi::Value stdio = given.Get("stdio");
  const Napi::Value passed = given.Get("passFds");
  if (stdio.IsArray()) {
    for (uint32_t n = 0; n < 3; n++) {
      request.stdio[n] = static_cast<uint32_t>(number(stdio.As<Napi::Array>().Get(n), n));
    }
  }
  if (passed.IsArray()) {
    const Napi::Array array = passed.As<Napi::Array>();
    for (uint32_t n = 0; n < array.Length(); n++) {
      request.passed.push_back(static_cast<int>(number(array.Get(n), -1)));
    }
  }
  request.user = number(given.Get("uid"), -1);
  request.group = number(given.Get("gid"), -1);
  request.mask = static_cast<int>(number(given.Get("umask"), -1));
  request.process_group = static_cast<int>(number(given.Get("processGroup"), -1));
  request.session = truth(given.Get("detached"));
  return request;
}

}  // namespace

Napi::Value EngineObject::spawn(Info info) {
  uint32_t number = 0;
  if (usable() && info[0].IsObject()) {
    SpawnRequest request = request_of(info[0].As<Napi::Object>());
    const bool stays = request.session;
    number = engine_->spawn(std::move(request), stays);
  }
  return Napi::Number::New(info.Env(), number);
}

Napi::Value EngineObject::spawned(Info info) {
  const Napi::Env env = info.Env();
  Spawned child;
  layout::SpawnStage stage = layout::SpawnStage::kStart;
  const uint32_t request = static_cast<uint32_t>(number(info[0], 0));
  const int index = usable() ? engine_->spawned(request, &child, &stage) : -EBADF;
  Napi::Array answer = Napi::Array::New(env);
  answer.Set(0u, Napi::Number::New(env, index));
  if (index < 0) {
    answer.Set(1u, Napi::Number::New(env, static_cast<uint32_t>(stage)));
    return answer;
  }
  answer.Set(1u, Napi::Number::New(env, child.pid));
  for (uint32_t n = 0; n < 3; n++) answer.Set(n + 2, Napi::Number::New(env, child.pipes[n]));
  return answer;
}

void EngineObject::close_pipe(Info info) {
  if (usable()) engine_->close_pipe(static_cast<int>(number(info[0], -1)));
}

Napi::Value EngineObject::cancel_spawn(Info info) {
  const uint32_t request = static_cast<uint32_t>(number(info[0], 0));
  return Napi::Boolean::New(info.Env(), usable() && engine_->cancel_spawn(request));
}

Napi::Value EngineObject::signal_child(Info info) {
  const auto word = [&info](size_t n) { return static_cast<uint32_t>(number(info[n], 0)); };
  const int outcome =
      !usable() ? -ESRCH : engine_->signal_child(word(0), word(1), static_cast<int>(word(2)));
  return Napi::Number::New(info.Env(), outcome);
}

}  // namespace oxbow
