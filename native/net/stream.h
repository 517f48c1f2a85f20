// A stream: a connection, what it is reading, what it still has to send, and how it ends.
//
//   open -> (shutdown asked) -> (close asked) -> closed
//     \------------ failed ------------/
//
// Sends are collected during submit as segments and leave together in flush(). What the kernel
// does not take waits in the send queue, which is kept short: JavaScript has the rest, and gives
// more once the queue is reported empty. A close or a shutdown takes effect then, too.
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

  // Another reader reads what comes from now on, and what came and was not told.
  void set_reader(const ReaderMaker& maker);
  // The reader is behind with what it was given: nothing more is received until it has caught up,
  // whether JavaScript reads or not.
  void hold();
  void release();

  // Reports its end as soon as no reader is left for what is written to it.
  void watch_reader();
  void start_reading(bool direct);
  void stop_reading();
  // 0 or negative errno at once; -EINPROGRESS: told by kEventConnect.
  int start_connecting(const Address& address);

  // Puts a layer on it, or one more. It begins when the connection stands; where it `waits`, when
  // it is told to, with what JavaScript has received before. (stream_layer.cc)
  void set_layer(std::unique_ptr<Layer> layer, bool waits = false);
  void begin_layer(const uint8_t* data, uint32_t size);
  void answer_layer(const LayerMaker* maker);
  std::string ask_layer(uint32_t what) const;
  void feed_layer(uint32_t what, const uint8_t* data, uint32_t size);

  void add_segment(const uint8_t* data, uint32_t size);
  // Sends the segments of this submit, then does what was waiting for that. With `lent`, the last
  // segment is JavaScript's own memory, so what is not taken of it can stay there: the bytes of it
  // that were not are returned.
  uint32_t send_segments(bool lent);
  // Sends everything that is queued and blocks until that is taken: for the end of a process, where
  // no turn follows. Only of a stream that was adopted.
  void send_everything();
  // Sends from a file what the socket takes at once, when nothing else waits to be sent; after
  // -EAGAIN, kPoll tells when it is worth another try. -EOPNOTSUPP where there is a layer.
  int32_t send_file(int file, int64_t offset, uint32_t count);
  // Receives into the caller's own memory; negative errno, or 0 at the end. Past a reader, no more
  // than that lets pass; with the last of it the stream goes back to the reader by itself.
  int32_t receive(uint8_t* into, uint32_t size);
  // Whether it stands and nothing came on it that was not told yet.
  bool quiet() const;

  // A receive operation ended with an error or the end of the stream.
  void on_receive_end(int32_t result);
  void fail(int32_t error);

  bool reading = false;  // a receive operation is under way
  bool paused = true;    // JavaScript wants no events of reading
  bool held = false;     // the reader is behind
  bool direct = false;
  bool write_only = false;   // nothing is read
  bool start_again = false;  // start receiving when the last completion is reaped
  bool connecting = false;
  bool shutdown_asked = false;  // half-close once everything is sent
  bool close_asked = false;     // close once everything is sent
  bool closed = false;
  uint32_t first_segment = kNoSegment;
  uint32_t last_segment = kNoSegment;
  double drain_below = -1;  // tell when the backlog is at or below this
  uint64_t sent_total = 0;  // bytes that the kernel has taken
  SendQueue queue;
  Op receive_op;
  std::unique_ptr<SendOp> send_op;  // while something is queued
  std::unique_ptr<ConnectOp> connect_op;
  std::unique_ptr<Op> writable_op;  // while a file waits for room
  std::unique_ptr<Reader> reader;   // null: bytes are reported as they are

 private:
  struct Layered {
    std::unique_ptr<Layer> layer;
    StackedLayer* stacked = nullptr;  // the same, where it stands on another one
    SendQueue held;                   // what was sent before the handshake was through
    std::string early;                // what was received before it began
    bool started = false;
    bool opened = false;  // the handshake is done, and reported
    bool asked = false;   // its question was reported
    bool said_goodbye = false;
    bool at_end = false;     // the peer has closed its side, and it was reported
    bool receiving = false;  // it looks at what came: what it sends now is an answer to that
    uint64_t answered = 0;   // bytes of such answers since nothing was unsent
  };

  // LayerHost
  void send(const uint8_t* data, uint32_t size) override;
  int64_t now_ns() const override { return host->driver()->now_ns(); }

  // Whether bytes wait for receive(): what a reader takes itself, it takes first.
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

  std::unique_ptr<Layered> layered_;  // null: bytes go as they are
};

}  // namespace oxbow
