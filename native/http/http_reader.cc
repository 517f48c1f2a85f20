#include "http/http_reader.h"

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "base/assert.h"
#include "net/stream.h"

namespace oxbow::http {

using layout::CompletionOp;

namespace {

// Room needed in the receive chunks for the largest head and its record, or for the largest piece
// of body.
constexpr uint32_t kChunkRoomMin = 1u << 17;
// Heads of one connection that are reported per turn; the rest waits, so that JavaScript can pause:
// a read of 64 KiB can hold two thousand requests, each of which costs more than its bytes.
constexpr int kHeadsMax = 32;
// How much a peer may still send after a refused message. It is dropped, so that the answer is not
// lost in a reset (RFC 9112, 9.6); beyond this, reading stops.
constexpr uint32_t kDroppedMax = 64u << 20;
// The maximum of each limit: offsets in a head record are u16, and a head and its record must fit
// in kChunkRoomMin.
constexpr uint32_t kHeadMax = 65535;
constexpr uint32_t kLineMax = 60000;
constexpr uint32_t kFieldsMax = 4096;

// Shared by all connections of a thread, because only one head is read at a time.
thread_local HeadScratch thread_scratch;

// Not inlined: finding the address of a thread_local is a call, which the compiler would otherwise
// repeat at every use.
[[gnu::noinline]] HeadScratch& scratch_of_thread() { return thread_scratch; }

uint32_t head_flags(const Head& head) {
  return (head.keep_alive ? layout::kHeadKeepAlive : 0) |
         (head.chunked ? layout::kHeadChunked : 0) |
         (head.content_length >= 0 ? layout::kHeadHasLength : 0) |
         (head.upgrade ? layout::kHeadUpgrade : 0) |
         (head.expect_continue ? layout::kHeadExpectContinue : 0) |
         (head.has_body ? layout::kHeadHasBody : 0) |
         (head.version_minor == 0 ? layout::kHeadVersion10 : 0);
}

void write_head(const Head& head, uint32_t bytes_offset, uint32_t* words) {
  const uint64_t length = head.content_length < 0 ? 0 : static_cast<uint64_t>(head.content_length);
  words[layout::kHeadMethod] = static_cast<uint32_t>(head.method_id);
  words[layout::kHeadStatus] = head.status;
  words[layout::kHeadFlags] = head_flags(head);
  words[layout::kHeadMethodLength] = head.method.length;
  words[layout::kHeadTargetOffset] = head.target.offset;
  words[layout::kHeadTargetLength] = head.target.length;
  words[layout::kHeadFieldCount] = head.field_count;
  words[layout::kHeadBytesOffset] = bytes_offset;
  words[layout::kHeadLengthLow] = static_cast<uint32_t>(length);
  words[layout::kHeadLengthHigh] = static_cast<uint32_t>(length >> 32);
  words[layout::kHeadReasonOffset] = head.reason.offset;
  words[layout::kHeadReasonLength] = head.reason.length;
  words[layout::kHeadMethodOffset] = head.method.offset;
  words[layout::kHeadPathLength] = head.path_length;
  uint32_t* field = words + layout::kHeadWords;
  for (uint32_t n = 0; n < head.field_count; n++, field += layout::kFieldWords) {
    const Field& from = head.fields[n];
    field[0] = from.name_offset | (from.name_length << 16);
    field[1] = from.value_offset | (from.value_length << 16);
  }
}

class HttpReader final : public Reader {
 public:
  HttpReader(Kind kind, std::shared_ptr<const Limits> limits, Stream* stream, HandleHost* host)
      : stream_(stream),
        host_(host),
        limits_(std::move(limits)),
        parser_(kind, limits_.get()),
        asks_(kind == Kind::kResponse) {}

  void take(const uint8_t* data, uint32_t size) override;
  void end() override;
  void resume() override { pump(); }
  void reading_again() override;
  bool ended() const override { return ended_; }
  uint64_t direct_left() const override {
    if (stopped_) return 0;
    return preface_ ? UINT32_MAX : parser_.sized_left();
  }
  void received(uint32_t size) override;
  bool quiet() const override { return !stopped_ && parser_.unread() == 0; }
  void control(const Submission& entry) override;
  void tell_refusal(Completion* completion) const override;
  void hand_over(Reader* next) override;

 private:
  void pump();
  bool pump_one(HeadScratch& scratch, int* heads);
  bool tell_head(const Head& head);
  Parser::Bytes join_chunks(HeadScratch& scratch, Event* event);
  bool tell_body(Parser::Bytes body);
  bool tell_end();
  void refuse(Refusal refusal);
  void keep_unread(const uint8_t* data, uint32_t size);

