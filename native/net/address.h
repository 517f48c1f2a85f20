// Numeric socket addresses: text to sockaddr and back.
#pragma once

#include <string>

#include <sys/socket.h>

namespace oxbow {

struct Address {
  sockaddr_storage storage{};
  socklen_t length = 0;
  const sockaddr* get() const { return reinterpret_cast<const sockaddr*>(&storage); }
  int family() const { return storage.ss_family; }
};

// An IPv4 or IPv6 address (with %scope) and a port. False where the text is neither.
bool parse_address(const std::string& text, int port, Address* out);

struct AddressText {
  std::string host;
  int port = 0;
  int family = 0;  // 4, 6, or 0 for what is neither
};

AddressText format_address(const Address& address);

}  // namespace oxbow
