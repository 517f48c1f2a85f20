// What the addon exports: lib/native/binding.ts has it as types.
#include <napi.h>

#include "addon/clock_function.h"
#include "addon/engine_object.h"
#include "addon/file_functions.h"
#include "addon/layer_maker.h"
#include "addon/mailbox_object.h"
#include "addon/post_functions.h"
#include "addon/socket_functions.h"
#include "net/relay_layer.h"
#include "os/errors.h"
#include "os/stay_loaded.h"
#include "ring/layout_hash.h"

namespace oxbow {
namespace {

Napi::Value errno_name(const Napi::CallbackInfo& info) {
  const int number = info[0].IsNumber() ? info[0].As<Napi::Number>().Int32Value() : 0;
  const ErrnoText text = errno_text(number < 0 ? number : -number);
  Napi::Array pair = Napi::Array::New(info.Env(), 2);
  pair.Set(0u, Napi::String::New(info.Env(), text.name));
  pair.Set(1u, Napi::String::New(info.Env(), text.message));
  return pair;
}

Napi::Value relay_maker(const Napi::CallbackInfo& info) {
  return wrap_maker(info.Env(), std::make_shared<const RelayMaker>());
}

// As if nobody had caught the error: `uncaughtException`, or the end of the process.
void tell_uncaught(const Napi::CallbackInfo& info) { napi_fatal_exception(info.Env(), info[0]); }

Napi::Object errnos(Napi::Env env) {
  Napi::Object all = Napi::Object::New(env);
  for (const NamedErrno* each = named_errnos(); each->name != nullptr; each++) {
    all.Set(each->name, Napi::Number::New(env, each->number));
  }
  return all;
}

Napi::Object initialise(Napi::Env env, Napi::Object exports) {
  stay_loaded(reinterpret_cast<const void*>(initialise));
  exports.Set("layerAbi", Napi::Number::New(env, static_cast<double>(kLayerAbi)));
  exports.Set("relayMaker", Napi::Function::New<relay_maker>(env, "relayMaker"));
  exports.Set("layoutHash", Napi::Number::New(env, layout::kLayoutHash));
  exports.Set("Engine", EngineObject::define(env));
  exports.Set("errnos", errnos(env));
  exports.Set("errnoName", Napi::Function::New<errno_name>(env, "errnoName"));
  exports.Set("isMainThread", Napi::Boolean::New(env, is_main_thread(env)));
  exports.Set("tellUncaught", Napi::Function::New<tell_uncaught>(env, "tellUncaught"));
  exports.Set("makeClock", Napi::Function::New<make_clock>(env, "makeClock"));
  exports.Set("Mailbox", MailboxObject::define(env));
  define_post_functions(env, exports);
  exports.Set("files", define_file_functions(env));
  exports.Set("sockets", define_socket_functions(env));
  return exports;
}

}  // namespace
}  // namespace oxbow

static Napi::Object oxbow_initialise(Napi::Env env, Napi::Object exports) {
  return oxbow::initialise(env, exports);
}

NODE_API_MODULE(oxbow, oxbow_initialise)
