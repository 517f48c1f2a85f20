// Operations on sixteen bytes at a time; every machine that we build for has registers of this
// size. Compilers vectorize a plain loop only at optimization levels that enlarge all other code.
#pragma once

#include <cstdint>
#include <cstring>

namespace oxbow::websocket {

using Lanes = uint64_t __attribute__((vector_size(16)));

inline Lanes load_lanes(const uint8_t* data) {
  Lanes lanes;
  std::memcpy(&lanes, data, sizeof(lanes));
  return lanes;
}

inline void store_lanes(uint8_t* data, Lanes lanes) { std::memcpy(data, &lanes, sizeof(lanes)); }

}  // namespace oxbow::websocket
