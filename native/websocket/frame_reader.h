// Parses the frames of a WebSocket (RFC 6455): bytes in, events out, no sockets. Events are pulled,
// as with the HTTP parser.
//
//   reader.feed(bytes, size);
//   while (true) {
//     switch (reader.next()) {
//       case Event::kPiece:    take(reader.piece());    continue;
//       case Event::kControl:  answer(reader.control()); continue;
//       case Event::kRefused:  close(reader.refusal());  return;
//       case Event::kNeedMore: return;                   // all fed bytes are used
//     }
//   }
//
// - The events do not depend on how the bytes were split into feeds, except for the boundaries of
//   pieces.
// - The fed bytes are modified: they are unmasked in place, and fragments of a message that arrived
//   together are moved down over the headers between them. So a message in one-byte fragments is
//   one piece per feed, and a piece points into the fed bytes, without a copy.
// - A control frame inside a message is reported between its pieces.
// - After a close frame everything is ignored; after kRefused every call returns kRefused.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>

#include "ring/layout.h"
#include "websocket/utf8.h"

namespace oxbow::websocket {

using Refusal = layout::WebSocketRefusal;

enum class Event : uint8_t { kNeedMore, kPiece, kControl, kRefused };

enum class Opcode : uint8_t {
  kContinuation = 0,
  kText = 1,
  kBinary = 2,
  kClose = 8,
  kPing = 9,
  kPong = 10,
};

struct Settings {
  // The maximum size of a message; for a compressed one, of its compressed bytes.
  uint64_t message_max = 16u << 20;
  // The peer is a client, so it must mask its frames.
  bool masked = true;
  // permessage-deflate was negotiated. Compressed text is not checked for UTF-8.
  bool deflate = false;
  // JavaScript converts small messages at once, so they need not be copied into slabs.
  bool transient = false;
};

// A part of a message. Empty only if just the end of the message remains to be reported.
struct Piece {
  const uint8_t* data;
  size_t size;
  uint64_t left;  // bytes of its frame that are still to be received
  bool text;
  bool packed;
  bool first;
  bool last;
  bool ascii;  // only ASCII, and no character continues into it; never set if packed
};

struct Control {
  Opcode opcode;
  const uint8_t* data;  // valid until the next call
  uint8_t size;
};

class FrameReader {
 public:
  explicit FrameReader(const Settings& settings) : settings_(settings) {}

  void feed(uint8_t* data, size_t size) {
    cursor_ = data;
    end_ = data + size;
  }
  Event next();

  const Piece& piece() const { return piece_; }
  const Control& control() const { return control_; }
  Refusal refusal() const { return refusal_; }

  size_t unread() const { return static_cast<size_t>(end_ - cursor_); }
  const uint8_t* unread_data() const { return cursor_; }
  // No partial frame was received.
  bool idle() const { return state_ == State::kHeader && header_size_ == 0 && unread() == 0; }

 private:
  enum class State : uint8_t { kHeader, kPayload, kControl, kClosed, kRefused };

  bool read_header();
  Refusal judge_header();
  void begin_frame();
  size_t header_length() const;
  Event next_piece();
  Event next_control();
  Event refuse(Refusal refusal);
  void unmask(uint8_t* data, size_t size);

  const Settings settings_;
  uint8_t* cursor_ = nullptr;
  uint8_t* end_ = nullptr;
  uint64_t frame_left_ = 0;    // bytes of the payload that are still to be received
  uint64_t message_size_ = 0;  // bytes of the message so far, including all of this frame
  Piece piece_ = {};
  Control control_ = {};
  std::unique_ptr<uint8_t[]> held_;  // of a control frame that arrived in parts
  uint8_t held_size_ = 0;
  uint8_t header_[14] = {};
  uint8_t header_size_ = 0;
  uint8_t mask_[4] = {};
  uint8_t mask_at_ = 0;
  State state_ = State::kHeader;
  Refusal refusal_ = Refusal::kNone;
  Utf8Check utf8_;
  bool final_ = false;       // the frame is the last one of its message
  bool in_message_ = false;  // a continuation must follow
  bool text_ = false;
  bool packed_ = false;
  bool told_ = false;  // a piece of the message was reported
};

// The content of a close frame: its code, or 1005 if it has none, and whether it is valid.
struct CloseCode {
  uint16_t code;
  Refusal refusal;
};
CloseCode close_code(const uint8_t* data, size_t size);

}  // namespace oxbow::websocket
