// The socket and name calls of the class Engine.
#include <algorithm>
#include <cerrno>
#include <cstring>

#include "addon/arguments.h"
#include "addon/engine_object.h"
#include "addon/layer_maker.h"
#include "http/http_reader.h"
#include "net/bytes_reader.h"
#include "os/unix_address.h"
#include "websocket/websocket_reader.h"

namespace oxbow {
namespace {

Napi::Value list_of(Napi::Env env, const AddressText& address) {
  Napi::Array array = Napi::Array::New(env, 3);
  array.Set(0u, Napi::String::New(env, address.host));
  array.Set(1u, Napi::Number::New(env, address.port));
  array.Set(2u, Napi::Number::New(env, address.family));
  return array;
}

// A count of bytes; -1 for anything else.
double count(const Napi::Value& value) {
  double number = -1;
  napi_get_value_double(value.Env(), value, &number);
  return number;
}

uint32_t bound_of(const Napi::Object& limits, const char* name, uint32_t otherwise) {
  const Napi::Value value = limits.Get(name);
  return value.IsNumber() ? value.As<Napi::Number>().Uint32Value() : otherwise;
}

// What bounds HTTP messages (MessageLimits in lib/native/binding.ts); the default for what is not
// said.
http::Limits limits_of(const Napi::Value& value) {
  http::Limits limits;
  if (!value.IsObject()) return limits;
  const Napi::Object given = value.As<Napi::Object>();
  limits.line_max = bound_of(given, "lineSize", limits.line_max);
  limits.headers_max = bound_of(given, "headers", limits.headers_max);
  limits.head_max = bound_of(given, "headSize", limits.head_max);
  return limits;
}

}  // namespace

Napi::Value EngineObject::listen(Info info) {
  if (!usable()) return answer(info.Env(), -EBADF);
  std::shared_ptr<const ReaderMaker> readers;
  if ((word(info[2]) & layout::kSocketHttpServer) != 0) {
    readers = http::make_readers(http::Kind::kRequest, limits_of(info[4]));
  }
  return answer(info.Env(),
                engine_->listen(text(info[0]), integer(info[1]), word(info[2]), integer(info[3]),
                                std::move(readers), maker_of(info[5])));
}

Napi::Value EngineObject::listen_on(Info info) {
  if (!usable()) return answer(info.Env(), -EBADF);
  std::shared_ptr<const ReaderMaker> readers;
  if ((word(info[1]) & layout::kSocketHttpServer) != 0) {
    readers = http::make_readers(http::Kind::kRequest, limits_of(info[3]));
  }
  return answer(info.Env(), engine_->listen_on(integer(info[0]), integer(info[2]),
                                               std::move(readers), maker_of(info[4])));
}

// Who reads what comes on a connection with these flags, within these limits of messages.
std::shared_ptr<const ReaderMaker> EngineObject::readers_of(uint32_t flags,
                                                            const Napi::Value& limits) {
  if ((flags & layout::kSocketHttpClient) == 0) return nullptr;
  if (limits.IsObject()) return http::make_readers(http::Kind::kResponse, limits_of(limits));
  // Most clients have the usual limits, and share what makes their readers.
  if (usual_responses_ == nullptr) usual_responses_ = http::make_readers(http::Kind::kResponse);
  return usual_responses_;
}

Napi::Value EngineObject::connect(Info info) {
  if (!usable()) return answer(info.Env(), -EBADF);
  const std::shared_ptr<const ReaderMaker> readers = readers_of(word(info[4]), info[5]);
  return answer(info.Env(), engine_->connect(text(info[0]), integer(info[1]), text(info[2]),
                                             integer(info[3]), readers.get()));
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

Napi::Value EngineObject::serves(Info info) {
  return Napi::Boolean::New(info.Env(), usable() && engine_->serves(integer(info[0])));
}

Napi::Value EngineObject::watch(Info info) {
  return answer(info.Env(), !usable() ? -EBADF : engine_->watch(integer(info[0])));
}

Napi::Value EngineObject::examine(Info info) {
  return answer(info.Env(), !usable() ? -EBADF : engine_->examine(integer(info[0])));
}

Napi::Value EngineObject::adopt(Info info) {
  if (!usable()) return answer(info.Env(), -EBADF);
  const std::shared_ptr<const ReaderMaker> readers = readers_of(word(info[2]), info[3]);
  return answer(info.Env(), engine_->adopt(integer(info[0]), word(info[1]), readers.get()));
}

Napi::Value EngineObject::write(Info info) {
  if (!usable()) return answer(info.Env(), -EPIPE);
  const Bytes bytes = bytes_of(info[2]);
  const double from = count(info[3]);
  const double to = count(info[4]);
  // Asked each time, because the memory may have gone since JavaScript was given it to send.
  if (!(from >= 0 && from <= to && to <= static_cast<double>(bytes.size))) {
    return answer(info.Env(), -EFAULT);
  }
  const size_t size = std::min(static_cast<size_t>(to - from), kBytesMax);
  return answer(info.Env(),
                engine_->write(word(info[0]), word(info[1]), bytes.data + static_cast<size_t>(from),
                               static_cast<uint32_t>(size)));
}

Napi::Value EngineObject::send_file(Info info) {
  if (!usable()) return answer(info.Env(), -EPIPE);
  const double offset = count(info[3]);
  if (!(offset >= 0 && offset < 9007199254740992.0)) return answer(info.Env(), -EINVAL);
  return answer(info.Env(),
                engine_->send_file(
                    word(info[0]), word(info[1]), integer(info[2]), static_cast<int64_t>(offset),
                    static_cast<uint32_t>(std::min<size_t>(word(info[4]), kBytesMax))));
}

Napi::Value EngineObject::receive(Info info) {
  const Bytes bytes = bytes_of(info[2]);
  if (!usable() || bytes.size == 0) return answer(info.Env(), -EINVAL);
  const uint32_t size = static_cast<uint32_t>(std::min(bytes.size, kBytesMax));
  return answer(info.Env(), engine_->receive(word(info[0]), word(info[1]), bytes.data, size));
}

Napi::Value EngineObject::unconfirmed(Info info) {
  return Napi::Number::New(info.Env(),
                           usable() ? engine_->unconfirmed(word(info[0]), word(info[1])) : 0);
}

Napi::Value EngineObject::confirmed(Info info) {
  return Napi::Number::New(info.Env(),
                           usable() ? engine_->confirmed(word(info[0]), word(info[1])) : 0);
}

Napi::Value EngineObject::quiet(Info info) {
  return Napi::Boolean::New(
      info.Env(), usable() && engine_->quiet(word(info[0]), word(info[1]), truth(info[2])));
}

Napi::Value EngineObject::upgrade(Info info) {
  if (!usable()) return answer(info.Env(), -EBADF);
  const uint32_t flags = word(info[2]);
  websocket::Settings settings;
  settings.masked = (flags & layout::kWebSocketMasked) != 0;
  settings.deflate = (flags & layout::kWebSocketDeflate) != 0;
  settings.transient = (flags & layout::kWebSocketTransient) != 0;
  settings.message_max = static_cast<uint64_t>(std::max(count(info[3]), 0.0));
  return answer(info.Env(), engine_->set_reader(word(info[0]), word(info[1]),
                                                *websocket::make_readers(settings)));
}

Napi::Value EngineObject::leave_messages(Info info) {
  if (!usable()) return answer(info.Env(), -EBADF);
  return answer(info.Env(), engine_->set_reader(word(info[0]), word(info[1]), bytes_readers()));
}

Napi::Value EngineObject::set_layer(Info info) {
  const SharedMaker maker = maker_of(info[2]);
  if (!usable() || maker == nullptr) return answer(info.Env(), -EINVAL);
  return answer(info.Env(), engine_->set_layer(word(info[0]), word(info[1]), *maker));
}

Napi::Value EngineObject::begin_layer(Info info) {
  const Bytes bytes = bytes_of(info[2]);
  if (!usable()) return answer(info.Env(), -EBADF);
  return answer(info.Env(), engine_->begin_layer(word(info[0]), word(info[1]), bytes.data,
                                                 static_cast<uint32_t>(bytes.size)));
}

Napi::Value EngineObject::answer_layer(Info info) {
  if (!usable()) return answer(info.Env(), -EBADF);
  const SharedMaker maker = maker_of(info[2]);
  return answer(info.Env(), engine_->answer_layer(word(info[0]), word(info[1]), maker.get()));
}

// Bytes, or how many.
Napi::Value EngineObject::feed_layer(Info info) {
  if (!usable()) return answer(info.Env(), -EBADF);
  const Bytes bytes = bytes_of(info[3]);
  const uint32_t size = info[3].IsNumber() ? word(info[3]) : static_cast<uint32_t>(bytes.size);
  return answer(info.Env(),
                engine_->feed_layer(word(info[0]), word(info[1]), word(info[2]), bytes.data, size));
}

Napi::Value EngineObject::ask_layer(Info info) {
  const std::string told =
      usable() ? engine_->ask_layer(word(info[0]), word(info[1]), word(info[2])) : std::string();
  napi_value copy = nullptr;
  napi_create_buffer_copy(info.Env(), told.size(), told.data(), nullptr, &copy);
  return Napi::Value(info.Env(), copy);
}

Napi::Value EngineObject::refusal_text(Info info) {
  const auto refusal = static_cast<http::Refusal>(word(info[0]));
  return Napi::String::New(info.Env(), http::refusal_text(refusal));
}

Napi::Value EngineObject::address(Info info) {
  AddressText address;
  const int error =
      !usable() ? -EBADF : engine_->address(word(info[0]), word(info[1]), word(info[2]), &address);
  return error != 0 ? answer(info.Env(), error) : list_of(info.Env(), address);
}

Napi::Value EngineObject::credentials(Info info) {
  Credentials found;
  const int error = !usable() ? -EBADF : engine_->credentials(word(info[0]), word(info[1]), &found);
  if (error != 0) return answer(info.Env(), error);
  Napi::Array array = Napi::Array::New(info.Env(), 3);
  array.Set(0u, Napi::Number::New(info.Env(), static_cast<double>(found.process)));
  array.Set(1u, Napi::Number::New(info.Env(), found.user));
  array.Set(2u, Napi::Number::New(info.Env(), found.group));
  return array;
}

Napi::Value EngineObject::descriptor(Info info) {
  return answer(info.Env(), !usable() ? -EBADF : engine_->descriptor(word(info[0]), word(info[1])));
}

Napi::Value EngineObject::option(Info info) {
  return answer(info.Env(), !usable() ? -EBADF
                                      : engine_->option(word(info[0]), word(info[1]), text(info[2]),
                                                        integer(info[3])));
}

void EngineObject::send_everything(Info info) {
  if (usable()) engine_->send_everything(word(info[0]), word(info[1]));
}

Napi::Value EngineObject::datagrams(Info info) {
  return answer(info.Env(),
                !usable() ? -EBADF
                          : engine_->datagrams(integer(info[0]), text(info[1]), integer(info[2]),
                                               text(info[3]), integer(info[4]), word(info[5])));
}

Napi::Value EngineObject::datagrams_on(Info info) {
  return answer(info.Env(), !usable() ? -EBADF : engine_->datagrams_on(integer(info[0])));
}

Napi::Value EngineObject::join_group(Info info) {
  return answer(info.Env(), !usable()
                                ? -EBADF
                                : engine_->join_group(word(info[0]), word(info[1]), text(info[2]),
                                                      text(info[3]), truth(info[4])));
}

Napi::Value EngineObject::set_link(Info info) {
  if (!usable()) return answer(info.Env(), -EBADF);
  const LinkConditions conditions{.latency_ns = static_cast<int64_t>(count(info[2])),
                                  .jitter_ns = static_cast<int64_t>(count(info[3])),
                                  .loss = count(info[4])};
  return answer(info.Env(), engine_->set_link(text(info[0]), text(info[1]), conditions));
}

Napi::Value EngineObject::cut_link(Info info) {
  if (!usable()) return answer(info.Env(), -EBADF);
  return answer(info.Env(), engine_->cut_link(text(info[0]), text(info[1]), truth(info[2])));
}

Napi::Value EngineObject::multicast_interface(Info info) {
  return answer(info.Env(), !usable()
                                ? -EBADF
                                : engine_->multicast_interface(word(info[0]), word(info[1]),
                                                               integer(info[2]), text(info[3])));
}

// The host of an address in the rings' words (layout::kPeer*).
Napi::Value EngineObject::format_host(Info info) {
  const Bytes bytes = bytes_of(info[0]);
  uint32_t words[layout::kPeerWords];
  Address address;
  if (bytes.size < sizeof(words)) return Napi::String::New(info.Env(), "");
  std::memcpy(words, bytes.data, sizeof(words));
  if (!unpack_address(words, &address)) return Napi::String::New(info.Env(), "");
  return Napi::String::New(info.Env(), format_address(address).host);
}

// The other way round: fills the words, of a path where the port is kPortUnix. How many they are,
// or 0 for anything but a numeric address, or too long a path.
Napi::Value EngineObject::parse_host(Info info) {
  const Bytes bytes = bytes_of(info[2]);
  uint32_t words[layout::kPeerWordsMax];
  Address address;
  const int port = integer(info[1]);
  const bool known =
      bytes.size >= sizeof(words) &&
      (port == static_cast<int>(layout::kPortUnix) ? make_unix_address(text(info[0]), &address)
                                                   : parse_address(text(info[0]), port, &address));
  if (!known) return answer(info.Env(), 0);
  pack_address(address, words);
  const uint32_t count = packed_words(address);
  std::memcpy(bytes.data, words, count * sizeof(uint32_t));
  return answer(info.Env(), static_cast<int>(count));
}

Napi::Value EngineObject::resolve(Info info) {
  if (!usable()) return answer(info.Env(), 0);
  const uint32_t request = engine_->resolve(text(info[0]), text(info[1]), integer(info[2]),
                                            integer(info[3]), word(info[4]));
  return Napi::Number::New(info.Env(), request);
}

Napi::Value EngineObject::resolve_back(Info info) {
  const uint32_t request =
      usable() ? engine_->resolve_back(text(info[0]), integer(info[1]), word(info[2])) : 0;
  return Napi::Number::New(info.Env(), request);
}

Napi::Value EngineObject::resolved(Info info) {
  Napi::Array array = Napi::Array::New(info.Env());
  if (!usable()) return array;
  uint32_t place = 0;
  for (const AddressText& address : engine_->resolved(word(info[0]))) {
    array.Set(place++, list_of(info.Env(), address));
  }
  return array;
}

void EngineObject::resolve_cancel(Info info) {
  if (usable()) engine_->cancel_resolve(word(info[0]));
}

}  // namespace oxbow
