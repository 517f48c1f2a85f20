// Assertions that stay on in release builds: a broken invariant must stop the process where it
// broke, not where it shows. They are for our mistakes; what users or peers do wrong is an error.
#pragma once

#include <cstdio>
#include <cstdlib>

namespace oxbow {

[[noreturn]] inline void assertion_failed(const char* text, const char* file, int line) {
  std::fprintf(stderr, "oxbow: assertion failed: %s (%s:%d)\n", text, file, line);
  std::abort();
}

}  // namespace oxbow

#define OXBOW_ASSERT(condition)                                                                  \
  (__builtin_expect(!(condition), 0) ? ::oxbow::assertion_failed(#condition, __FILE__, __LINE__) \
                                     : static_cast<void>(0))
