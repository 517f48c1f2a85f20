// The services of the engine for handles and for the readers of streams.
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

// A piece of data to send, in memory that is valid only during this submit.
struct Segment {
  const uint8_t* data;
  uint32_t size;
  uint32_t next;
};

constexpr uint32_t kNoSegment = UINT32_MAX;
using Segments = std::vector<Segment>;

// The maximum of completions that one step of a handle writes; it checks for this much room first.
constexpr uint32_t kRoomMin = 4;

// Scratch memory that all layers of a loop's streams use in turn (stream_layer.cc).
struct LayerScratch {
  uint8_t received[1u << 16];
  std::vector<uint8_t> collected;
};

class HandleHost {
 public:
  Driver* driver() const { return driver_.get(); }
  // The pieces collected in this submit.
  Segments* segments() { return &segments_; }

  // Whether JavaScript's handle table has room for one more.
  virtual bool has_handle_room() const = 0;
  // Takes ownership of the handle, and assigns and returns its number.
  virtual int add_handle(Handle* handle) = 0;
  // The bytes of a kSend, valid during the submit.
  virtual const uint8_t* bytes_to_send(const Submission& entry) const = 0;
  // Has the handle flushed at the end of this submit.
  virtual void flush_later(Handle* handle) = 0;
  // Has the handle resumed in the next turn.
  virtual void resume_later(Handle* handle) = 0;
  // Has an operation that completed in start() reaped like any other.
  virtual void reap_later(Op* op) = 0;

  // How many more completions fit in the ring.
  virtual uint32_t completion_room() const = 0;
  // Writes one; the caller has checked for room.
  virtual Completion* complete(layout::CompletionOp op, const Handle* handle) = 0;
  // Called when the handle may have events to report, or its amount of unsent bytes has changed.
  virtual void queue_events(Handle* handle) = 0;
  virtual ReceiveArena& arena() = 0;
  // Memory for one receive, shared by all sockets; allocated on first use.
  DatagramBatch* datagram_batch() {
    if (datagrams_ == nullptr) datagrams_ = std::make_unique<DatagramBatch>();
    return datagrams_.get();
  }

  LayerScratch& layer_scratch() {
    if (layer_scratch_ == nullptr) layer_scratch_ = std::make_unique<LayerScratch>();
    return *layer_scratch_;
  }
  // Whether this turn has time for one more step of a TLS handshake: a step costs more than a
  // hundred echoes, so many handshakes are spread over several turns.
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
