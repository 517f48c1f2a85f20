// How a maker of layers comes from the library that has it into ours: as a JavaScript object with a
// tag that says what it is. The two are built together, and the tag has the version of what they
// agree on (net/layer.h), so an object of another build is nothing that we know.
#pragma once

#include <memory>
#include <utility>

#include <napi.h>

#include "net/layer.h"

namespace oxbow {

constexpr napi_type_tag kLayerMakerTag = {0x6f78626f774c6179 + kLayerAbi, 0x9d1c7a5be2f04836};

using SharedMaker = std::shared_ptr<const LayerMaker>;

// The object keeps the maker for as long as it lives; a holder of the pointer, for longer.
inline Napi::Value wrap_maker(Napi::Env env, SharedMaker maker) {
  napi_value object = nullptr;
  if (napi_create_object(env, &object) != napi_ok) return Napi::Value();
  auto* held = new SharedMaker(std::move(maker));
  const auto drop = [](napi_env, void* data, void*) { delete static_cast<SharedMaker*>(data); };
  if (napi_wrap(env, object, held, drop, nullptr, nullptr) != napi_ok) {
    delete held;
    return Napi::Value();
  }
  napi_type_tag_object(env, object, &kLayerMakerTag);
  return Napi::Value(env, object);
}

// Null for anything else.
inline SharedMaker maker_of(const Napi::Value& value) {
  napi_valuetype type = napi_undefined;
  if (value.IsEmpty() || napi_typeof(value.Env(), value, &type) != napi_ok) return nullptr;
  bool is_maker = false;
  if (type != napi_object) return nullptr;
  napi_check_object_type_tag(value.Env(), value, &kLayerMakerTag, &is_maker);
  void* held = nullptr;
  if (!is_maker || napi_unwrap(value.Env(), value, &held) != napi_ok) return nullptr;
  return *static_cast<SharedMaker*>(held);
}

}  // namespace oxbow
