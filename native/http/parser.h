// The HTTP/1.1 parser: bytes in, events out, no sockets. Events are pulled, so the caller decides
// when to continue, and there are no callbacks in the middle of a read.
//
//   parser.feed(bytes, size);
//   while (true) {
//     switch (parser.next(scratch)) {
//       case Event::kHead:     start(scratch.head);               continue;
//       case Event::kBody:     take(parser.body());               continue;
//       case Event::kEnd:      finish_message();                  continue;
//       case Event::kError:    answer(parser.error_status());     return;
//       case Event::kNeedMore: return;                            // all fed bytes are used
//     }
//   }
//
// - The events do not depend on how the bytes were split into feeds, except for the pieces of
//   kBody.
// - A head or body slice points into the fed bytes, without a copy. Only a head that is split by
//   the end of a feed is copied, to a buffer that lives until the call after its kHead.
// - To pause, stop calling next(); the fed bytes must stay in place, and calling it again
//   continues. feed() may be called only after kNeedMore.
// - After a head with `upgrade` that it accepts, the caller stops and takes over the unread()
//   bytes.
// - After kError every call returns kError.
// - Strict: RFC 9112 without its tolerance for broken peers (listed in native/http/README.md).
#pragma once

#include "http/chunked.h"
#include "http/errors.h"
#include "http/meaning.h"
#include "http/partial_head.h"
#include "http/types.h"

namespace oxbow::http {

class Parser {
 public:
  struct Bytes {
    const uint8_t* data;
    size_t size;
  };

  // limits is borrowed: it must outlive the parser and must not change.
  Parser(Kind kind, const Limits* limits) : limits_(limits), kind_(kind) {}

  // Passes the next bytes of the connection. They are not copied.
  void feed(const uint8_t* data, size_t size) {
    cursor_ = data;
    end_ = data + size;
  }

  Event next(HeadScratch& scratch);

  // To be called when the peer has closed, after next() has returned kNeedMore. kEnd: a body that
  // ended with the connection; kNeedMore: no message was in progress; kError: the message is
  // truncated.
  Event finish();

  // For responses: tells what the next final response answers. Forgotten when that response ends.
  void expect_response_to(bool head_request, bool connect) {
    response_to_ = {head_request, connect};
  }

  bool in_chunked_body() const { return state_ == State::kChunked; }
  // The trailers of the message whose kEnd was reported last, until the next head: see
  // ChunkedDecoder.
  const std::string* trailers() const { return chunked_.trailers(); }
  void drop_trailers() { chunked_ = {}; }

  // How much of a body with a declared length is still to come, when all fed bytes are used: this
  // many bytes need not be fed, if pass() reports that they were received.
  uint64_t sized_left() const {
    return state_ == State::kSized && cursor_ == end_ ? body_left_ : 0;
  }
  // `size` of them were received elsewhere. After the last one next() returns kEnd.
  void pass(uint64_t size);
  Bytes body() const { return {cursor_ - body_size_, body_size_}; }

  // Whether it is between messages, so that closing now loses nothing.
  bool idle() const { return state_ == State::kStart && !partial_.holds() && cursor_ == end_; }
  // Memory for a partial head, beyond the parser itself.
  uint32_t held() const { return partial_.memory(); }
  size_t unread() const { return static_cast<size_t>(end_ - cursor_); }
  const uint8_t* unread_data() const { return cursor_; }

  uint16_t error_status() const { return refusal_status(refusal_); }
  const char* error_text() const { return refusal_text(refusal_); }
  Refusal refusal() const { return refusal_; }

 private:
  enum class State : uint8_t { kStart, kSized, kChunked, kUntilClose, kDone, kError };

  // Whether the optional empty line before a request has been received.
  enum class Leading : uint8_t { kNone, kReturn, kSkipped };

  Event next_head(HeadScratch& scratch);
  Event resume_head(HeadScratch& scratch);
  Event begin_message(HeadScratch& scratch);
  Event next_sized();
  Event next_chunked();
  Event next_until_close();
  Event end_message();
  Event refuse(Refusal refusal);
  bool skip_empty_line();

  const Limits* const limits_;
  const uint8_t* cursor_ = nullptr;
  const uint8_t* end_ = nullptr;
  size_t body_size_ = 0;
  uint64_t body_left_ = 0;  // of a sized body; otherwise of body_max
  PartialHead partial_;
  ChunkedDecoder chunked_;
  Kind kind_;
  State state_ = State::kStart;
  Leading leading_ = Leading::kNone;
  Refusal refusal_ = Refusal::kNone;
  ResponseTo response_to_;
  bool final_ = true;  // not an interim (1xx) response
};

static_assert(sizeof(Parser) <= 96, "an idle connection holds one of these");

}  // namespace oxbow::http
