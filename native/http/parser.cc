#include "http/parser.h"

#include <algorithm>
#include <cstring>

#include "base/assert.h"
#include "http/head_reader.h"

namespace oxbow::http {

Event Parser::refuse(Refusal refusal) {
  refusal_ = refusal;
  state_ = State::kError;
  partial_.release();
  return Event::kError;
}

Event Parser::next(HeadScratch& scratch) {
  switch (state_) {
    case State::kStart:
      return next_head(scratch);
    case State::kDone:
      return end_message();
    case State::kSized:
      return next_sized();
    case State::kChunked:
      return next_chunked();
    case State::kUntilClose:
      return next_until_close();
    case State::kError:
      break;
  }
  return Event::kError;
}

// One empty line before a request is tolerated (RFC 9112 section 2.2), because old clients send it
// after a body; also one after an interim response, because some servers send it after 100
// Continue. False if the bytes do not continue with a head; refusal_ tells whether they are
// invalid.
bool Parser::skip_empty_line() {
  if (leading_ == Leading::kNone && *cursor_ == '\r') {
    leading_ = Leading::kReturn;
    if (++cursor_ == end_) return false;
  }
  if (leading_ == Leading::kReturn) {
    if (*cursor_ != '\n') {
      refusal_ = Refusal::kBareReturn;
      return false;
    }
    leading_ = Leading::kSkipped;
    ++cursor_;
  }
  return cursor_ < end_;
}

Event Parser::next_head(HeadScratch& scratch) {
  if (cursor_ == end_) return Event::kNeedMore;
  if (partial_.holds()) return resume_head(scratch);
  const bool forgiving = kind_ == Kind::kRequest || !final_;
  if (forgiving && !skip_empty_line()) {
    return refusal_ == Refusal::kNone ? Event::kNeedMore : refuse(refusal_);
  }
  const auto size = static_cast<uint32_t>(std::min<size_t>(unread(), limits_->head_max));
  HeadProgress progress;
  Refusal refusal = Refusal::kNone;
  switch (read_head(kind_, cursor_, size, *limits_, progress, scratch, refusal)) {
    case HeadStatus::kComplete:
      cursor_ += scratch.head.size;
      return begin_message(scratch);
    case HeadStatus::kRefused:
      return refuse(refusal);
    case HeadStatus::kIncomplete:
      break;
  }
  // Fewer than head_max, or the head would have been refused: so these are all the bytes.
  partial_.append(cursor_, size);
  partial_.progress() = progress;
  cursor_ = end_;
  return Event::kNeedMore;
}

// Continues with a partial head. Each byte is scanned once for the end of its line, each line is
// parsed once when it is complete (to refuse it early), and the complete head is parsed again,
// because the field table was used by other connections meanwhile.
Event Parser::resume_head(HeadScratch& scratch) {
  Refusal refusal = Refusal::kNone;
  while (cursor_ < end_) {
    // Fewer than head_max bytes are held, or the head would have been refused.
    OXBOW_ASSERT(partial_.size() < limits_->head_max);
    const size_t room = limits_->head_max - partial_.size();
    const auto size = static_cast<uint32_t>(std::min(unread(), room));
    const void* feed = std::memchr(cursor_, '\n', size);
    const auto taken = feed == nullptr
                           ? size
                           : static_cast<uint32_t>(static_cast<const uint8_t*>(feed) - cursor_ + 1);
    partial_.append(cursor_, taken);
    cursor_ += taken;
    HeadProgress& progress = partial_.progress();
    if (feed == nullptr) {
      refusal =
          check_pending_line(*limits_, progress.line_start, partial_.size() - progress.line_start);
      if (refusal != Refusal::kNone) return refuse(refusal);
      continue;
    }
    const HeadStatus status =
        read_head(kind_, partial_.data(), partial_.size(), *limits_, progress, scratch, refusal);
    if (status == HeadStatus::kRefused) return refuse(refusal);
    if (status == HeadStatus::kIncomplete) continue;
    progress = {};
    const HeadStatus whole =
        read_head(kind_, partial_.data(), partial_.size(), *limits_, progress, scratch, refusal);
    OXBOW_ASSERT(whole == HeadStatus::kComplete);
    return begin_message(scratch);
  }
  return Event::kNeedMore;
}

Event Parser::begin_message(HeadScratch& scratch) {
  const Head& head = scratch.head;
  const Refusal refusal = interpret(kind_, response_to_, *limits_, scratch);
  if (refusal != Refusal::kNone) return refuse(refusal);
  leading_ = Leading::kNone;
  final_ = kind_ == Kind::kRequest || head.status >= 200 || head.status == 101;
  body_size_ = 0;
  if (!head.has_body) {
    state_ = State::kDone;
    return Event::kHead;
  }
  body_left_ = limits_->body_max;
  if (head.chunked) {
    chunked_ = {};
    state_ = State::kChunked;
  } else if (head.content_length < 0) {
    state_ = State::kUntilClose;
  } else {
    body_left_ = static_cast<uint64_t>(head.content_length);
    state_ = State::kSized;
  }
  return Event::kHead;
}

Event Parser::next_sized() {
  partial_.release();
  if (cursor_ == end_) return Event::kNeedMore;
  body_size_ = static_cast<size_t>(std::min<uint64_t>(unread(), body_left_));
  cursor_ += body_size_;
  body_left_ -= body_size_;
  if (body_left_ == 0) state_ = State::kDone;
  return Event::kBody;
}

void Parser::pass(uint64_t size) {
  OXBOW_ASSERT(size <= sized_left());
  partial_.release();
  body_left_ -= size;
  if (body_left_ == 0) state_ = State::kDone;
}

Event Parser::next_chunked() {
  partial_.release();
  switch (chunked_.step(cursor_, end_, *limits_, body_left_)) {
    case ChunkedDecoder::Step::kNeedMore:
      return Event::kNeedMore;
    case ChunkedDecoder::Step::kData:
      body_size_ = chunked_.data_size();
      body_left_ -= body_size_;
      return Event::kBody;
    case ChunkedDecoder::Step::kDone:
      return end_message();
    case ChunkedDecoder::Step::kRefused:
      break;
  }
  return refuse(chunked_.refusal());
}

Event Parser::next_until_close() {
  partial_.release();
  if (cursor_ == end_) return Event::kNeedMore;
  if (body_left_ == 0) return refuse(Refusal::kBodyTooLarge);
  body_size_ = static_cast<size_t>(std::min<uint64_t>(unread(), body_left_));
  cursor_ += body_size_;
  body_left_ -= body_size_;
  return Event::kBody;
}

Event Parser::end_message() {
  partial_.release();
  state_ = State::kStart;
  if (final_) response_to_ = {};
  return Event::kEnd;
}

Event Parser::finish() {
  switch (state_) {
    case State::kStart:
      // A client that closes after a stray CR has lost nothing.
      return partial_.holds() ? refuse(Refusal::kTruncated) : Event::kNeedMore;
    case State::kDone:
    case State::kUntilClose:
      return end_message();
    case State::kSized:
    case State::kChunked:
      return refuse(Refusal::kTruncated);
    case State::kError:
      break;
  }
  return Event::kError;
}

}  // namespace oxbow::http
