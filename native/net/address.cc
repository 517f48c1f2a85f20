#include "net/address.h"

#include <cstring>

#include <arpa/inet.h>
#include <net/if.h>
#include <netinet/in.h>

namespace oxbow {

bool parse_address(const std::string& text, int port, Address* out) {
  *out = Address{};
  sockaddr_in* v4 = reinterpret_cast<sockaddr_in*>(&out->storage);
  if (inet_pton(AF_INET, text.c_str(), &v4->sin_addr) == 1) {
    v4->sin_family = AF_INET;
    v4->sin_port = htons(static_cast<uint16_t>(port));
    out->length = sizeof(sockaddr_in);
    return true;
  }
  const size_t percent = text.find('%');
  sockaddr_in6* v6 = reinterpret_cast<sockaddr_in6*>(&out->storage);
  if (inet_pton(AF_INET6, text.substr(0, percent).c_str(), &v6->sin6_addr) != 1) return false;
  v6->sin6_family = AF_INET6;
  v6->sin6_port = htons(static_cast<uint16_t>(port));
  out->length = sizeof(sockaddr_in6);
  if (percent == std::string::npos) return true;
  v6->sin6_scope_id = if_nametoindex(text.c_str() + percent + 1);
  return v6->sin6_scope_id != 0;
}

AddressText format_address(const Address& address) {
  char text[INET6_ADDRSTRLEN] = "";
  if (address.family() == AF_INET) {
    const sockaddr_in* v4 = reinterpret_cast<const sockaddr_in*>(&address.storage);
    inet_ntop(AF_INET, &v4->sin_addr, text, sizeof(text));
    return {text, ntohs(v4->sin_port), 4};
  }
  if (address.family() != AF_INET6) return {};
  const sockaddr_in6* v6 = reinterpret_cast<const sockaddr_in6*>(&address.storage);
  inet_ntop(AF_INET6, &v6->sin6_addr, text, sizeof(text));
  std::string host = text;
  char name[IF_NAMESIZE];
  if (v6->sin6_scope_id != 0 && if_indextoname(v6->sin6_scope_id, name) != nullptr) {
    host += std::string("%") + name;
  }
  return {host, ntohs(v6->sin6_port), 6};
}

}  // namespace oxbow
