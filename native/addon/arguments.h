// What functions of the addon are given, and answer.
//
// Nothing here converts (Value::ToBoolean() and its likes): what may run JavaScript fails in a
// worker that is being terminated, which may be at any moment, also in the middle of a call of
// ours. What such a call gives is then a value without an environment, and the next question to it
// ends the process.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include <napi.h>

namespace oxbow {

// Whether an argument is `true`.
inline bool truth(const Napi::Value& value) {
  return value.IsBoolean() && value.As<Napi::Boolean>().Value();
}

inline uint32_t word(const Napi::Value& value) {
  return value.IsNumber() ? value.As<Napi::Number>().Uint32Value() : 0;
}

inline int integer(const Napi::Value& value, int otherwise = 0) {
  return value.IsNumber() ? value.As<Napi::Number>().Int32Value() : otherwise;
}

inline std::string text(const Napi::Value& value) {
  return value.IsString() ? value.As<Napi::String>().Utf8Value() : std::string();
}

struct Bytes {
  uint8_t* data;
  size_t size;
};

// As much as one call sends or receives at the most, so that a number of bytes is an int.
constexpr size_t kBytesMax = 1u << 30;

// The bytes of any view; no bytes for anything else, for a view whose memory was taken away (its
// buffer was transferred) and for one that reaches beyond it (it was resized).
inline Bytes bytes_of(const Napi::Value& value) {
  if (!value.IsTypedArray()) return {nullptr, 0};
  void* data = nullptr;
  size_t length = 0;
  napi_typedarray_type type;
  napi_get_typedarray_info(value.Env(), value, &type, &length, &data, nullptr, nullptr);
  if (type != napi_uint8_array) length = value.As<Napi::TypedArray>().ByteLength();
  return {static_cast<uint8_t*>(data), data == nullptr ? 0 : length};
}

inline Napi::Value answer(Napi::Env env, int value) { return Napi::Number::New(env, value); }

}  // namespace oxbow
