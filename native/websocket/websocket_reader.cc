#include "websocket/websocket_reader.h"

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "net/stream.h"

namespace oxbow::websocket {

using layout::CompletionOp;

namespace {

// Room needed in the receive chunks for the largest piece that may have to be copied there.
constexpr uint32_t kChunkRoomMin = 1u << 17;
// Events (pieces and control frames) of one connection per turn: a read of 64 KiB can hold ten
// thousand frames, each of which costs JavaScript more than its bytes.
constexpr int kEventsMax = 512;
// Compressed bytes reported per turn: JavaScript inflates them up to a thousandfold before it can
// pause. A larger message is reported alone.
constexpr uint32_t kPackedMax = 4096;
// How much a peer may still send after its close frame, or after a refused frame. It is dropped, so
// that our own close frame is not lost in a reset; beyond this, reading stops.
constexpr uint32_t kDroppedMax = 1u << 20;
// Complete messages of up to this size go into slabs.
constexpr size_t kSlabMessageMax = 2048;

class WebSocketReader final : public Reader {
 public:
  WebSocketReader(const Settings& settings, Stream* stream, HandleHost* host)
      : stream_(stream), host_(host), frames_(settings), transient_(settings.transient) {}

  void take(const uint8_t* data, uint32_t size) override;
  void end() override;
  void resume() override { pump(); }
  void reading_again() override;
  bool ended() const override { return ended_; }
  bool quiet() const override { return !stopped_ && frames_.unread() == 0; }
  void control(const Submission&) override {}
  void tell_refusal(Completion* completion) const override;
  void inherit(const uint8_t* data, uint32_t size, bool at_end) override;

 private:
  void pump();
  bool pump_one();
  bool tell_piece(const Piece& piece);
  bool tell_control(const Control& control);
  bool keep(const Piece& piece, ReceiveArena::Place* out);
  bool place(const uint8_t* data, size_t size, ReceiveArena::Place* out);
  void keep_unread(const uint8_t* data, uint32_t size);
  void drop(uint32_t size);

  Stream* const stream_;
  HandleHost* const host_;
  FrameReader frames_;
  std::unique_ptr<uint8_t[]> kept_;  // unread bytes, if they had to be moved
  uint32_t dropped_ = 0;
  size_t packed_told_ = 0;  // in this turn
  const bool transient_;
  bool stopped_ = false;  // no more events
  bool ended_ = false;    // the peer has closed, after the unread bytes
};

class WebSocketReaders final : public ReaderMaker {
 public:
  explicit WebSocketReaders(const Settings& settings) : settings_(settings) {}
  std::unique_ptr<Reader> make(Stream* stream, HandleHost* host) const override {
    return std::make_unique<WebSocketReader>(settings_, stream, host);
  }

