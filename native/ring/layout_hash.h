// Generated from native/ring/layout.h by tools/generate-layout.mjs. Do not edit.
#pragma once

#include <cstdint>

namespace oxbow::layout {

// Of the names and values in layout.h; lib/native/layout.ts has the same number.
constexpr uint32_t kLayoutHash = 0xa4afb947;

}  // namespace oxbow::layout
