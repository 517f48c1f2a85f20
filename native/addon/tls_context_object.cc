#include "addon/tls_context_object.h"

#include <utility>

#include "addon/layer_maker.h"
#include "tls/tls_layer.h"

namespace oxbow {
namespace {

// Plain calls of Node-API, whose failures are no more than a value that is not there: the wrappers
// would end the process in a worker that is being terminated.
napi_value member(napi_env env, napi_value object, const char* name) {
  napi_value value = nullptr;
  return napi_get_named_property(env, object, name, &value) == napi_ok ? value : nullptr;
}

// Text, or bytes; empty for anything else.
std::string bytes_of(napi_env env, napi_value value) {
  if (value == nullptr) return std::string();
  size_t size = 0;
  if (napi_get_value_string_utf8(env, value, nullptr, 0, &size) == napi_ok) {
    std::string text(size, '\0');
    // It writes a NUL behind them, where a string has one anyway.
    napi_get_value_string_utf8(env, value, text.data(), size + 1, &size);
    return text;
  }
  void* data = nullptr;
  bool is_buffer = false;
  if (napi_is_buffer(env, value, &is_buffer) != napi_ok || !is_buffer ||
      napi_get_buffer_info(env, value, &data, &size) != napi_ok || data == nullptr) {
    return std::string();
  }
  return std::string(static_cast<const char*>(data), size);
}

std::string bytes_of(napi_env env, napi_value object, const char* name) {
  return bytes_of(env, member(env, object, name));
}

bool flag_of(napi_env env, napi_value object, const char* name) {
  bool is_true = false;
  const napi_value value = member(env, object, name);
  return value != nullptr && napi_get_value_bool(env, value, &is_true) == napi_ok && is_true;
}

uint32_t number_of(napi_env env, napi_value object, const char* name) {
  uint32_t number = 0;
  const napi_value value = member(env, object, name);
  if (value != nullptr) napi_get_value_uint32(env, value, &number);
  return number;
}

template <typename Visit>
void each_of(napi_env env, napi_value object, const char* name, Visit visit) {
  const napi_value array = member(env, object, name);
  uint32_t length = 0;
  if (array == nullptr || napi_get_array_length(env, array, &length) != napi_ok) return;
  for (uint32_t n = 0; n < length; n++) {
    const Napi::HandleScope scope(env);
    napi_value each = nullptr;
    if (napi_get_element(env, array, n, &each) == napi_ok) visit(each);
  }
}

tls::Settings settings_of(napi_env env, napi_value given) {
  tls::Settings out;
  each_of(env, given, "pairs", [&](napi_value pair) {
    out.pairs.push_back({bytes_of(env, pair, "chain"), bytes_of(env, pair, "key")});
  });
  each_of(env, given, "archives", [&](napi_value archive) {
    out.archives.push_back({bytes_of(env, archive, "data"), bytes_of(env, archive, "passphrase")});
  });
  out.own_roots = flag_of(env, given, "ownRoots");
  each_of(env, given, "ca", [&](napi_value each) { out.ca.push_back(bytes_of(env, each)); });
  each_of(env, given, "crl", [&](napi_value each) { out.crl.push_back(bytes_of(env, each)); });
  out.alpn = bytes_of(env, given, "alpn");
  out.min_version = static_cast<int>(number_of(env, given, "minVersion"));
  out.max_version = static_cast<int>(number_of(env, given, "maxVersion"));
  out.cipher_list = bytes_of(env, given, "cipherList");
  out.cipher_suites = bytes_of(env, given, "cipherSuites");
  out.sigalgs = bytes_of(env, given, "sigalgs");
  out.curves = bytes_of(env, given, "curves");
  out.request_cert = flag_of(env, given, "requestCert");
  out.reject_unauthorized = flag_of(env, given, "rejectUnauthorized");
  out.honor_cipher_order = flag_of(env, given, "honorCipherOrder");
  out.session_timeout = number_of(env, given, "sessionTimeout");
  out.ticket_keys = bytes_of(env, given, "ticketKeys");
  out.ocsp_response = bytes_of(env, given, "ocspResponse");
  out.request_ocsp = flag_of(env, given, "requestOCSP");
  out.keylog = flag_of(env, given, "keylog");
  out.ask_certificate = flag_of(env, given, "askCertificate");
  out.ask_peer = flag_of(env, given, "askPeer");
  return out;
}

}  // namespace

Napi::Function TlsContextObject::define(Napi::Env env) {
  return DefineClass(env, "NativeTlsContext",
                     {
                         InstanceMethod<&TlsContextObject::configure>("configure"),
                         InstanceMethod<&TlsContextObject::maker>("maker"),
                         InstanceMethod<&TlsContextObject::rotate_ticket_keys>("rotateTicketKeys"),
                     });
}

TlsContextObject::TlsContextObject(Info info)
    : Napi::ObjectWrap<TlsContextObject>(info), context_(std::make_shared<tls::Context>()) {}

// Undefined, or why not: JSON.
Napi::Value TlsContextObject::configure(Info info) {
  const napi_env env = info.Env();
  tls::Settings settings = settings_of(env, info[0]);
  napi_get_value_bool(env, info[1], &settings.server);
  tls::Failure failure;
  if (context_->configure(settings, &failure)) return info.Env().Undefined();
  const std::string why = tls::json_of(failure);
  napi_value text = nullptr;
  napi_create_string_utf8(env, why.data(), why.size(), &text);
  return Napi::Value(env, text);
}

Napi::Value TlsContextObject::maker(Info info) {
  if (context_->get() == nullptr) return info.Env().Undefined();
  const napi_env env = info.Env();
  tls::Connection connection;
  connection.servername = bytes_of(env, info[0], "servername");
  connection.session_name = bytes_of(env, info[0], "sessionName");
  connection.session = bytes_of(env, info[0], "session");
  return wrap_maker(info.Env(),
                    std::make_shared<const tls::TlsMaker>(context_, std::move(connection)));
}

void TlsContextObject::rotate_ticket_keys(Info) { context_->ticket_keys().rotate(); }

}  // namespace oxbow
