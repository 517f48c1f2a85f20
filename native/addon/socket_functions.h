// The system calls of class Socket (lib/io/socket.ts), which need no loop.
#pragma once

#include <napi.h>

namespace oxbow {

// NativeSockets of lib/native/binding.ts.
Napi::Object define_socket_functions(Napi::Env env);

}  // namespace oxbow
