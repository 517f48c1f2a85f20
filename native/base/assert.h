// Assertions that stay enabled in release builds: a broken invariant must stop the process where it
// broke, not where it is noticed. They are for our own mistakes; mistakes of users or peers are
// reported as errors.
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
