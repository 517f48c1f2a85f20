// Error numbers, which differ between platforms; JavaScript refers to them by name.
#pragma once

#include "ring/layout.h"

namespace oxbow {

struct NamedErrno {
  const char* name;
  int number;  // negative
};

// The errors that lib/ compares with or creates (ErrnoName in lib/native/binding.ts); the last
// entry has no name.
const NamedErrno* named_errnos();

// Translates an EAI_* code of getaddrinfo or getnameinfo.
layout::LookupError lookup_error(int code);

}  // namespace oxbow
