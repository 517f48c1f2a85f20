// Keeps this library loaded after its last user has closed it, because a thread of the resolver may
// still be inside getaddrinfo(). Elsewhere the linker flag -z nodelete does this.
#pragma once

#if defined(__APPLE__)
#include <dlfcn.h>
#endif

namespace oxbow {

inline void stay_loaded(const void* inside) {
#if defined(__APPLE__)
  Dl_info library;
  if (dladdr(inside, &library) == 0) return;
  // The handle is leaked on purpose.
  static_cast<void>(dlopen(library.dli_fname, RTLD_LAZY | RTLD_NOLOAD | RTLD_NODELETE));
#else
  static_cast<void>(inside);
#endif
}

}  // namespace oxbow
