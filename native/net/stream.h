// A stream: a connection with its receiving, its unsent data, and its closing.
//
//   open -> (shutdown asked) -> (close asked) -> closed
//     \------------ failed ------------/
//
// Sends are collected during submit as segments and leave together in flush(). What the kernel does
// not take waits in the send queue, which is kept short: JavaScript holds the rest, and gives more
// once the queue is reported empty. A close or shutdown also takes effect only then.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "driver/driver.h"
#include "net/handle.h"
#include "net/layer.h"
#include "net/reader.h"
#include "net/send_queue.h"

namespace oxbow {

class StackedLayer;

class Stream final : public Handle, private LayerHost {
 public:
  Stream(HandleHost* host, int descriptor, const ReaderMaker* readers);

  bool alive() const { return !closed && failure == 0; }

  // Handle
  void take(const Submission& entry) override;
  void flush() override { send_segments(false); }
  bool reap(Op* op) override;
  void resume() override;
  void report(HandleEvent event, Completion* completion) const override;
  uint64_t unsent() const override {
    return queue.size() +
           (layered_ == nullptr ? 0 : layered_->held.size() + layered_->layer->unsent());
  }
  void abort() override;
  void abandon() override;
  bool in_use() const override {
    return receive_op.completed || (send_op != nullptr && send_op->completed) ||
           (connect_op != nullptr && connect_op->completed) ||
           (writable_op != nullptr && writable_op->completed);
  }

  // Replaces the reader. The new one also gets the bytes that were received and not reported.
  void set_reader(const ReaderMaker& maker);
  // Called when the reader has fallen behind: nothing more is received until release(), whether
  // JavaScript reads or not.
  void hold();
  void release();

  // For a write-only stream: reports the end as soon as the reading end of the pipe is closed.
  void watch_reader();
  void start_reading(bool direct);
  void stop_reading();
  // 0 or negative errno if it completed at once; -EINPROGRESS: kEventConnect will report it.
  int start_connecting(const Address& address);

  // Adds a layer, on top of any existing one. It starts when the connection is established; with
  // `waits` only at begin_layer(), which passes on what JavaScript has received before.
  // (stream_layer.cc)
  void set_layer(std::unique_ptr<Layer> layer, bool waits = false);
  void begin_layer(const uint8_t* data, uint32_t size);
  void answer_layer(const LayerMaker* maker);
  std::string ask_layer(uint32_t what) const;
  void feed_layer(uint32_t what, const uint8_t* data, uint32_t size);

  void add_segment(const uint8_t* data, uint32_t size);
  // Sends the segments of this submit, then does what was waiting for that. With `lent`, the last
  // segment is JavaScript's own memory, so unsent bytes may stay there instead of being copied;
  // returns how many of them do.
  uint32_t send_segments(bool lent);
  // Sends everything that is queued and blocks until the kernel has taken it. For the end of a
  // process, when no turn follows, and only for adopted streams.
  void send_everything();
  // Sends from a file as much as the socket takes at once, if nothing else is queued; after
  // -EAGAIN, kPoll reports when to try again. -EOPNOTSUPP with a layer.
  int32_t send_file(int file, int64_t offset, uint32_t count);
  // Receives into the caller's memory. Returns the number of bytes, 0 at the end, or negative
  // errno. With a reader, only as many bytes as may bypass it; after the last of them the stream
  // returns to the reader by itself.
  int32_t receive(uint8_t* into, uint32_t size);
  // Whether it is usable, and everything received has been reported.
  bool quiet() const;

  // A receive operation ended with an error or the end of the stream.
  void on_receive_end(int32_t result);
  void fail(int32_t error);

  bool reading = false;  // a receive operation is in progress
  bool paused = true;    // JavaScript does not want data now
  bool held = false;     // the reader has fallen behind
  bool direct = false;
  bool write_only = false;   // nothing is received
  bool start_again = false;  // start receiving after the last completion is reaped
  bool connecting = false;
  bool shutdown_asked = false;  // half-close once everything is sent
  bool close_asked = false;     // close once everything is sent
  bool closed = false;
  uint32_t first_segment = kNoSegment;
  uint32_t last_segment = kNoSegment;
  double drain_below = -1;  // report when this many bytes or fewer are unsent
  uint64_t sent_total = 0;  // bytes that the kernel has taken
  SendQueue queue;
  Op receive_op;
  std::unique_ptr<SendOp> send_op;  // while something is queued
  std::unique_ptr<ConnectOp> connect_op;
  std::unique_ptr<Op> writable_op;  // while send_file() waits for room
  std::unique_ptr<Reader> reader;   // null: bytes are reported as they are

 private:
  struct Layered {
    std::unique_ptr<Layer> layer;
    StackedLayer* stacked = nullptr;  // the same object, if it is on top of another layer
    SendQueue held;                   // sent before the handshake had finished
    std::string early;                // received before the layer was started
    bool started = false;
    bool opened = false;  // the handshake is done, and reported
    bool asked = false;   // its question was reported
    bool said_goodbye = false;
    bool at_end = false;     // the peer has closed its side, which was reported
    bool receiving = false;  // it is processing received bytes, so what it sends is an answer
    uint64_t answered = 0;   // bytes of such answers since the queue was last empty
  };

  // LayerHost
  void send(const uint8_t* data, uint32_t size) override;
  int64_t now_ns() const override { return host->driver()->now_ns(); }

  // Whether bytes are received by receive() and not here; only when the reader needs none itself
  // first.
  bool receives_directly() const {
    return direct && (reader == nullptr || reader->direct_left() > 0);
  }
  void pass_reader(uint32_t size);
  bool handshaking() const { return layered_ != nullptr && !layered_->opened; }
  void reap_layered(const Op* op);
  void pump_layer();
  void raise_question();
  bool pump_layer_once(bool* received);
  bool pump_plain(bool* received);
  bool receive_for_layer();
  int32_t read_layer(uint8_t* into, uint32_t size);
  void await_input();
  void end_layer(int32_t result);
  void open_layer();
  int32_t receive_layered(uint8_t* into, uint32_t size);
  void send_collected();
  uint32_t write_segments(bool lent);
  bool say_goodbye();
  void deliver(const uint8_t* data, uint32_t size);
  void stop_receiving();
  void start_receiving();
  void reap_receive(const Op* op);
  void on_reader_gone();
  void on_receive_reaped();
  void on_send_complete();
  void take_sent(int32_t count);
  void stop_file();
  uint32_t queue_segments(uint64_t skip, bool lent);
  void continue_sending();
  bool sending() const { return send_op != nullptr && (send_op->started || send_op->completed); }
  void settle();
  void close_now(bool owns);

  std::unique_ptr<Layered> layered_;  // null: bytes are sent and received unchanged
};

}  // namespace oxbow
