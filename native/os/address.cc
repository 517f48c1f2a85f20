#include "os/address.h"

#include <cstring>
#include <type_traits>

#include <arpa/inet.h>
#include <net/if.h>
#include <netinet/in.h>

#include "os/unix_address.h"
#include "ring/layout.h"

namespace oxbow {
namespace {

template <typename Storage>
auto* v4(Storage* storage) {
  return reinterpret_cast<
      std::conditional_t<std::is_const_v<Storage>, const sockaddr_in, sockaddr_in>*>(storage);
}

template <typename Storage>
auto* v6(Storage* storage) {
  return reinterpret_cast<
      std::conditional_t<std::is_const_v<Storage>, const sockaddr_in6, sockaddr_in6>*>(storage);
}

// The scope of a link-local address, given as the name or number of an interface. 0: there is none.
uint32_t scope_of(const std::string& text) {
  const uint32_t index = if_nametoindex(text.c_str());
  if (index != 0 || text.empty() || text.size() > 9) return index;
  uint32_t number = 0;
  for (const char digit : text) {
    if (digit < '0' || digit > '9') return 0;
    number = number * 10 + static_cast<uint32_t>(digit - '0');
  }
  return number;
}

std::string scope_text(uint32_t scope) {
  char name[IF_NAMESIZE];
  return if_indextoname(scope, name) != nullptr ? name : std::to_string(scope);
}

}  // namespace

uint16_t Address::port() const {
  if (family() == AF_INET) return ntohs(v4(&storage)->sin_port);
  return family() == AF_INET6 ? ntohs(v6(&storage)->sin6_port) : 0;
}

void Address::set_port(uint16_t port) {
  if (family() == AF_INET) v4(&storage)->sin_port = htons(port);
  if (family() == AF_INET6) v6(&storage)->sin6_port = htons(port);
}

bool Address::is_any() const {
  if (family() == AF_INET) return v4(&storage)->sin_addr.s_addr == htonl(INADDR_ANY);
  return family() == AF_INET6 && IN6_IS_ADDR_UNSPECIFIED(&v6(&storage)->sin6_addr);
}

void Address::set_loopback() {
  if (family() == AF_INET) v4(&storage)->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (family() == AF_INET6) v6(&storage)->sin6_addr = in6addr_loopback;
}

bool Address::same_host(const Address& other) const {
  if (family() != other.family()) return false;
  if (family() == AF_INET) {
    return v4(&storage)->sin_addr.s_addr == v4(&other.storage)->sin_addr.s_addr;
  }
  const sockaddr_in6* one = v6(&storage);
  const sockaddr_in6* two = v6(&other.storage);
  return family() == AF_INET6 && one->sin6_scope_id == two->sin6_scope_id &&
         std::memcmp(&one->sin6_addr, &two->sin6_addr, sizeof(in6_addr)) == 0;
}

bool parse_address(const std::string& text, int port, Address* out) {
  *out = Address{};
  if (inet_pton(AF_INET, text.c_str(), &v4(&out->storage)->sin_addr) == 1) {
    out->storage.ss_family = AF_INET;
    out->set_port(static_cast<uint16_t>(port));
    out->length = sizeof(sockaddr_in);
    return true;
  }
  const size_t percent = text.find('%');
  in6_addr* host = &v6(&out->storage)->sin6_addr;
  if (inet_pton(AF_INET6, text.substr(0, percent).c_str(), host) != 1) return false;
  out->storage.ss_family = AF_INET6;
  out->set_port(static_cast<uint16_t>(port));
  out->length = sizeof(sockaddr_in6);
  if (percent == std::string::npos) return true;
  v6(&out->storage)->sin6_scope_id = scope_of(text.substr(percent + 1));
  return v6(&out->storage)->sin6_scope_id != 0;
}

AddressText format_address(const Address& address) {
  char text[INET6_ADDRSTRLEN] = "";
  if (address.family() == AF_INET) {
    inet_ntop(AF_INET, &v4(&address.storage)->sin_addr, text, sizeof(text));
    return {text, address.port(), 4};
  }
  if (address.family() != AF_INET6) return {};
  const sockaddr_in6* found = v6(&address.storage);
  inet_ntop(AF_INET6, &found->sin6_addr, text, sizeof(text));
  std::string host = text;
  if (found->sin6_scope_id != 0) host += "%" + scope_text(found->sin6_scope_id);
  return {host, address.port(), 6};
}

namespace {

uint32_t words_for(uint32_t bytes) { return layout::kPeerBytes + (bytes + 3) / 4; }

}  // namespace

uint32_t packed_words(const Address& address) {
  if (!is_unix_address(address)) return layout::kPeerWords;
  return words_for(static_cast<uint32_t>(unix_path(address).size()));
}

uint32_t packed_words(const uint32_t* words) {
  const bool is_unix = words[layout::kPeerFamily] == layout::kPeerUnix;
  return is_unix ? words_for(words[layout::kPeerPort]) : layout::kPeerWords;
}

void pack_address(const Address& address, uint32_t* words) {
  std::memset(words, 0, packed_words(address) * 4);
  if (is_unix_address(address)) {
    const std::string path = unix_path(address);
    words[layout::kPeerFamily] = layout::kPeerUnix;
    words[layout::kPeerPort] = static_cast<uint32_t>(path.size());
    std::memcpy(words + layout::kPeerBytes, path.data(), path.size());
    return;
  }
  words[layout::kPeerPort] = address.port();
  uint8_t* bytes = reinterpret_cast<uint8_t*>(words + layout::kPeerBytes);
  if (address.family() == AF_INET) {
    words[layout::kPeerFamily] = 4;
    std::memcpy(bytes, &v4(&address.storage)->sin_addr, sizeof(in_addr));
  } else if (address.family() == AF_INET6) {
    words[layout::kPeerFamily] = 6;
    words[layout::kPeerScope] = v6(&address.storage)->sin6_scope_id;
    std::memcpy(bytes, &v6(&address.storage)->sin6_addr, sizeof(in6_addr));
  }
}

bool unpack_address(const uint32_t* words, Address* out) {
  *out = Address{};
  const uint8_t* bytes = reinterpret_cast<const uint8_t*>(words + layout::kPeerBytes);
  if (words[layout::kPeerFamily] == 4) {
    out->storage.ss_family = AF_INET;
    out->length = sizeof(sockaddr_in);
    std::memcpy(&v4(&out->storage)->sin_addr, bytes, sizeof(in_addr));
  } else if (words[layout::kPeerFamily] == 6) {
    out->storage.ss_family = AF_INET6;
    out->length = sizeof(sockaddr_in6);
    v6(&out->storage)->sin6_scope_id = words[layout::kPeerScope];
    std::memcpy(&v6(&out->storage)->sin6_addr, bytes, sizeof(in6_addr));
  } else if (words[layout::kPeerFamily] == layout::kPeerUnix) {
    const char* path = reinterpret_cast<const char*>(bytes);
    return make_unix_address(std::string(path, words[layout::kPeerPort]), out);
  } else {
    return false;
  }
  out->set_port(static_cast<uint16_t>(words[layout::kPeerPort]));
  return true;
}

}  // namespace oxbow
