// UTF-8, checked piece by piece as it comes: overlong forms, surrogates and what is beyond U+10FFFF
// are refused at the first byte that cannot be right.
#pragma once

#include <cstddef>
#include <cstdint>

namespace oxbow::websocket {

class Utf8Check {
 public:
  // False as soon as the text cannot become valid any more.
  bool take(const uint8_t* data, size_t size);
  // Whether the text may end here.
  bool complete() const { return left_ == 0; }
  // Whether everything since begin() was ASCII.
  bool ascii() const { return ascii_; }
  void begin() { *this = Utf8Check(); }
  // What follows is judged by itself.
  void begin_piece() { ascii_ = complete(); }

 private:
  bool begin_character(uint8_t byte);

  uint8_t left_ = 0;  // bytes that the character still needs
  uint8_t low_ = 0;   // what the next one may be
  uint8_t high_ = 0;
  bool ascii_ = true;
};

// Whether a text is valid as a whole.
inline bool is_utf8(const uint8_t* data, size_t size) {
  Utf8Check check;
  return check.take(data, size) && check.complete();
}

}  // namespace oxbow::websocket
