// The second addon, oxbow_tls.node: TLS on the OpenSSL that is inside Node. It is loaded when it is
// first used, and does not load where that OpenSSL is missing or another one.
#include <napi.h>

#include <openssl/crypto.h>

#include "addon/tls_context_object.h"
#include "net/layer.h"
#include "os/stay_loaded.h"

namespace oxbow {
namespace {

Napi::Object initialise_tls(Napi::Env env, Napi::Object exports) {
  stay_loaded(reinterpret_cast<const void*>(initialise_tls));
  exports.Set("layerAbi", Napi::Number::New(env, static_cast<double>(kLayerAbi)));
  exports.Set("openssl", Napi::String::New(env, OpenSSL_version(OPENSSL_VERSION_STRING)));
  exports.Set("TlsContext", TlsContextObject::define(env));
  return exports;
}

}  // namespace
}  // namespace oxbow

static Napi::Object oxbow_tls_initialise(Napi::Env env, Napi::Object exports) {
  return oxbow::initialise_tls(env, exports);
}

NODE_API_MODULE(oxbow_tls, oxbow_tls_initialise)