 private:
  const Settings settings_;
};

void WebSocketReader::take(const uint8_t* data, uint32_t size) {
  if (stopped_) {
    drop(size);
    return;
  }
  // JavaScript copies what it needs while it handles the completions.
  if (host_->arena().find(data).data != nullptr) host_->arena().lend(size);
  if (frames_.unread() > 0) {
    // Earlier bytes are still unread: these follow them.
    keep_unread(data, size);
    reading_again();
    return;
  }
  // They are in a receive chunk that JavaScript has no view of yet, so they may be modified.
  frames_.feed(const_cast<uint8_t*>(data), size);
  pump();
}

// Reports events until the bytes are used up, there is no more room, or JavaScript has paused.
void WebSocketReader::pump() {
  packed_told_ = 0;
  for (int events = 0; events < kEventsMax && packed_told_ < kPackedMax && pump_one(); events++) {
  }
  if (stopped_ || stream_->closed) return;
  if (frames_.unread() > 0) {
    keep_unread(nullptr, 0);
    stream_->hold();
    reading_again();
    return;
  }
  kept_.reset();
  stream_->release();
  if (ended_ && !stream_->paused) end();
}

// False: stop here.
bool WebSocketReader::pump_one() {
  if (stopped_ || stream_->closed || stream_->paused || frames_.unread() == 0) return false;
  if (host_->completion_room() < kRoomMin || !host_->arena().has_room(kChunkRoomMin)) return false;
  switch (frames_.next()) {
    case Event::kPiece:
      return tell_piece(frames_.piece());
    case Event::kControl:
      return tell_control(frames_.control());
    case Event::kRefused:
      stopped_ = true;
      stream_->release();
      kept_.reset();
      stream_->events |= kEventRefused;
      if (ended_) stream_->on_receive_end(0);
      host_->queue_events(stream_);
      return false;
    case Event::kNeedMore:
      return false;
  }
  return false;
}

// The position of bytes in a chunk; they are copied there first if they were kept elsewhere.
bool WebSocketReader::place(const uint8_t* data, size_t size, ReceiveArena::Place* out) {
  ReceiveArena::Place place = host_->arena().find(data);
  if (place.data == nullptr) {
    place = host_->arena().allocate(static_cast<uint32_t>(size));
    if (place.data == nullptr) {
      stream_->fail(-ENOMEM);
      return false;
    }
    if (size > 0) std::memcpy(place.data, data, size);
    host_->arena().lend(static_cast<uint32_t>(size));
  }
  *out = place;
  return true;
}

// Copies a small binary message into a slab, so that JavaScript does not have to. False if it is
// another kind of message, or no slab is available.
bool WebSocketReader::keep(const Piece& piece, ReceiveArena::Place* out) {
  if (transient_ || piece.text || piece.packed || !piece.first || !piece.last) return false;
  if (piece.size == 0 || piece.size > kSlabMessageMax) return false;
  *out = host_->arena().slabs.add(piece.data, static_cast<uint32_t>(piece.size));
  return out->data != nullptr;
}

bool WebSocketReader::tell_piece(const Piece& piece) {
  ReceiveArena::Place at;
  if (piece.packed) packed_told_ += piece.size;
  const bool own = keep(piece, &at);
  if (!own && !place(piece.data, piece.size, &at)) return false;
  Completion* completion = host_->complete(CompletionOp::kWebSocketData, stream_);
  completion->chunk = at.chunk;
  completion->offset = at.offset;
  completion->length = static_cast<uint32_t>(piece.size);
  completion->rest = static_cast<uint32_t>(std::min<uint64_t>(piece.left, UINT32_MAX));
  completion->result = static_cast<int32_t>(
      (piece.text ? layout::kWebSocketText : 0) | (piece.packed ? layout::kWebSocketPacked : 0) |
      (piece.first ? layout::kWebSocketFirst : 0) | (piece.last ? layout::kWebSocketLast : 0) |
      (piece.ascii ? layout::kWebSocketAscii : 0) | (own ? layout::kWebSocketOwn : 0));
  return true;
}

bool WebSocketReader::tell_control(const Control& control) {
  ReceiveArena::Place at;
  if (!place(control.data, control.size, &at)) return false;
  Completion* completion = host_->complete(CompletionOp::kWebSocketControl, stream_);
  completion->chunk = at.chunk;
  completion->offset = at.offset;
  completion->length = control.size;
  completion->result = static_cast<int32_t>(control.opcode);
  return true;
}

// Reported even without any event before it: the side that has closed first waits for this end.
void WebSocketReader::end() {
  ended_ = true;
  stream_->reading = false;
  if (!stopped_ && frames_.unread() > 0) return;
  stopped_ = true;
  stream_->on_receive_end(0);
  host_->queue_events(stream_);
}

void WebSocketReader::drop(uint32_t size) {
  dropped_ += size;
  if (dropped_ > kDroppedMax) stream_->stop_reading();
}

// Moves the unread bytes, and `size` more, to the connection's own memory.
void WebSocketReader::keep_unread(const uint8_t* data, uint32_t size) {
  const size_t left = frames_.unread();
  if (size == 0 && kept_ != nullptr) return;  // they are there already
  std::unique_ptr<uint8_t[]> kept(new uint8_t[left + size]);
  if (left > 0) std::memcpy(kept.get(), frames_.unread_data(), left);
  if (size > 0) std::memcpy(kept.get() + left, data, size);
  frames_.feed(kept.get(), left + size);
  kept_ = std::move(kept);
}

void WebSocketReader::reading_again() {
  if (stream_->paused || stopped_) return;
  if (frames_.unread() == 0 && !ended_) return;
  host_->resume_later(stream_);
}

void WebSocketReader::inherit(const uint8_t* data, uint32_t size, bool at_end) {
  if (size > 0) keep_unread(data, size);
  ended_ = at_end;
}

void WebSocketReader::tell_refusal(Completion* completion) const {
  completion->op = CompletionOp::kWebSocketFailed;
  completion->result = static_cast<int32_t>(frames_.refusal());
}

}  // namespace

std::shared_ptr<const ReaderMaker> make_readers(const Settings& settings) {
  return std::make_shared<const WebSocketReaders>(settings);
}

}  // namespace oxbow::websocket
