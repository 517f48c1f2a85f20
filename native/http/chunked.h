// Decodes the chunked transfer coding (RFC 9112 section 7.1), byte by byte except for the data. It
// needs no buffer: everything read so far is in the state. Chunk extensions are checked against the
// grammar, limited, and dropped; trailers are checked and limited like header fields, and kept.
#pragma once

#include <memory>
#include <string>

#include "http/errors.h"
#include "http/types.h"

namespace oxbow::http {

class ChunkedDecoder {
 public:
  enum class Step : uint8_t { kNeedMore, kData, kDone, kRefused };

  // Reads from cursor on, and advances it. kData: the data_size() bytes before the cursor are body.
  // body_room: how much more body is allowed.
  Step step(const uint8_t*& cursor, const uint8_t* end, const Limits& limits, uint64_t body_room);

  size_t data_size() const { return data_size_; }
  Refusal refusal() const { return refusal_; }
  // The trailer lines, each with its CRLF; null if there are none. At most as large as a head.
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
  uint64_t left_ = 0;  // bytes left of this chunk
  size_t data_size_ = 0;
  uint32_t line_bytes_ = 0;  // of this size line or trailer line
  // Bytes of extensions in all chunks so far; after the last chunk, bytes of trailers.
  uint32_t section_bytes_ = 0;
  uint32_t trailer_count_ = 0;
  State state_ = State::kSizeFirst;
  Refusal refusal_ = Refusal::kNone;
};

}  // namespace oxbow::http
