#include "addon/clock_function.h"

#include "base/clock.h"

namespace oxbow {
namespace {

struct Cell {
  double* seconds;
  Napi::ObjectReference memory;
};

napi_value read_clock(napi_env env, napi_callback_info info) {
  void* data = nullptr;
  napi_get_cb_info(env, info, nullptr, nullptr, nullptr, &data);
  *static_cast<Cell*>(data)->seconds = static_cast<double>(monotonic_ns()) / 1e9;
  return nullptr;
}

}  // namespace

Napi::Value make_clock(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  if (!info[0].IsArrayBuffer() || info[0].As<Napi::ArrayBuffer>().ByteLength() < sizeof(double)) {
    Napi::TypeError::New(env, "makeClock(memory): an ArrayBuffer of 8 bytes is needed")
        .ThrowAsJavaScriptException();
    return env.Undefined();
  }
  Napi::ArrayBuffer memory = info[0].As<Napi::ArrayBuffer>();
  Cell* cell =
      new Cell{static_cast<double*>(memory.Data()), Napi::Persistent(memory.As<Napi::Object>())};
  napi_value function = nullptr;
  napi_create_function(env, "readClock", NAPI_AUTO_LENGTH, read_clock, cell, &function);
  // The cell lives as long as the function.
  const auto drop = [](napi_env, void* data, void*) { delete static_cast<Cell*>(data); };
  napi_add_finalizer(env, function, cell, drop, nullptr, nullptr);
  return Napi::Value(env, function);
}

}  // namespace oxbow
