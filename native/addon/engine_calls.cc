// The socket and name calls of the class Engine.
#include <cerrno>

#include "addon/engine_object.h"

namespace oxbow {
namespace {

uint32_t word(const Napi::Value& value) {
  return value.IsNumber() ? value.As<Napi::Number>().Uint32Value() : 0;
}

int integer(const Napi::Value& value) {
  return value.IsNumber() ? value.As<Napi::Number>().Int32Value() : 0;
}

std::string text(const Napi::Value& value) {
  return value.IsString() ? value.As<Napi::String>().Utf8Value() : std::string();
}

Napi::Value answer(Napi::Env env, int value) { return Napi::Number::New(env, value); }

Napi::Value answer(Napi::Env env, const AddressText& address) {
  Napi::Array array = Napi::Array::New(env, 3);
  array.Set(0u, Napi::String::New(env, address.host));
  array.Set(1u, Napi::Number::New(env, address.port));
  array.Set(2u, Napi::Number::New(env, address.family));
  return array;
}

struct Bytes {
  uint8_t* data;
  uint32_t size;
};

// The bytes of any view; no bytes for anything else.
Bytes bytes_of(const Napi::Value& value) {
  if (!value.IsTypedArray()) return {nullptr, 0};
  void* data = nullptr;
  size_t length = 0;
  napi_typedarray_type type;
  napi_get_typedarray_info(value.Env(), value, &type, &length, &data, nullptr, nullptr);
  const Napi::TypedArray array = value.As<Napi::TypedArray>();
  return {static_cast<uint8_t*>(data), static_cast<uint32_t>(array.ByteLength())};
}

}  // namespace

Napi::Value EngineObject::listen(Info info) {
  if (!usable()) return answer(info.Env(), -EBADF);
  return answer(info.Env(), engine_->listen(text(info[0]), integer(info[1]), word(info[2]),
                                            integer(info[3])));
}

Napi::Value EngineObject::connect(Info info) {
  if (!usable()) return answer(info.Env(), -EBADF);
  return answer(info.Env(), engine_->connect(text(info[0]), integer(info[1]), text(info[2]),
                                             integer(info[3]), word(info[4])));
}

Napi::Value EngineObject::pair(Info info) {
  if (!usable()) return answer(info.Env(), -EBADF);
  Handle* ends[2];
  const int error = engine_->pair(ends);
  if (error != 0) return answer(info.Env(), error);
  Napi::Array array = Napi::Array::New(info.Env(), 4);
  for (uint32_t n = 0; n < 2; n++) {
    array.Set(n * 2, Napi::Number::New(info.Env(), ends[n]->index));
    array.Set(n * 2 + 1, Napi::Number::New(info.Env(), ends[n]->generation));
  }
  return array;
}

Napi::Value EngineObject::watch(Info info) {
  return answer(info.Env(), !usable() ? -EBADF : engine_->watch(integer(info[0])));
}

Napi::Value EngineObject::write(Info info) {
  const Bytes bytes = bytes_of(info[2]);
  if (!usable()) return answer(info.Env(), -EPIPE);
  return answer(info.Env(),
                engine_->write(word(info[0]), word(info[1]), bytes.data, bytes.size));
}

Napi::Value EngineObject::receive(Info info) {
  const Bytes bytes = bytes_of(info[2]);
  if (!usable() || bytes.size == 0) return answer(info.Env(), -EINVAL);
  return answer(info.Env(),
                engine_->receive(word(info[0]), word(info[1]), bytes.data, bytes.size));
}

Napi::Value EngineObject::address(Info info) {
  AddressText address;
  const int error = !usable()
      ? -EBADF
      : engine_->address(word(info[0]), word(info[1]), word(info[2]), &address);
  return error != 0 ? answer(info.Env(), error) : answer(info.Env(), address);
}

Napi::Value EngineObject::descriptor(Info info) {
  return answer(info.Env(), !usable()
                                ? -EBADF
                                : engine_->descriptor(word(info[0]), word(info[1])));
}

Napi::Value EngineObject::option(Info info) {
  return answer(info.Env(), !usable()
                                ? -EBADF
                                : engine_->option(word(info[0]), word(info[1]), text(info[2]),
                                                  integer(info[3])));
}

Napi::Value EngineObject::resolve(Info info) {
  if (!usable()) return answer(info.Env(), 0);
  const uint32_t request = engine_->resolve(text(info[0]), text(info[1]), integer(info[2]),
                                            integer(info[3]));
  return Napi::Number::New(info.Env(), request);
}

Napi::Value EngineObject::resolved(Info info) {
  Napi::Array array = Napi::Array::New(info.Env());
  if (!usable()) return array;
  uint32_t place = 0;
  for (const AddressText& address : engine_->resolved(word(info[0]))) {
    array.Set(place++, answer(info.Env(), address));
  }
  return array;
}

void EngineObject::resolve_cancel(Info info) {
  if (usable()) engine_->cancel_resolve(word(info[0]));
}

void EngineObject::message_limits(Info info) {
  if (!usable()) return;
  http::Limits limits;
  limits.line_max = word(info[0]);
  limits.headers_max = word(info[1]);
  limits.head_max = word(info[2]);
  const double body = info[3].IsNumber() ? info[3].As<Napi::Number>().DoubleValue() : 0;
  limits.body_max = body >= 9007199254740991.0 ? UINT64_MAX : static_cast<uint64_t>(body);
  engine_->set_limits(limits);
}

}  // namespace oxbow
