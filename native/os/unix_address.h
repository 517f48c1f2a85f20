// Unix socket addresses, in the file system or in Linux's abstract namespace: path to sockaddr and
// back.
#pragma once

#include <string>

#include "os/address.h"

namespace oxbow {

// Makes an address of a path; one that begins with NUL is an abstract name, an empty one means
// unnamed. False if it is too long, or has a NUL elsewhere.
bool make_unix_address(const std::string& path, Address* out);

bool is_unix_address(const Address& address);

// The path, empty for a socket without a name.
std::string unix_path(const Address& address);

}  // namespace oxbow
