#include "websocket/frame_reader.h"

#include <algorithm>
#include <cstring>

#include "websocket/lanes.h"

namespace oxbow::websocket {
namespace {

constexpr uint8_t kFin = 0x80;
constexpr uint8_t kRsv1 = 0x40;
constexpr uint8_t kReserved = 0x30;
constexpr uint8_t kMask = 0x80;
constexpr size_t kControlMax = 125;
// How much compression may enlarge incompressible data.
constexpr uint64_t kPackedMore = 1024;

bool is_control(uint8_t opcode) { return opcode >= 8; }

bool is_known(uint8_t opcode) { return opcode <= 2 || (opcode >= 8 && opcode <= 10); }

}  // namespace

Event FrameReader::next() {
  if (state_ != State::kControl) held_.reset();
  while (true) {
    switch (state_) {
      case State::kHeader:
        if (!read_header()) return Event::kNeedMore;
        if (const Refusal refusal = judge_header(); refusal != Refusal::kNone) {
          return refuse(refusal);
        }
        begin_frame();
        break;
      case State::kPayload:
        return next_piece();
      case State::kControl:
        return next_control();
      case State::kClosed:
        cursor_ = end_;
        return Event::kNeedMore;
      case State::kRefused:
        return Event::kRefused;
    }
  }
}

Event FrameReader::refuse(Refusal refusal) {
  refusal_ = refusal;
  state_ = State::kRefused;
  held_.reset();
  return Event::kRefused;
}

size_t FrameReader::header_length() const {
  if (header_size_ < 2) return 2;
  const uint8_t length = header_[1] & 0x7f;
  return 2u + (length == 126 ? 2u : length == 127 ? 8u : 0u) + (settings_.masked ? 4u : 0u);
}

// False: the header is incomplete.
bool FrameReader::read_header() {
  // Twice, because the first two bytes tell the length of the header.
  for (int part = 0; part < 2; part++) {
    const size_t length = header_length();
    const size_t taken = std::min(length - header_size_, unread());
    // Before the first feed cursor_ is null, which memcpy() must not get.
    if (taken > 0) std::memcpy(header_ + header_size_, cursor_, taken);
    cursor_ += taken;
    header_size_ = static_cast<uint8_t>(header_size_ + taken);
    if (header_size_ < length) {
      // An error in the first two bytes is reported without waiting for the rest.
      return header_size_ >= 2 && judge_header() != Refusal::kNone;
    }
  }
  return true;
}

// Checks as much of the header as there is, at least two bytes.
Refusal FrameReader::judge_header() {
  const uint8_t opcode = header_[0] & 0x0f;
  const bool final = (header_[0] & kFin) != 0;
  if ((header_[0] & kReserved) != 0) return Refusal::kReservedBits;
  if (!is_known(opcode)) return Refusal::kOpcode;
  const bool begins = opcode == 1 || opcode == 2;
  if ((header_[0] & kRsv1) != 0 && !(settings_.deflate && begins)) return Refusal::kReservedBits;
  if (((header_[1] & kMask) != 0) != settings_.masked) {
    return settings_.masked ? Refusal::kUnmasked : Refusal::kMasked;
  }
  uint64_t length = header_[1] & 0x7f;
  if (is_control(opcode)) {
    if (!final) return Refusal::kControlFragmented;
    if (length > kControlMax) return Refusal::kControlTooLong;
    return Refusal::kNone;
  }
  if (opcode == 0 && !in_message_) return Refusal::kContinuation;
  if (begins && in_message_) return Refusal::kUnfinished;
  if (header_size_ < header_length()) return Refusal::kNone;
  const uint64_t least = length == 126 ? 126 : length == 127 ? 65536 : 0;
  if (least != 0) {
    const int bytes = length == 126 ? 2 : 8;
    length = 0;
    for (int n = 0; n < bytes; n++) length = length << 8 | header_[2 + n];
    if (length < least || length >> 63 != 0) return Refusal::kLength;
  }
  const bool packed = begins ? (header_[0] & kRsv1) != 0 : packed_;
  const uint64_t most = settings_.message_max + (packed ? kPackedMore : 0);
  if (length > most - (begins ? 0 : message_size_)) return Refusal::kMessageTooLarge;
  frame_left_ = length;
  return Refusal::kNone;
}

// The header is complete and valid.
void FrameReader::begin_frame() {
  const uint8_t opcode = header_[0] & 0x0f;
  if (settings_.masked) std::memcpy(mask_, header_ + header_size_ - 4, 4);
  mask_at_ = 0;
  header_size_ = 0;
  if (is_control(opcode)) {
    control_ = {static_cast<Opcode>(opcode), nullptr, static_cast<uint8_t>(header_[1] & 0x7f)};
    held_size_ = 0;
    state_ = State::kControl;
    return;
  }
  final_ = (header_[0] & kFin) != 0;
  if (opcode != 0) {
    in_message_ = true;
    text_ = opcode == 1;
    packed_ = (header_[0] & kRsv1) != 0;
    told_ = false;
    message_size_ = 0;
    utf8_.begin();
  }
  message_size_ += frame_left_;
  state_ = State::kPayload;
}

// The mask has four bytes and continues at the position where it stopped.
void FrameReader::unmask(uint8_t* data, size_t size) {
  if (!settings_.masked) return;
  uint8_t turned[8];
  for (int n = 0; n < 8; n++) turned[n] = mask_[(mask_at_ + n) & 3];
  uint64_t mask;
  std::memcpy(&mask, turned, 8);
  const Lanes masks = {mask, mask};
  size_t at = 0;
  for (; at + 64 <= size; at += 64) {
    uint8_t* const line = data + at;
    for (int n = 0; n < 64; n += 16) store_lanes(line + n, load_lanes(line + n) ^ masks);
  }
  for (; at + 8 <= size; at += 8) {
    uint64_t word;
    std::memcpy(&word, data + at, 8);
    word ^= mask;
    std::memcpy(data + at, &word, 8);
  }
  for (; at < size; at++) data[at] ^= turned[at & 7];
  mask_at_ = static_cast<uint8_t>((mask_at_ + size) & 3);
}

// Takes as much of the message as there is, including following fragments in the same bytes.
Event FrameReader::next_piece() {
  uint8_t* const start = cursor_;
  size_t size = 0;
  bool last = false;
  bool valid = true;
  utf8_.begin_piece();
  while (true) {
    const size_t taken = static_cast<size_t>(std::min<uint64_t>(unread(), frame_left_));
    uint8_t* const to = start + size;
    if (to != cursor_) std::memmove(to, cursor_, taken);
    cursor_ += taken;
    frame_left_ -= taken;
    unmask(to, taken);
    if (text_ && !packed_ && !utf8_.take(to, taken)) {
      valid = false;
      break;
    }
    size += taken;
    if (frame_left_ > 0) break;
    state_ = State::kHeader;
    if (final_) {
      last = true;
      break;
    }
    // Only fragments of the same message are joined.
    if (!read_header()) break;
    if (const Refusal refusal = judge_header(); refusal != Refusal::kNone) {
      refuse(refusal);
      break;
    }
    begin_frame();
    if (state_ != State::kPayload) break;
  }
  if (last) {
    in_message_ = false;
    if (text_ && !packed_ && !utf8_.complete()) valid = false;
  }
  if (!valid) return refuse(Refusal::kNotUtf8);
  if (size == 0 && !last) return state_ == State::kPayload ? Event::kNeedMore : next();
  piece_ = {start,   size,   frame_left_, text_,
            packed_, !told_, last,        text_ && !packed_ && utf8_.ascii()};
  told_ = true;
  return Event::kPiece;
}

Event FrameReader::next_control() {
  const size_t size = control_.size;
  const size_t taken = std::min(size - held_size_, unread());
  uint8_t* bytes = cursor_;
  cursor_ += taken;
  if (taken < size) {
    if (held_ == nullptr) held_.reset(new uint8_t[kControlMax]);
    std::memcpy(held_.get() + held_size_, bytes, taken);
    held_size_ = static_cast<uint8_t>(held_size_ + taken);
    if (held_size_ < size) return Event::kNeedMore;
    bytes = held_.get();
  }
  unmask(bytes, size);
  control_.data = bytes;
  state_ = State::kHeader;
  if (control_.opcode == Opcode::kClose) {
    const Refusal refusal = close_code(bytes, size).refusal;
    if (refusal != Refusal::kNone) return refuse(refusal);
    state_ = State::kClosed;
  }
  return Event::kControl;
}

CloseCode close_code(const uint8_t* data, size_t size) {
  if (size == 0) return {1005, Refusal::kNone};
  if (size == 1) return {1005, Refusal::kCloseCode};
  const uint16_t code = static_cast<uint16_t>(data[0] << 8 | data[1]);
  const bool registered =
      code >= 1000 && code <= 1014 && code != 1004 && code != 1005 && code != 1006;
  if (!registered && (code < 3000 || code > 4999)) return {code, Refusal::kCloseCode};
  if (!is_utf8(data + 2, size - 2)) return {code, Refusal::kNotUtf8};
  return {code, Refusal::kNone};
}

}  // namespace oxbow::websocket
