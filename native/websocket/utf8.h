// Checks UTF-8 incrementally: overlong forms, surrogates and values beyond U+10FFFF are refused at
// the first byte that cannot be valid.
#pragma once

#include <cstddef>
#include <cstdint>

namespace oxbow::websocket {

class Utf8Check {
 public:
  // False as soon as the text can no longer become valid.
  bool take(const uint8_t* data, size_t size);
  // Whether the text may end here.
  bool complete() const { return left_ == 0; }
  // Whether everything since begin() or begin_piece() was ASCII.
  bool ascii() const { return ascii_; }
  void begin() { *this = Utf8Check(); }
  // Restarts ascii() for the next piece; false if that starts inside a character.
  void begin_piece() { ascii_ = complete(); }

 private:
  bool begin_character(uint8_t byte);

  uint8_t left_ = 0;  // bytes that the character still needs
  uint8_t low_ = 0;   // the allowed range of the next byte
  uint8_t high_ = 0;
  bool ascii_ = true;
};

// Whether a complete text is valid.
inline bool is_utf8(const uint8_t* data, size_t size) {
  Utf8Check check;
  return check.take(data, size) && check.complete();
}

}  // namespace oxbow::websocket
