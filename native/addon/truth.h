// Whether an argument is `true`.
//
// Not Value::ToBoolean(), nor any of its likes: what may run JavaScript fails in a worker that is
// being terminated, which may be at any moment, also in the middle of a call of ours. What such a
// call gives is then a value without an environment, and the next question to it ends the process.
#pragma once

#include <napi.h>

namespace oxbow {

inline bool truth(const Napi::Value& value) {
  return value.IsBoolean() && value.As<Napi::Boolean>().Value();
}

}  // namespace oxbow
