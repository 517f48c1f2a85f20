// The host and port of a request: uri-host [ ":" port ] (RFC 9110, 7.2; RFC 3986, 3.2.2).
#pragma once

#include <cstdint>

namespace oxbow::http {

enum class Port : uint8_t { kOptional, kNeeded };

// Whether the bytes are a non-empty host, and a port up to 65535 if there is one. Stricter than the
// grammar for hosts that no URL can have (WHATWG): an IPvFuture, an escaped character that is not
// allowed in a host, and a name that ends in a number but is not an IPv4 address.
bool is_authority(const uint8_t* p, const uint8_t* end, Port port);

}  // namespace oxbow::http
