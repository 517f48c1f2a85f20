// What a handle, or the reader of a stream, may ask of the engine.
#pragma once

#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include "driver/driver.h"
#include "net/receive_arena.h"
#include "ring/entries.h"

namespace oxbow {

class Handle;

// A piece of this submit's sends, in memory that is valid during the submit only.
struct Segment {
  const uint8_t* data;
  uint32_t size;
  uint32_t next;
};

constexpr uint32_t kNoSegment = UINT32_MAX;
using Segments = std::vector<Segment>;

// Completions that one step of a handle may tell; so many are kept free for it.
constexpr uint32_t kRoomMin = 4;

// What the layers of a loop's streams share, one after the other (stream_layer.cc).
struct LayerScratch {
  uint8_t received[1u << 16];
  std::vector<uint8_t> collected;
};

class HandleHost {
 public:
  Driver* driver() const { return driver_.get(); }
  // The pieces that are collected in this submit.
  Segments* segments() { return &segments_; }

  // Whether JavaScript has a place for one handle more.
  virtual bool has_handle_room() const = 0;
  // Takes the handle in and gives it its number.
  virtual int add_handle(Handle* handle) = 0;
  // The bytes that a kSend is about, for the duration of the submit.
  virtual const uint8_t* bytes_to_send(const Submission& entry) const = 0;
  // Has the handle flushed at the end of this submit.
  virtual void flush_later(Handle* handle) = 0;
  // Has the handle resumed in the next turn.
  virtual void resume_later(Handle* handle) = 0;
  // It completed in start(), and is reaped like any other.
  virtual void reap_later(Op* op) = 0;

  // How many completions there is room for now.
  virtual uint32_t completion_room() const = 0;
  // Tells one; the caller has looked for room.
  virtual Completion* complete(layout::CompletionOp op, const Handle* handle) = 0;
  // The handle may have events to tell, or has another backlog.
  virtual void queue_events(Handle* handle) = 0;
  virtual ReceiveArena& arena() = 0;
  // Memory for one receive, of any socket; made when it is asked for first.
  DatagramBatch* datagram_batch() {
    if (datagrams_ == nullptr) datagrams_ = std::make_unique<DatagramBatch>();
    return datagrams_.get();
  }

  LayerScratch& layer_scratch() {
    if (layer_scratch_ == nullptr) layer_scratch_ = std::make_unique<LayerScratch>();
    return *layer_scratch_;
  }
  // Whether one more step of a handshake fits into this turn: each costs more than hundred echoes,
  // so a flood of them is spread over turns.
  bool may_handshake() { return handshakes_left_ > 0 && handshakes_left_-- > 0; }

 protected:
  HandleHost() = default;
  ~HandleHost() = default;
  void renew_handshakes() { handshakes_left_ = kHandshakesPerTurn; }

  static constexpr uint32_t kHandshakesPerTurn = 16;
  uint32_t handshakes_left_ = kHandshakesPerTurn;
  std::unique_ptr<LayerScratch> layer_scratch_;
  std::unique_ptr<Driver> driver_;
  Segments segments_;
  std::unique_ptr<DatagramBatch> datagrams_;
};

}  // namespace oxbow
