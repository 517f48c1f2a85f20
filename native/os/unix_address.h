// Addresses in the file system, or in Linux's abstract name space: text to sockaddr and back.
#pragma once

#include <string>

#include "os/address.h"

namespace oxbow {

// A path; one that begins with NUL is an abstract name, an empty one no name at all. False where it
// is too long, or has a NUL elsewhere.
bool make_unix_address(const std::string& path, Address* out);

bool is_unix_address(const Address& address);

// The path, empty for a socket without a name.
std::string unix_path(const Address& address);

}  // namespace oxbow
