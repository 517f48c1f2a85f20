// The JavaScript class Mailbox: an inbox for a thread that has no loop of ours (plain Node code
// that calls a loop in another thread and awaits the answer). Node's own loop is woken by a
// thread-safe function.
#pragma once

#include <memory>

#include <napi.h>

#include "inbox/registry.h"

namespace oxbow {

class MailboxObject final : public Napi::ObjectWrap<MailboxObject> {
 public:
  static Napi::Function define(Napi::Env env);
  explicit MailboxObject(const Napi::CallbackInfo& info);

 private:
  using Info = const Napi::CallbackInfo&;
  struct Waking;

  Napi::Value inbox(Info info);
  Napi::Value take_posted(Info info);
  void ref(Info info);
  void unref(Info info);

  // Shared with the thread-safe function, which may be finalized before this object or after it.
  std::shared_ptr<Waking> waking_;
  Posted held_;
};

}  // namespace oxbow
