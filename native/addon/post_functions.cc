#include "addon/post_functions.h"

#include <cstring>

#include "addon/arguments.h"
#include "inbox/c_api.h"
#include "inbox/registry.h"

namespace oxbow {
namespace {

// post(inbox, bytes, size): the post's number, or a negative code of oxbow.h.
Napi::Value post(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  const auto [bytes, size] = bytes_of(info[1]);
  const double id = info[0].IsNumber() ? info[0].As<Napi::Number>().DoubleValue() : 0;
  const size_t length = info[2].IsNumber() ? info[2].As<Napi::Number>().Uint32Value() : 0;
  if (bytes == nullptr || !(id >= 1) || id >= 9007199254740992.0 || length > size) {
    return Napi::Number::New(env, OXBOW_INVALID);
  }
  const std::shared_ptr<Inbox> inbox = find_inbox(static_cast<uint64_t>(id));
  if (inbox == nullptr) return Napi::Number::New(env, OXBOW_CLOSED);
  uint64_t number = 0;
  const int outcome = inbox->post(bytes, length, &number);
  return Napi::Number::New(env, outcome == OXBOW_OK ? static_cast<double>(number) : outcome);
}

// cancelPosted(inbox, number): whether it will never be taken.
Napi::Value cancel_posted(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  if (!info[0].IsNumber() || !info[1].IsNumber()) return Napi::Boolean::New(env, false);
  const double id = info[0].As<Napi::Number>().DoubleValue();
  const double number = info[1].As<Napi::Number>().DoubleValue();
  if (!(id >= 1) || !(number >= 1)) return Napi::Boolean::New(env, false);
  const std::shared_ptr<Inbox> inbox = find_inbox(static_cast<uint64_t>(id));
  const bool cancelled = inbox != nullptr && inbox->cancel(static_cast<uint64_t>(number));
  return Napi::Boolean::New(env, cancelled);
}

// isOpen(inbox)
Napi::Value is_open(const Napi::CallbackInfo& info) {
  const double id = info[0].IsNumber() ? info[0].As<Napi::Number>().DoubleValue() : 0;
  const bool open = id >= 1 && find_inbox(static_cast<uint64_t>(id)) != nullptr;
  return Napi::Boolean::New(info.Env(), open);
}

}  // namespace

Napi::Value copy_posted(const Napi::CallbackInfo& info, Posted* held) {
  const Napi::Env env = info.Env();
  const double size = static_cast<double>(held->size);
  const auto [memory, room] = bytes_of(info[0]);
  if (memory == nullptr) *held = Posted{};
  if (memory == nullptr || room < held->size) return Napi::Number::New(env, -size);
  std::memcpy(memory, held->bytes.get(), held->size);
  *held = Posted{};
  return Napi::Number::New(env, size);
}

void define_post_functions(Napi::Env env, Napi::Object exports) {
  exports.Set("post", Napi::Function::New<post>(env, "post"));
  exports.Set("cancelPosted", Napi::Function::New<cancel_posted>(env, "cancelPosted"));
  exports.Set("isOpen", Napi::Function::New<is_open>(env, "isOpen"));
  exports.Set("processTag", Napi::String::New(env, process_tag()));
  // The table is constant and lives as long as the process: there is nothing to finalize.
  exports.Set("nativeApi", Napi::External<void>::New(env, const_cast<oxbow_api*>(c_api())));
}

}  // namespace oxbow
