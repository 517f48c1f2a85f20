// Numeric socket addresses: text to sockaddr and back.
#pragma once

#include <cstdint>
#include <string>

#include <sys/socket.h>

namespace oxbow {

struct Address {
  sockaddr_storage storage{};
  socklen_t length = 0;
  const sockaddr* get() const { return reinterpret_cast<const sockaddr*>(&storage); }
  int family() const { return storage.ss_family; }  // 0 for no address
  uint16_t port() const;
  void set_port(uint16_t port);
  // Whether it stands for all addresses of a machine: 0.0.0.0 or ::.
  bool is_any() const;
  // Becomes 127.0.0.1 or ::1.
  void set_loopback();
  // The same but for the port.
  bool same_host(const Address& other) const;
};

// An IPv4 or IPv6 address (with %scope) and a port. False where the text is neither.
bool parse_address(const std::string& text, int port, Address* out);

struct AddressText {
  std::string host;
  int port = 0;
  int family = 0;  // 4, 6, or 0 for what is neither
};

AddressText format_address(const Address& address);

// An address as JavaScript has it: words as layout::kPeer* say, and how many of them. Nothing but
// the family 0 for one that is neither IPv4 nor IPv6 nor a path.
uint32_t packed_words(const Address& address);
void pack_address(const Address& address, uint32_t* words);
// How many words there are is to be found in the first layout::kPeerBytes of them.
uint32_t packed_words(const uint32_t* words);
bool unpack_address(const uint32_t* words, Address* out);

}  // namespace oxbow
