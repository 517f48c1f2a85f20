#include "addon/mailbox_object.h"

#include "addon/arguments.h"
#include "addon/post_functions.h"

namespace oxbow {

struct MailboxObject::Waking final : Waker {
  // Under the inbox's lock, which close_inbox() takes before the function is freed.
  void wake() override {
    const napi_threadsafe_function now = function.load();
    if (now == nullptr) return;
    // A function that says it is closing must not be touched again.
    if (napi_call_threadsafe_function(now, nullptr, napi_tsfn_nonblocking) == napi_closing) {
      function = nullptr;
    }
  }

  // The environment ends.
  static void finalize(napi_env, void* data, void*) {
    std::shared_ptr<Waking>* self = static_cast<std::shared_ptr<Waking>*>(data);
    (*self)->ended = true;
    close_inbox((*self)->box);
    delete self;
  }

  std::atomic<napi_threadsafe_function> function{nullptr};
  std::shared_ptr<Inbox> box;
  bool ended = false;
};

Napi::Function MailboxObject::define(Napi::Env env) {
  return DefineClass(env, "Mailbox",
                     {
                         InstanceMethod<&MailboxObject::inbox>("inbox"),
                         InstanceMethod<&MailboxObject::take_posted>("takePosted"),
                         InstanceMethod<&MailboxObject::ref>("ref"),
                         InstanceMethod<&MailboxObject::unref>("unref"),
                     });
}

// new Mailbox(notify): `notify()` is called whenever something has come. It keeps nothing alive
// until ref().
MailboxObject::MailboxObject(Info info) : Napi::ObjectWrap<MailboxObject>(info) {
  const Napi::Env env = info.Env();
  waking_ = std::make_shared<Waking>();
  std::shared_ptr<Waking>* shared = new std::shared_ptr<Waking>(waking_);
  const napi_value name = Napi::String::New(env, "oxbow.Mailbox");
  napi_threadsafe_function function = nullptr;
  const napi_status status = napi_create_threadsafe_function(
      env, info[0], nullptr, name, 0, 1, shared, Waking::finalize, nullptr, nullptr, &function);
  if (status != napi_ok) {
    delete shared;
    waking_.reset();
    if (!env.IsExceptionPending()) {
      Napi::Error::New(env, "oxbow: no mailbox can be made in this thread")
          .ThrowAsJavaScriptException();
    }
    return;
  }
  napi_unref_threadsafe_function(env, function);
  waking_->function = function;
  waking_->box = open_inbox(waking_.get());
}

Napi::Value MailboxObject::inbox(Info info) {
  const double id = waking_ == nullptr ? 0 : static_cast<double>(waking_->box->id());
  return Napi::Number::New(info.Env(), id);
}

Napi::Value MailboxObject::take_posted(Info info) {
  if (waking_ == nullptr) return Napi::Number::New(info.Env(), 0);
  if (held_.bytes == nullptr) {
    if (truth(info[1])) waking_->box->mark();
    // C callbacks need a loop, and the number of a mailbox is never published; so they learn that
    // there is none.
    while (waking_->box->take(&held_) && held_.bytes == nullptr) {
      const Posted posted = std::move(held_);
      held_ = Posted{};
      posted.callback(posted.data, OXBOW_CLOSED);
    }
  }
  if (held_.bytes == nullptr) return Napi::Number::New(info.Env(), 0);
  return copy_posted(info, &held_);
}

void MailboxObject::ref(Info info) {
  if (waking_ == nullptr || waking_->ended || waking_->function == nullptr) return;
  napi_ref_threadsafe_function(info.Env(), waking_->function);
}

void MailboxObject::unref(Info info) {
  if (waking_ == nullptr || waking_->ended || waking_->function == nullptr) return;
  napi_unref_threadsafe_function(info.Env(), waking_->function);
}

}  // namespace oxbow
