// The chunked transfer coding (RFC 9112 section 7.1), decoded byte by byte except for the data.
// There is no carry: whatever was read so far fits into the state. Chunk extensions are checked by
// the grammar, bounded, and dropped; trailers are checked and bounded as fields are, and kept.
#pragma once

#include <memory>
#include <string>

#include "http/errors.h"
#include "http/types.h"

namespace oxbow::http {

class ChunkedDecoder {
 public:
  enum class Step : uint8_t { kNeedMore, kData, kDone, kRefused };

  // Reads from cursor on, and moves it. kData: data_size() bytes before the cursor are body.
  // body_room: how much more body may come.
  Step step(const uint8_t*& cursor, const uint8_t* end, const Limits& limits, uint64_t body_room);

  size_t data_size() const { return data_size_; }
  Refusal refusal() const { return refusal_; }
  // The lines of the trailers, each with its CRLF; null where there are none. As large as a head
  // may be at the most.
  const std::string* trailers() const { return trailers_.get(); }

 private:
  enum class State : uint8_t {
    kSizeFirst,
    kSize,
    kExtensionName,  // after ';', at least one more character
    kExtensionNameMore,
    kExtensionValue,  // after '='
    kExtensionToken,
    kExtensionQuoted,
    kExtensionEscaped,
    kExtensionQuotedEnd,
    kSizeFeed,  // the line feed after the size line
    kData,
    kDataReturn,
    kDataFeed,
    kTrailerStart,
    kTrailerName,
    kTrailerValue,
    kTrailerFeed,
    kFinalFeed,
  };

  bool read_framing(uint8_t byte, const Limits& limits, uint64_t body_room);
  bool read_size(uint8_t byte, uint64_t body_room);
  bool read_size_end(uint8_t byte);
  bool read_extension(uint8_t byte);
  bool read_data_end(uint8_t byte);
  bool read_trailer(uint8_t byte, const Limits& limits);
  bool reject(Refusal refusal);
  bool go(State state);
  void keep(uint8_t byte);

  std::unique_ptr<std::string> trailers_;
  uint64_t left_ = 0;  // of this chunk
  size_t data_size_ = 0;
  uint32_t line_bytes_ = 0;  // of this size line or trailer line
  // Extensions of all chunks so far; from the last chunk on, all trailers.
  uint32_t section_bytes_ = 0;
  uint32_t trailer_count_ = 0;
  State state_ = State::kSizeFirst;
  Refusal refusal_ = Refusal::kNone;
};

}  // namespace oxbow::http
