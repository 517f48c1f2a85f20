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
  // Whether it is the wildcard address: 0.0.0.0 or ::.
  bool is_any() const;
  // Changes the host to 127.0.0.1 or ::1.
  void set_loopback();
  // Equal, ignoring the port.
  bool same_host(const Address& other) const;
};

// Parses an IPv4 or IPv6 address (with %scope). False if the text is neither.
bool parse_address(const std::string& text, int port, Address* out);

struct AddressText {
  std::string host;
  int port = 0;
  int family = 0;  // 4, 6, or 0 for any other
};

AddressText format_address(const Address& address);

// An address in the format of the rings: words as described by layout::kPeer*, and their number.
// One that is not IPv4, IPv6 or Unix is packed with family 0.
uint32_t packed_words(const Address& address);
void pack_address(const Address& address, uint32_t* words);
// Reads the number of words from the first layout::kPeerBytes of them.
uint32_t packed_words(const uint32_t* words);
bool unpack_address(const uint32_t* words, Address* out);

}  // namespace oxbow
