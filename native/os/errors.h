// Numbers of errors, which differ from platform to platform. JavaScript knows them by name.
#pragma once

#include "ring/layout.h"

namespace oxbow {

struct NamedErrno {
  const char* name;
  int number;  // negative
};

// Those that lib/ compares with, or makes errors of (ErrnoName in lib/native/binding.ts); the last
// has no name.
const NamedErrno* named_errnos();

// What an EAI_* code of getaddrinfo means.
layout::LookupError lookup_error(int code);

}  // namespace oxbow
