// Posting to an inbox by its number, from any thread that has JavaScript.
#pragma once

#include <napi.h>

#include "inbox/inbox.h"

namespace oxbow {

// post, cancelPosted, processTag, nativeApi of lib/native/binding.ts.
void define_post_functions(Napi::Env env, Napi::Object exports);

// Copies a post to the caller's memory (argument 0). Its size; or minus its size when the memory
// is too small: the post is kept in `held`, and the next call goes on with it. Without memory
// (null) it is dropped.
Napi::Value copy_posted(const Napi::CallbackInfo& info, Posted* held);

}  // namespace oxbow
