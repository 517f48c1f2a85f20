// Socket options by name; the names are the same on all platforms.
#pragma once

namespace oxbow {

// 0 or negative errno: -EINVAL for an unknown name, -ENOPROTOOPT for an option that this platform
// or socket does not support. `linger` is in seconds, -1 for none.
int set_socket_option(int descriptor, const char* name, int value);
int get_socket_option(int descriptor, const char* name, int* value);

}  // namespace oxbow
