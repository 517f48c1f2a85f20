#include "http/chunked.h"

#include "http/chars.h"

namespace oxbow::http {

bool ChunkedDecoder::go(State state) {
  state_ = state;
  return true;
}

bool ChunkedDecoder::reject(Refusal refusal) {
  refusal_ = refusal;
  return false;
}

bool ChunkedDecoder::read_size(uint8_t byte, uint64_t body_room) {
  const int digit = hex_value(byte);
  if (digit >= 0) {
    left_ = left_ * 16 + static_cast<uint64_t>(digit);
    if (left_ > kLengthMax) return reject(Refusal::kChunkOverflow);
    return go(State::kSize);
  }
  if (state_ == State::kSizeFirst) return reject(Refusal::kChunkSize);
  // The size is complete, so a chunk that is too large is refused before any of its bytes are
  // taken.
  if (left_ > body_room) return reject(Refusal::kBodyTooLarge);
  if (byte == ';') return go(State::kExtensionName);
  if (byte == '\r') return go(State::kSizeFeed);
  return reject(Refusal::kChunkSize);
}

bool ChunkedDecoder::read_size_end(uint8_t byte) {
  if (byte != '\n') return reject(Refusal::kBareReturn);
  line_bytes_ = 0;
  if (left_ > 0) return go(State::kData);
  section_bytes_ = 0;
  return go(State::kTrailerStart);
}

bool ChunkedDecoder::read_extension(uint8_t byte) {
  if (++section_bytes_ > kChunkExtensionsMax) return reject(Refusal::kChunkExtensionsTooLong);
  switch (state_) {
    case State::kExtensionName:
      if (is_char(byte, kTokenChar)) return go(State::kExtensionNameMore);
      break;
    case State::kExtensionValue:
      if (byte == '"') return go(State::kExtensionQuoted);
      if (is_char(byte, kTokenChar)) return go(State::kExtensionToken);
      break;
    case State::kExtensionQuoted:
      if (byte == '"') return go(State::kExtensionQuotedEnd);
      if (byte == '\\') return go(State::kExtensionEscaped);
      if (is_char(byte, kQuotedChar)) return true;
      break;
    case State::kExtensionEscaped:
      if (is_char(byte, kValueChar)) return go(State::kExtensionQuoted);
      break;
    default:  // a name, a token or a quoted string that may end here
      if (byte == '\r') return go(State::kSizeFeed);
      if (byte == ';') return go(State::kExtensionName);
      if (byte == '=' && state_ == State::kExtensionNameMore) return go(State::kExtensionValue);
      if (is_char(byte, kTokenChar) && state_ != State::kExtensionQuotedEnd) return true;
      break;
  }
  return reject(Refusal::kChunkExtension);
}

bool ChunkedDecoder::read_data_end(uint8_t byte) {
  if (state_ == State::kDataReturn) {
    return byte == '\r' ? go(State::kDataFeed) : reject(Refusal::kChunkEnd);
  }
  return byte == '\n' ? go(State::kSizeFirst) : reject(Refusal::kChunkEnd);
}

void ChunkedDecoder::keep(uint8_t byte) {
  if (trailers_ == nullptr) trailers_ = std::make_unique<std::string>();
  trailers_->push_back(static_cast<char>(byte));
}

bool ChunkedDecoder::read_trailer(uint8_t byte, const Limits& limits) {
  if (++section_bytes_ > limits.head_max) return reject(Refusal::kHeadTooLarge);
  switch (state_) {
    case State::kTrailerStart:
      if (byte == '\r') return go(State::kFinalFeed);
      if (is_space(byte)) return reject(Refusal::kFieldFold);
      if (byte == '\n') return reject(Refusal::kBareLineFeed);
      if (!is_char(byte, kTokenChar)) return reject(Refusal::kFieldName);
      if (trailer_count_++ >= limits.headers_max) return reject(Refusal::kTooManyFields);
      keep(byte);
      return go(State::kTrailerName);
    case State::kTrailerName:
      keep(byte);
      if (byte == ':') return go(State::kTrailerValue);
      return is_char(byte, kTokenChar) || reject(Refusal::kFieldName);
    case State::kTrailerValue:
      keep(byte);
      if (byte == '\r') return go(State::kTrailerFeed);
      if (byte == '\n') return reject(Refusal::kBareLineFeed);
      return is_char(byte, kValueChar) || reject(Refusal::kFieldValue);
    default:  // kTrailerFeed, kFinalFeed
      if (byte != '\n') return reject(Refusal::kBareReturn);
      line_bytes_ = 0;
      if (state_ == State::kTrailerFeed) keep(byte);
      return state_ == State::kFinalFeed || go(State::kTrailerStart);
  }
}

bool ChunkedDecoder::read_framing(uint8_t byte, const Limits& limits, uint64_t body_room) {
  if (++line_bytes_ > uint64_t{limits.line_max} + 2) return reject(Refusal::kLineTooLong);
  switch (state_) {
    case State::kSizeFirst:
    case State::kSize:
      return read_size(byte, body_room);
    case State::kSizeFeed:
      return read_size_end(byte);
    case State::kDataReturn:
    case State::kDataFeed:
      line_bytes_ = 0;
      return read_data_end(byte);
    case State::kTrailerStart:
    case State::kTrailerName:
    case State::kTrailerValue:
    case State::kTrailerFeed:
    case State::kFinalFeed:
      return read_trailer(byte, limits);
    default:
      return read_extension(byte);
  }
}

ChunkedDecoder::Step ChunkedDecoder::step(const uint8_t*& cursor, const uint8_t* end,
                                          const Limits& limits, uint64_t body_room) {
  while (cursor < end) {
    if (state_ == State::kData) {
      const uint64_t available = static_cast<uint64_t>(end - cursor);
      data_size_ = static_cast<size_t>(left_ < available ? left_ : available);
      cursor += data_size_;
      left_ -= data_size_;
      if (left_ == 0) state_ = State::kDataReturn;
      return Step::kData;
    }
    const bool last = state_ == State::kFinalFeed;
    if (!read_framing(*cursor, limits, body_room)) return Step::kRefused;
    ++cursor;
    if (last) return Step::kDone;
  }
  return Step::kNeedMore;
}

}  // namespace oxbow::http
