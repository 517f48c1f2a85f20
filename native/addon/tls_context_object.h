// The JavaScript class of a TLS context: lib/native/tls-binding.ts has it as types.
#pragma once

#include <memory>

#include <napi.h>

#include "tls/context.h"

namespace oxbow {

class TlsContextObject final : public Napi::ObjectWrap<TlsContextObject> {
 public:
  static Napi::Function define(Napi::Env env);
  explicit TlsContextObject(const Napi::CallbackInfo& info);

 private:
  using Info = const Napi::CallbackInfo&;

  Napi::Value configure(Info info);
  Napi::Value maker(Info info);
  void rotate_ticket_keys(Info info);

  const std::shared_ptr<tls::Context> context_;
};

}  // namespace oxbow