  Stream* const stream_;
  HandleHost* const host_;
  const std::shared_ptr<const Limits> limits_;
  Parser parser_;
  std::unique_ptr<uint8_t[]> kept_;  // the parser's unread input, if it had to be moved
  uint32_t dropped_ = 0;             // bytes received after the last event
  const bool asks_;                  // client side: every response must answer a request
  bool asked_ = false;               // a request is waiting for its response
  bool final_response_ = false;      // the last head was not an interim response
  Refusal refusal_ = Refusal::kNone;
  bool body_expected_ = false;
  bool leaving_ =
      false;  // the head asks to leave HTTP, or has left it: the next bytes may be something else
  bool preface_ = false;  // bytes of another protocol come first
  bool stopped_ = false;  // no more events
  bool ended_ = false;    // the peer has closed, after the unread bytes
};

class HttpReaders final : public ReaderMaker {
 public:
  HttpReaders(Kind kind, const Limits& limits)
      : kind_(kind), limits_(std::make_shared<const Limits>(limits)) {}

  std::unique_ptr<Reader> make(Stream* stream, HandleHost* host) const override {
    return std::make_unique<HttpReader>(kind_, limits_, stream, host);
  }

 private:
  const Kind kind_;
  const std::shared_ptr<const Limits> limits_;
};

void HttpReader::take(const uint8_t* data, uint32_t size) {
  if (stopped_) {
    dropped_ += size;
    if (dropped_ > kDroppedMax) stream_->stop_reading();
    return;
  }
  if (parser_.unread() == 0) {
    parser_.feed(data, size);
    pump();
    return;
  }
  // Earlier bytes are still unread: these follow them.
  keep_unread(data, size);
  reading_again();
}

// Reports events until the bytes are used up, there is no more room, or JavaScript has paused.
void HttpReader::pump() {
  HeadScratch& scratch = scratch_of_thread();
  int heads = 0;
  while ((heads < kHeadsMax || parser_.unread() == 0) && pump_one(scratch, &heads)) {
  }
  if (stopped_ || stream_->closed) return;
  if (parser_.unread() > 0) {
    keep_unread(nullptr, 0);
    if (leaving_) stream_->hold();
    reading_again();
  } else {
    kept_.reset();
    if (ended_ && !stream_->paused) end();
  }
}

// False: stop here.
bool HttpReader::pump_one(HeadScratch& scratch, int* heads) {
  if (stopped_ || stream_->closed || stream_->paused) return false;
  // When all bytes are used, only the end of a message may be left to report. No later byte would
  // trigger that, so it uses one of the entries that kRoomMin has kept free.
  const bool has_bytes = parser_.unread() > 0;
  if (has_bytes && leaving_) return false;
  const bool has_room =
      host_->completion_room() >= kRoomMin && host_->arena().has_room(kChunkRoomMin);
  if (has_bytes && !has_room) return false;
  // Bytes after a response, or before any request, would be mistaken for the next response.
  if (has_bytes && asks_ && !asked_) {
    refuse(Refusal::kUnasked);
    return false;
  }
  Event event = parser_.next(scratch);
  if (event == Event::kBody) {
    const Parser::Bytes body = join_chunks(scratch, &event);
    if (!tell_body(body)) return false;
    // The read ended with the body: the next event is not known yet.
    if (event == Event::kBody) return true;
  }
  switch (event) {
    case Event::kNeedMore:
    case Event::kBody:
      return false;
    case Event::kHead:
      ++*heads;
      return tell_head(scratch.head);
    case Event::kEnd:
      if (final_response_) asked_ = false;
      stream_->direct = false;
      // A message without a body has ended with its head.
      return !body_expected_ || tell_end();
    case Event::kError:
      refuse(parser_.refusal());
      return false;
  }
  return false;
}

// Returns the piece of body that the parser has found, joined with further chunks in the same
// bytes: they are moved down over the framing between them, which is no longer needed. So a body in
// one-byte chunks is one piece per read, instead of thousands. `event` becomes the next event, or
// stays kBody if the parser was not asked.
Parser::Bytes HttpReader::join_chunks(HeadScratch& scratch, Event* event) {
  Parser& parser = parser_;
  Parser::Bytes body = parser.body();
  while (parser.in_chunked_body() && parser.unread() > 0) {
    *event = parser.next(scratch);
    if (*event != Event::kBody) break;
    const Parser::Bytes next = parser.body();
    // The bytes are in a receive chunk or in our own memory: both may be modified.
    std::memmove(const_cast<uint8_t*>(body.data) + body.size, next.data, next.size);
    body.size += next.size;
  }
  return body;
}

void HttpReader::received(uint32_t size) {
  if (preface_) return;
  parser_.pass(size);
  if (parser_.sized_left() > 0) return;
  const Event event = parser_.next(scratch_of_thread());
  OXBOW_ASSERT(event == Event::kEnd);
  if (final_response_) asked_ = false;
}

void HttpReader::refuse(Refusal refusal) {
  stopped_ = true;
  refusal_ = refusal;
  stream_->events |= kEventRefused;
  if (ended_) stream_->on_receive_end(0);
  host_->queue_events(stream_);
}

bool HttpReader::tell_head(const Head& head) {
  const uint32_t record = (layout::kHeadWords + head.field_count * layout::kFieldWords) * 4;
  ReceiveArena::Place bytes = host_->arena().find(head.base);
  const bool in_place = bytes.data != nullptr && bytes.chunk == host_->arena().chunk() &&
                        host_->arena().room_in_chunk() >= record + 4;
  const ReceiveArena::Place place = host_->arena().allocate(in_place ? record : record + head.size);
  if (place.data == nullptr) {
    stream_->fail(-ENOMEM);
    return false;
  }
  uint32_t bytes_offset = bytes.offset;
  if (!in_place) {
    bytes_offset = place.offset + record;
    std::memcpy(place.data + record, head.base, head.size);
  }
  write_head(head, bytes_offset, reinterpret_cast<uint32_t*>(place.data));
  Completion* completion = host_->complete(CompletionOp::kMessageHead, stream_);
  completion->chunk = place.chunk;
  completion->offset = place.offset;
  completion->length = record;
  body_expected_ = head.has_body;
  leaving_ = head.upgrade && !head.has_body;
  final_response_ = head.status >= 200 || head.status == 101;
  return true;
}

bool HttpReader::tell_body(Parser::Bytes body) {
  const uint32_t size = static_cast<uint32_t>(body.size);
  ReceiveArena::Place place = host_->arena().find(body.data);
  if (place.data == nullptr) {
    place = host_->arena().allocate(size);
    if (place.data == nullptr) {
      stream_->fail(-ENOMEM);
      return false;
    }
    std::memcpy(place.data, body.data, size);
  }
  Completion* completion = host_->complete(CompletionOp::kMessageBody, stream_);
  completion->chunk = place.chunk;
  completion->offset = place.offset;
  completion->length = size;
  return true;
}

// Reports the end of a message with its trailers. These are rare, and fit in the room
// (kChunkRoomMin) that was checked before the bytes were parsed.
bool HttpReader::tell_end() {
  ReceiveArena::Place place{};
  const std::string* trailers = parser_.trailers();
  const uint32_t size = trailers == nullptr ? 0 : static_cast<uint32_t>(trailers->size());
  if (size > 0) {
    place = host_->arena().allocate(size);
    if (place.data == nullptr) {
      stream_->fail(-ENOMEM);
      return false;
    }
    std::memcpy(place.data, trailers->data(), size);
    parser_.drop_trailers();
  }
  Completion* completion = host_->complete(CompletionOp::kMessageEnd, stream_);
  completion->chunk = place.chunk;
  completion->offset = place.offset;
  completion->length = size;
  return true;
}

// The peer has closed: a body that lasts until then is complete, any other is truncated. Reported
// even without any event before it: the answer to a refused message waits for this end.
void HttpReader::end() {
  ended_ = true;
  stream_->reading = false;
  if (!stopped_) {
    if (parser_.unread() > 0) return;
    const Event event = parser_.finish();
    if (event == Event::kEnd) host_->complete(CompletionOp::kMessageEnd, stream_);
    if (event == Event::kError) {
      refuse(parser_.refusal());
      return;
    }
    stopped_ = true;
  }
  stream_->on_receive_end(0);
  host_->queue_events(stream_);
}

// Moves the unread bytes, and `size` more, to the connection's own memory.
void HttpReader::keep_unread(const uint8_t* data, uint32_t size) {
  const size_t left = parser_.unread();
  if (size == 0 && kept_ != nullptr) return;  // they are there already
  std::unique_ptr<uint8_t[]> kept(new uint8_t[left + size]);
  std::memcpy(kept.get(), parser_.unread_data(), left);
  if (size > 0) std::memcpy(kept.get() + left, data, size);
  parser_.feed(kept.get(), left + size);
  kept_ = std::move(kept);
}

void HttpReader::reading_again() {
  if (stream_->paused || stopped_ || leaving_) return;
  if (parser_.unread() == 0 && !ended_) return;
  host_->resume_later(stream_);
}

void HttpReader::hand_over(Reader* next) {
  next->inherit(parser_.unread_data(), static_cast<uint32_t>(parser_.unread()), ended_);
}

void HttpReader::control(const Submission& entry) {
  const auto op = static_cast<layout::SubmissionOp>(entry.op);
  if (op == layout::SubmissionOp::kMessagePreface) {
    preface_ = entry.flags == 1;
    return;
  }
  if (op == layout::SubmissionOp::kMessageGoOn) {
    leaving_ = false;
    stream_->release();
    reading_again();
    return;
  }
  parser_.expect_response_to(entry.flags == 1, entry.flags == 2);
  asked_ = true;
}

void HttpReader::tell_refusal(Completion* completion) const {
  completion->op = CompletionOp::kMessageFailed;
  completion->result = refusal_status(refusal_);
  completion->offset = static_cast<uint32_t>(refusal_);
  completion->length = refusal_ == Refusal::kTruncated ? 1 : 0;
}

}  // namespace

std::shared_ptr<const ReaderMaker> make_readers(Kind kind, Limits limits) {
  limits.line_max = std::min(limits.line_max, kLineMax);
  limits.headers_max = std::min(limits.headers_max, kFieldsMax);
  limits.head_max = std::min(limits.head_max, kHeadMax);
  return std::make_shared<const HttpReaders>(kind, limits);
}

}  // namespace oxbow::http
