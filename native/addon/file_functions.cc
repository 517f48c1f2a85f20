#include "addon/file_functions.h"

#include <cerrno>
#include <cstring>

#include "addon/arguments.h"
#include "os/file_stamp.h"

namespace oxbow {
namespace {

using Info = const Napi::CallbackInfo&;

// look(descriptor, stamp): 1 when the file is as `stamp` says, else 0; the stamp says then how it
// is now.
Napi::Value look(Info info) {
  const Bytes stamp = bytes_of(info[1]);
  if (stamp.size < sizeof(FileStamp)) return answer(info.Env(), -EINVAL);
  FileStamp before;
  FileStamp now;
  std::memcpy(static_cast<void*>(&before), stamp.data, sizeof(before));
  const int error = read_stamp(integer(info[0], -1), &now);
  if (error != 0) return answer(info.Env(), error);
  std::memcpy(stamp.data, &now, sizeof(now));
  return answer(info.Env(), before == now ? 1 : 0);
}

}  // namespace

Napi::Object define_file_functions(Napi::Env env) {
  Napi::Object all = Napi::Object::New(env);
  all.Set("look", Napi::Function::New<look>(env, "look"));
  return all;
}

}  // namespace oxbow
