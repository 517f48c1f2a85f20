// The HTTP/1.1 parser: bytes in, events out, no sockets. It is pulled, so its driver decides
// when to go on, and nothing is called back in the middle of a read.
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
// - The events do not depend on how the bytes were cut into feeds, but for the cuts of kBody.
// - A head or body slice points into the fed bytes, without a copy. Only a head that is cut by the
//   end of a feed is carried over, in a buffer that lives until the call after its kHead.
// - To pause, stop calling next(); the fed bytes must stay where they are, and calling again goes
//   on. feed() is called only after kNeedMore.
// - After a head with `upgrade` that the caller accepts, it stops and takes the unread() bytes.
// - After kError every call says kError.
// - Strict: RFC 9112 without its leniencies for broken peers (listed in native/http/README.md).
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

  // limits is borrowed: it must outlive the parser and stay as it is.
  Parser(Kind kind, const Limits* limits) : limits_(limits), kind_(kind) {}

  // Gives the next bytes of the connection. They are not copied.
  void feed(const uint8_t* data, size_t size) {
    cursor_ = data;
    end_ = data + size;
  }

  Event next(HeadScratch& scratch);

  // The peer has closed. kEnd: a body that ended with the connection; kNeedMore: nothing was under
  // way; kError: the message is truncated. Called after next() said kNeedMore.
  Event finish();

  // For responses: what the next final response answers. Forgotten when that response ends.
  void expect_response_to(bool head_request, bool connect) {
    response_to_ = {head_request, connect};
  }

  bool in_chunked_body() const { return state_ == State::kChunked; }
  // Of the message whose kEnd was reported last, until the next head: see ChunkedDecoder.
  const std::string* trailers() const { return chunked_.trailers(); }
  void drop_trailers() { chunked_ = {}; }

  // What is still to come of a body of a declared length, when all fed bytes are used: so many
  // bytes need not be fed, if pass() says that they came.
  uint64_t sized_left() const {
    return state_ == State::kSized && cursor_ == end_ ? body_left_ : 0;
  }
  // So many of them came elsewhere. With the last one next() says kEnd.
  void pass(uint64_t size);
  Bytes body() const { return {cursor_ - body_size_, body_size_}; }

  // Between messages: closing now loses nothing.
  bool idle() const { return state_ == State::kStart && !partial_.holds() && cursor_ == end_; }
  // Bytes held for a head that is cut, beyond the parser itself.
  uint32_t held() const { return partial_.memory(); }
  size_t unread() const { return static_cast<size_t>(end_ - cursor_); }
  const uint8_t* unread_data() const { return cursor_; }

  uint16_t error_status() const { return refusal_status(refusal_); }
  const char* error_text() const { return refusal_text(refusal_); }
  Refusal refusal() const { return refusal_; }

 private:
  enum class State : uint8_t { kStart, kSized, kChunked, kUntilClose, kDone, kError };

  // Whether the empty line that may precede a request has come.
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
  uint64_t body_left_ = 0;  // of a sized body; of body_max otherwise
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
