// Random numbers that are the same on every platform for one seed, unlike std's distributions.
#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>

namespace oxbow {

// SplitMix64.
class Random {
 public:
  explicit Random(uint64_t seed) : state_(seed) {}

  uint64_t next() {
    uint64_t z = (state_ += 0x9e3779b97f4a7c15u);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
  }
  // 0 <= result < bound
  uint32_t below(uint32_t bound) { return static_cast<uint32_t>((next() >> 32) * bound >> 32); }
  template <typename List>
  void shuffle(List& list) {
    for (size_t n = list.size(); n > 1; n--) {
      std::swap(list[n - 1], list[below(static_cast<uint32_t>(n))]);
    }
  }
  // True once in `times`, on average.
  bool once_in(uint32_t times) { return below(times) == 0; }

 private:
  uint64_t state_;
};

}  // namespace oxbow
