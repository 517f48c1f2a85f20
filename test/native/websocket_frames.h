// Writes frames, and puts down what a reader makes of them as one text.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "websocket/frame_reader.h"

namespace oxbow::websocket::test {

struct FrameOptions {
  bool fin = true;
  uint8_t rsv = 0;  // three bits: 4 is RSV1
  bool masked = true;
  uint32_t mask = 0x37fa213d;
};

// A frame with the shortest header.
inline std::string frame(uint8_t opcode, const std::string& payload, FrameOptions options = {}) {
  std::string out;
  out.push_back(static_cast<char>((options.fin ? 0x80 : 0) | options.rsv << 4 | opcode));
  const size_t size = payload.size();
  const int mask_bit = options.masked ? 0x80 : 0;
  if (size < 126) {
    out.push_back(static_cast<char>(mask_bit | static_cast<int>(size)));
  } else {
    const int bytes = size < 65536 ? 2 : 8;
    out.push_back(static_cast<char>(mask_bit | (bytes == 2 ? 126 : 127)));
    for (int n = bytes - 1; n >= 0; n--) out.push_back(static_cast<char>(size >> (8 * n)));
  }
  char mask[4] = {};
  if (options.masked) {
    for (int n = 0; n < 4; n++) mask[n] = static_cast<char>(options.mask >> (24 - 8 * n));
    out.append(mask, 4);
  }
  for (size_t n = 0; n < size; n++) out.push_back(static_cast<char>(payload[n] ^ mask[n & 3]));
  return out;
}

inline std::string close_payload(uint16_t code, const std::string& reason = "") {
  return std::string{static_cast<char>(code >> 8), static_cast<char>(code)} + reason;
}

// What a reader tells: messages whole, in quotes behind T or B (Z: packed), control frames as
// ping(…), pong(…), close(…), and what was refused as !number.
class Story {
 public:
  explicit Story(const Settings& settings = {}) : reader_(settings) {}

  Story& feed(const std::string& bytes) {
    // Exactly so large, so that a sanitizer sees who reads beyond it.
    std::vector<uint8_t> own(bytes.begin(), bytes.end());
    reader_.feed(own.data(), own.size());
    for (;;) {
      const Event event = reader_.next();
      if (event == Event::kNeedMore) break;
      if (event == Event::kRefused) {
        if (!refused_) told_ += "!" + std::to_string(static_cast<int>(reader_.refusal())) + " ";
        refused_ = true;
        break;
      }
      if (event == Event::kPiece) add(reader_.piece());
      if (event == Event::kControl) add(reader_.control());
    }
    return *this;
  }

  const std::string& told() const { return told_; }
  bool refused() const { return refused_; }
  FrameReader& reader() { return reader_; }
  size_t pieces() const { return pieces_; }
  // Of the message under way: what was told of it.
  const std::string& under_way() const { return message_; }
  bool ascii() const { return ascii_; }
  const char* broken() const { return broken_; }

 private:
  void add(const Piece& piece) {
    pieces_++;
    if (piece.first != !begun_) broken_ = "the first piece is the first";
    if (piece.first) {
      message_.clear();
      ascii_ = true;
    }
    if (piece.size == 0 && !piece.last) broken_ = "an empty piece ends its message";
    if (piece.last && piece.left != 0) broken_ = "nothing is left behind the last piece";
    begun_ = true;
    message_.append(reinterpret_cast<const char*>(piece.data), piece.size);
    ascii_ = ascii_ && piece.ascii;
    if (!piece.last) return;
    begun_ = false;
    told_ += (piece.packed ? "Z" : piece.text ? "T" : "B") + ("'" + message_ + "' ");
    message_.clear();
  }

  void add(const Control& control) {
    const std::string payload(reinterpret_cast<const char*>(control.data), control.size);
    switch (control.opcode) {
      case Opcode::kPing:
        told_ += "ping(" + payload + ") ";
        break;
      case Opcode::kPong:
        told_ += "pong(" + payload + ") ";
        break;
      default: {
        const CloseCode code = close_code(control.data, control.size);
        told_ += "close(" + std::to_string(code.code) +
                 (payload.size() > 2 ? " " + payload.substr(2) : "") + ") ";
      }
    }
  }

  FrameReader reader_;
  std::string told_;
  std::string message_;
  bool begun_ = false;
  bool refused_ = false;
  bool ascii_ = true;
  const char* broken_ = nullptr;
  size_t pieces_ = 0;
};

inline std::string story_of(const std::string& bytes, const Settings& settings = {}) {
  return Story(settings).feed(bytes).told();
}

}  // namespace oxbow::websocket::test
