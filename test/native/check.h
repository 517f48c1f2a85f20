// A test harness small enough to read at one sitting, because the core is built without exceptions
// or RTTI and has no other dependency.
//
//   #include "check.h"
//   TEST(heap_pops_in_order) { CHECK_EQ(heap.pop(), 3u); }
//   CHECK_MAIN()
//
// TEST registers a function; CHECK and CHECK_EQ report a failure and go on; REQUIRE leaves the
// test.
// CHECK_MAIN runs everything (or only the tests whose name contains the first argument), prints
// "N passed, M failed", and exits with 1 when something failed or when no test matched.
#pragma once

#include <cstdint>
#include <cstdio>
#include <cstring>
#include <iostream>
#include <string>
#include <string_view>
#include <type_traits>

namespace oxbow::check {

struct Test {
  const char* name;
  void (*run)();
  Test* next;
};

// Tests run in the order in which they were written: registration appends.
struct Registry {
  Test* first = nullptr;
  Test** last = &first;
  int failures_in_test = 0;
  int passed = 0;
  int failed = 0;
};

inline Registry& registry() {
  static Registry instance;
  return instance;
}

struct Registrar {
  explicit Registrar(Test* test) {
    *registry().last = test;
    registry().last = &test->next;
  }
};

inline void fail(const char* file, int line, const std::string& what) {
  ++registry().failures_in_test;
  std::cerr << file << ":" << line << ": " << what << "\n";
}

template <typename T>
void show(std::ostream& out, const T& value) {
  if constexpr (std::is_same_v<T, bool>) {
    out << (value ? "true" : "false");
  } else if constexpr (std::is_enum_v<T>) {
    out << +static_cast<std::underlying_type_t<T>>(value);
  } else if constexpr (std::is_same_v<T, uint8_t> || std::is_same_v<T, int8_t>) {
    out << +value;
  } else if constexpr (std::is_null_pointer_v<T>) {
    out << "nullptr";
  } else {
    out << value;
  }
}

// Integers of different signedness compare by value, so CHECK_EQ(vector.size(), 3) just works.
template <typename A, typename B>
bool equal(const A& a, const B& b) {
  if constexpr (std::is_integral_v<A> && std::is_integral_v<B> && !std::is_same_v<A, bool> &&
                !std::is_same_v<B, bool>) {
    if ((a < A{}) != (b < B{})) return false;
    return static_cast<std::common_type_t<A, B>>(a) == static_cast<std::common_type_t<A, B>>(b);
  } else {
    return a == b;
  }
}

template <typename A, typename B>
bool check_equal(const A& a, const B& b, const char* text, const char* file, int line) {
  if (equal(a, b)) return true;
  std::cerr << file << ":" << line << ": CHECK_EQ(" << text << "): ";
  show(std::cerr, a);
  std::cerr << " != ";
  show(std::cerr, b);
  std::cerr << "\n";
  ++registry().failures_in_test;
  return false;
}

inline int run_all(int argc, char** argv) {
  const char* filter = argc > 1 ? argv[1] : "";
  Registry& all = registry();
  for (Test* test = all.first; test != nullptr; test = test->next) {
    if (std::strstr(test->name, filter) == nullptr) continue;
    all.failures_in_test = 0;
    test->run();
    if (all.failures_in_test == 0) {
      ++all.passed;
      continue;
    }
    ++all.failed;
    std::cerr << "FAILED " << test->name << "\n";
  }
  std::printf("%d passed, %d failed\n", all.passed, all.failed);
  return all.failed == 0 && all.passed > 0 ? 0 : 1;
}

}  // namespace oxbow::check

#define TEST(name)                                                                  \
  static void test_##name();                                                        \
  static ::oxbow::check::Test test_entry_##name{#name, &test_##name, nullptr};      \
  static const ::oxbow::check::Registrar test_registrar_##name(&test_entry_##name); \
  static void test_##name()

#define CHECK(condition)                                                                 \
  do {                                                                                   \
    if (!(condition)) ::oxbow::check::fail(__FILE__, __LINE__, "CHECK(" #condition ")"); \
  } while (0)

#define REQUIRE(condition)                                                 \
  do {                                                                     \
    if (!(condition)) {                                                    \
      ::oxbow::check::fail(__FILE__, __LINE__, "REQUIRE(" #condition ")"); \
      return;                                                              \
    }                                                                      \
  } while (0)

#define CHECK_EQ(a, b) ::oxbow::check::check_equal((a), (b), #a ", " #b, __FILE__, __LINE__)

#define CHECK_MAIN() \
  int main(int argc, char** argv) { return ::oxbow::check::run_all(argc, argv); }
