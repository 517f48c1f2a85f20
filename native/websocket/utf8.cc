#include "websocket/utf8.h"

#include <cstring>

#include "websocket/lanes.h"

namespace oxbow::websocket {
namespace {

constexpr uint64_t kHighBits = 0x8080808080808080;

// How many leading bytes are ASCII, checked 64 and then 8 at a time.
size_t ascii_run(const uint8_t* data, size_t size) {
  size_t at = 0;
  for (; at + 64 <= size; at += 64) {
    const uint8_t* const line = data + at;
    const Lanes all =
        load_lanes(line) | load_lanes(line + 16) | load_lanes(line + 32) | load_lanes(line + 48);
    if (((all[0] | all[1]) & kHighBits) != 0) break;
  }
  for (; at + 8 <= size; at += 8) {
    uint64_t word;
    std::memcpy(&word, data + at, 8);
    if ((word & kHighBits) != 0) break;
  }
  while (at < size && data[at] < 0x80) at++;
  return at;
}

}  // namespace

bool Utf8Check::begin_character(uint8_t byte) {
  low_ = 0x80;
  high_ = 0xbf;
  if (byte >= 0xc2 && byte <= 0xdf) {
    left_ = 1;
  } else if (byte >= 0xe0 && byte <= 0xef) {
    left_ = 2;
    if (byte == 0xe0) low_ = 0xa0;   // otherwise overlong
    if (byte == 0xed) high_ = 0x9f;  // otherwise half of a surrogate pair
  } else if (byte >= 0xf0 && byte <= 0xf4) {
    left_ = 3;
    if (byte == 0xf0) low_ = 0x90;
    if (byte == 0xf4) high_ = 0x8f;  // otherwise beyond U+10FFFF
  } else {
    return false;
  }
  return true;
}

bool Utf8Check::take(const uint8_t* data, size_t size) {
  size_t at = 0;
  while (at < size) {
    if (left_ == 0) {
      at += ascii_run(data + at, size - at);
      if (at == size) break;
      ascii_ = false;
      if (!begin_character(data[at++])) return false;
      continue;
    }
    const uint8_t byte = data[at++];
    if (byte < low_ || byte > high_) return false;
    low_ = 0x80;
    high_ = 0xbf;
    left_--;
  }
  return true;
}

}  // namespace oxbow::websocket
