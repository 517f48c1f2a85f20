// Options of sockets by name, which are the same on all platforms.
#pragma once

namespace oxbow {

// 0 or negative errno: -EINVAL for a name that there is not, -ENOPROTOOPT for an option that this
// platform or this socket has not. `linger` is in seconds, -1 for none.
int set_socket_option(int descriptor, const char* name, int value);
int get_socket_option(int descriptor, const char* name, int* value);

}  // namespace oxbow
