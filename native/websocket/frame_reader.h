// The frames of a WebSocket (RFC 6455): bytes in, events out, no sockets. It is pulled, as the
// parser of HTTP is.
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
// - The events do not depend on how the bytes were cut into feeds, but for the cuts of pieces.
// - The fed bytes are changed: masks are taken off where they stand, and the fragments of a message
//   that came together move down over the headers between them. So a message in fragments of a byte
//   is one piece for each feed, and a piece points into the fed bytes, without a copy.
// - A control frame that comes within a message is reported between its pieces.
// - Behind a frame of kClose everything is passed over; after kRefused every call says kRefused.
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
  // Bytes of a message, and of one before it is unpacked.
  uint64_t message_max = 16u << 20;
  // The peer masks its frames: it is a client.
  bool masked = true;
  // permessage-deflate was agreed on. What is packed is not checked to be UTF-8.
  bool deflate = false;
  // Who takes small messages makes something else of them at once.
  bool transient = false;
};

// A part of a message. Empty only where the end of a message is all that there is to tell.
struct Piece {
  const uint8_t* data;
  size_t size;
  uint64_t left;  // bytes of its frame that are still to come
  bool text;
  bool packed;
  bool first;
  bool last;
  bool ascii;  // and nothing of a character before it; never of what is packed
};

struct Control {
  Opcode opcode;
  const uint8_t* data;  // until the next call
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
  // No part of a frame has come that was not told.
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
  uint64_t frame_left_ = 0;    // bytes of the payload that are still to come
  uint64_t message_size_ = 0;  // bytes of the message so far, with all of this frame
  Piece piece_ = {};
  Control control_ = {};
  std::unique_ptr<uint8_t[]> held_;  // of a control frame that was cut
  uint8_t held_size_ = 0;
  uint8_t header_[14] = {};
  uint8_t header_size_ = 0;
  uint8_t mask_[4] = {};
  uint8_t mask_at_ = 0;
  State state_ = State::kHeader;
  Refusal refusal_ = Refusal::kNone;
  Utf8Check utf8_;
  bool final_ = false;       // the frame is the last of its message
  bool in_message_ = false;  // a continuation must follow
  bool text_ = false;
  bool packed_ = false;
  bool told_ = false;  // a piece of the message has been
};

// What a close frame says: its code, 1005 when it has none, and what is wrong with it.
struct CloseCode {
  uint16_t code;
  Refusal refusal;
};
CloseCode close_code(const uint8_t* data, size_t size);

}  // namespace oxbow::websocket
