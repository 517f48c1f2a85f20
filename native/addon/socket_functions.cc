#include "addon/socket_functions.h"

#include <algorithm>
#include <cerrno>
#include <string>

#include "addon/arguments.h"
#include "os/pass_descriptors.h"
#include "os/raw_socket.h"
#include "os/send_file.h"
#include "os/socket_options.h"
#include "os/sockets.h"
#include "os/unix_address.h"

namespace oxbow {
namespace {

using Info = const Napi::CallbackInfo&;

// What is sent in place of memory of no bytes.
constexpr uint8_t kNothing = 0;

// A descriptor, or another number; -1 for anything else.
int number(const Napi::Value& value) { return integer(value, -1); }

// A path, or [host, port].
Napi::Value place_of(Napi::Env env, const Address& address) {
  if (address.family() == 0 || is_unix_address(address)) {
    return Napi::String::New(env, unix_path(address));
  }
  const AddressText place = format_address(address);
  Napi::Array array = Napi::Array::New(env, 2);
  array.Set(0u, Napi::String::New(env, place.host));
  array.Set(1u, Napi::Number::New(env, place.port));
  return array;
}

// An address is two arguments: a numeric host with its port, or a path with -1.
int address_of(const Napi::Value& host, const Napi::Value& port, Address* out) {
  const int given = number(port);
  const std::string name = text(host);
  if (given < 0) return make_unix_address(name, out) ? 0 : -ENAMETOOLONG;
  return parse_address(name, given, out) ? 0 : -EINVAL;
}

// open(family, type, protocol)
Napi::Value open_socket(Info info) {
  SocketKind kind;
  kind.family = number(info[0]);
  kind.type = text(info[1]);
  kind.protocol = number(info[2]);
  return answer(info.Env(), open_raw_socket(kind));
}

// pair(type)
Napi::Value open_pair_of(Info info) {
  int ends[2];
  const int error = open_raw_pair(text(info[0]), ends);
  if (error != 0) return answer(info.Env(), error);
  Napi::Array array = Napi::Array::New(info.Env(), 2);
  for (uint32_t n = 0; n < 2; n++) array.Set(n, Napi::Number::New(info.Env(), ends[n]));
  return array;
}

// duplicate(descriptor)
Napi::Value duplicate(Info info) {
  return answer(info.Env(), duplicate_raw_socket(integer(info[0])));
}

// examine(descriptor)
Napi::Value examine(Info info) {
  SocketKind kind;
  const int error = examine_raw_socket(number(info[0]), &kind);
  if (error != 0) return answer(info.Env(), error);
  Napi::Array array = Napi::Array::New(info.Env(), 4);
  array.Set(0u, Napi::Number::New(info.Env(), kind.family));
  array.Set(1u, Napi::String::New(info.Env(), kind.type));
  array.Set(2u, Napi::Number::New(info.Env(), kind.protocol));
  array.Set(3u, Napi::Boolean::New(info.Env(), kind.listens));
  return array;
}

Napi::Value prepare(Info info) { return answer(info.Env(), prepare_raw_socket(number(info[0]))); }

// bind(descriptor, host, port)
Napi::Value bind(Info info) {
  Address address;
  const int error = address_of(info[1], info[2], &address);
  return answer(info.Env(), error != 0 ? error : bind_raw_socket(number(info[0]), address));
}

Napi::Value listen(Info info) {
  return answer(info.Env(), listen_raw_socket(number(info[0]), number(info[1])));
}

// connect(descriptor, host, port)
Napi::Value connect(Info info) {
  Address address;
  const int error = address_of(info[1], info[2], &address);
  return answer(info.Env(), error != 0 ? error : connect_socket(number(info[0]), address));
}

// accept(descriptor)
Napi::Value accept(Info info) { return answer(info.Env(), accept_connection(number(info[0]))); }

// receive(descriptor, into, from): [count, address] where it is asked whom it came from.
Napi::Value receive(Info info) {
  const Bytes into = bytes_of(info[1]);
  if (into.data == nullptr) return answer(info.Env(), -EFAULT);
  const bool asks = truth(info[2]);
  Address from;
  const int32_t received =
      receive_raw(number(info[0]), into.data, static_cast<uint32_t>(std::min(into.size, kBytesMax)),
                  asks ? &from : nullptr);
  if (!asks || received < 0) return answer(info.Env(), received);
  Napi::Array array = Napi::Array::New(info.Env(), 2);
  array.Set(0u, Napi::Number::New(info.Env(), received));
  array.Set(1u, place_of(info.Env(), from));
  return array;
}

// send(descriptor, data, from, host, port): what follows `from`; to an address where there is one.
Napi::Value send(Info info) {
  const auto [data, size] = bytes_of(info[1]);
  double from = -1;
  napi_get_value_double(info.Env(), info[2], &from);
  if (!(from >= 0 && from <= static_cast<double>(size))) return answer(info.Env(), -EFAULT);
  const size_t skipped = static_cast<size_t>(from);
  Address to;
  const bool named = info[3].IsString();
  if (named) {
    const int error = address_of(info[3], info[4], &to);
    if (error != 0) return answer(info.Env(), error);
  }
  return answer(info.Env(), send_raw(number(info[0]), data == nullptr ? &kNothing : data + skipped,
                                     static_cast<uint32_t>(std::min(size - skipped, kBytesMax)),
                                     named ? &to : nullptr));
}

// A list of descriptors, or false for anything else and for one that is too long.
bool passed_of(const Napi::Value& value, PassedDescriptors* out) {
  if (!value.IsTypedArray()) return false;
  const Napi::TypedArray given = value.As<Napi::TypedArray>();
  if (given.TypedArrayType() != napi_int32_array) return false;
  const Napi::Int32Array list = value.As<Napi::Int32Array>();
  if (list.ElementLength() > static_cast<size_t>(kPassedMax)) return false;
  out->count = static_cast<int>(list.ElementLength());
  std::copy_n(list.Data(), list.ElementLength(), out->list);
  return true;
}

// sendDescriptors(descriptor, data, list, host, port): to an address where there is one.
Napi::Value send_descriptors(Info info) {
  const auto [data, size] = bytes_of(info[1]);
  PassedDescriptors passed;
  if (!passed_of(info[2], &passed)) return answer(info.Env(), -EFAULT);
  Address to;
  const bool named = info[3].IsString();
  if (named) {
    const int error = address_of(info[3], info[4], &to);
    if (error != 0) return answer(info.Env(), error);
  }
  return answer(info.Env(),
                send_with_descriptors(number(info[0]), data == nullptr ? &kNothing : data,
                                      static_cast<uint32_t>(std::min(size, kBytesMax)), passed,
                                      named ? &to : nullptr));
}

// receiveDescriptors(descriptor, into, wanted): [count, cut, ...descriptors]
Napi::Value receive_descriptors(Info info) {
  const auto [into, size] = bytes_of(info[1]);
  if (into == nullptr) return answer(info.Env(), -EFAULT);
  PassedDescriptors passed;
  const int wanted = std::clamp(number(info[2]), 0, kPassedMax);
  const int32_t received = receive_with_descriptors(
      number(info[0]), into, static_cast<uint32_t>(std::min(size, kBytesMax)), wanted, &passed);
  if (received < 0) return answer(info.Env(), received);
  Napi::Array array = Napi::Array::New(info.Env());
  array.Set(0u, Napi::Number::New(info.Env(), received));
  array.Set(1u, Napi::Boolean::New(info.Env(), passed.cut));
  for (int n = 0; n < passed.count; n++) {
    array.Set(static_cast<uint32_t>(n + 2), Napi::Number::New(info.Env(), passed.list[n]));
  }
  return array;
}

// sendFile(descriptor, file, offset, count)
Napi::Value send_file_of(Info info) {
  double offset = -1;
  napi_get_value_double(info.Env(), info[2], &offset);
  const int size = number(info[3]);
  if (!(offset >= 0 && offset < 9007199254740992.0) || size < 0) {
    return answer(info.Env(), -EINVAL);
  }
  return answer(info.Env(), send_file(number(info[0]), number(info[1]),
                                      static_cast<int64_t>(offset), static_cast<uint32_t>(size)));
}

// shutdown(descriptor, how)
Napi::Value shutdown(Info info) {
  return answer(info.Env(), shut_raw_socket(number(info[0]), number(info[1])));
}

// setOption(descriptor, name, value)
Napi::Value set_option_of(Info info) {
  return answer(info.Env(),
                set_socket_option(number(info[0]), text(info[1]).c_str(), number(info[2])));
}

// getOption(descriptor, name): [value], or negative errno.
Napi::Value get_option_of(Info info) {
  int value = 0;
  const int error = get_socket_option(number(info[0]), text(info[1]).c_str(), &value);
  if (error != 0) return answer(info.Env(), error);
  Napi::Array array = Napi::Array::New(info.Env(), 1);
  array.Set(0u, Napi::Number::New(info.Env(), value));
  return array;
}

// address(descriptor, which)
Napi::Value address(Info info) {
  Address found;
  const int error = read_address(number(info[0]), static_cast<uint32_t>(number(info[1])), &found);
  return error != 0 ? answer(info.Env(), error) : place_of(info.Env(), found);
}

// error(descriptor): what it has failed with since the last call, 0 for nothing.
Napi::Value error_of(Info info) { return answer(info.Env(), socket_error(number(info[0]))); }

void close_socket(Info info) { close_descriptor(number(info[0])); }

}  // namespace

Napi::Object define_socket_functions(Napi::Env env) {
  Napi::Object all = Napi::Object::New(env);
  all.Set("open", Napi::Function::New<open_socket>(env, "open"));
  all.Set("pair", Napi::Function::New<open_pair_of>(env, "pair"));
  all.Set("duplicate", Napi::Function::New<duplicate>(env, "duplicate"));
  all.Set("examine", Napi::Function::New<examine>(env, "examine"));
  all.Set("prepare", Napi::Function::New<prepare>(env, "prepare"));
  all.Set("bind", Napi::Function::New<bind>(env, "bind"));
  all.Set("listen", Napi::Function::New<listen>(env, "listen"));
  all.Set("connect", Napi::Function::New<connect>(env, "connect"));
  all.Set("accept", Napi::Function::New<accept>(env, "accept"));
  all.Set("receive", Napi::Function::New<receive>(env, "receive"));
  all.Set("send", Napi::Function::New<send>(env, "send"));
  all.Set("sendDescriptors", Napi::Function::New<send_descriptors>(env, "sendDescriptors"));
  all.Set("receiveDescriptors",
          Napi::Function::New<receive_descriptors>(env, "receiveDescriptors"));
  all.Set("sendFile", Napi::Function::New<send_file_of>(env, "sendFile"));
  all.Set("shutdown", Napi::Function::New<shutdown>(env, "shutdown"));
  all.Set("setOption", Napi::Function::New<set_option_of>(env, "setOption"));
  all.Set("getOption", Napi::Function::New<get_option_of>(env, "getOption"));
  all.Set("address", Napi::Function::New<address>(env, "address"));
  all.Set("error", Napi::Function::New<error_of>(env, "error"));
  all.Set("close", Napi::Function::New<close_socket>(env, "close"));
  return all;
}

}  // namespace oxbow
