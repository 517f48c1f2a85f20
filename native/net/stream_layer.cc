// Streams with a layer: it decodes what the peer sends, and encodes what is sent to the peer.
//
// Encoded bytes are received into scratch memory that all streams of the loop share, because only
// the decoded bytes are for JavaScript, and these are written to the receive arena. So receiving is
// a kReadable followed by a try. What the layer sends is collected in scratch memory, too, and sent
// at once.
#include <algorithm>
#include <cerrno>
#include <utility>

#include "net/relay_layer.h"
#include "net/stacked_layer.h"
#include "net/stream.h"
#include "net/stream_limits.h"

namespace oxbow {
namespace {

// Plain bytes that the layer gets at a time. The next are looked at when these have been sent.
constexpr uint64_t kWriteMax = 1u << 16;
// Encoded bytes that are collected before trying to send them.
constexpr size_t kCollectMax = 1u << 17;
// A limit for what a layer sends in answer to a peer that does not read. TLS 1.3 answers each
// request for a key update, so a peer that sends only these would make us buffer all the answers.
constexpr uint64_t kAnswersMax = 1u << 18;

}  // namespace

void Stream::set_layer(std::unique_ptr<Layer> layer, bool waits) {
  StackedLayer* stacked = nullptr;
  if (layered_ != nullptr) {
    // TLS in TLS: the existing layer becomes the connection of the new one.
    stacked = new StackedLayer(std::move(layered_->layer), std::move(layer));
    layer.reset(stacked);
  }
  layered_ = std::make_unique<Layered>();
  layered_->layer = std::move(layer);
  layered_->stacked = stacked;
  paused = true;
  stop_receiving();
  start_again = false;
  if (!connecting && !waits) begin_layer(nullptr, 0);
}

void Stream::begin_layer(const uint8_t* data, uint32_t size) {
  if (!alive() || layered_ == nullptr || layered_->started) return;
  Layered& layered = *layered_;
  layered.started = true;
  layered.layer->start(this);
  if (layered.stacked != nullptr) {
    layered.stacked->take_plain(data, size);
  } else {
    if (size > 0) layered.layer->take(data, size);
    layered.layer->keep();
  }
  const bool had_early = !layered.early.empty();
  if (had_early) {
    layered.layer->take(reinterpret_cast<const uint8_t*>(layered.early.data()),
                        static_cast<uint32_t>(layered.early.size()));
    layered.layer->keep();
    layered.early = std::string();
  }
  if (size > 0 || had_early || layered.layer->state() != -EAGAIN) {
    host->resume_later(this);
  } else {
    await_input();
  }
  continue_sending();
}

void Stream::answer_layer(const LayerMaker* maker) {
  if (!alive() || layered_ == nullptr || layered_->layer->question() == 0) return;
  layered_->asked = false;
  layered_->layer->answer(maker);
  pump_layer();
}

void Stream::feed_layer(uint32_t what, const uint8_t* data, uint32_t size) {
  if (!alive() || layered_ == nullptr) return;
  if (what == kFeedLooked) {
    layered_->asked = false;
  } else {
    layered_->layer->feed(what, data, size);
  }
  pump_layer();
}

// Reports to JavaScript, once, that the layer waits for it.
void Stream::raise_question() {
  if (!alive() || layered_->asked || layered_->layer->question() == 0) return;
  layered_->asked = true;
  events |= kEventLayer;
}

std::string Stream::ask_layer(uint32_t what) const {
  return layered_ == nullptr ? std::string() : layered_->layer->tell(what);
}

// A receive operation has completed: the kReadable of a stream with a layer, or a receive that was
// already started when the stream got its layer.
void Stream::reap_layered(const Op* op) {
  reading = false;
  start_again = false;
  if (!alive()) return;
  if (op->kind == OpKind::kReceive && op->result > 0) {
    const uint32_t size = static_cast<uint32_t>(op->result);
    if (!layered_->started) {
      layered_->early.append(reinterpret_cast<const char*>(op->data), size);
      return;
    }
    layered_->layer->take(op->data, size);
    layered_->layer->keep();
  }
  if (op->result < 0) {
    on_receive_end(op->result);
  } else if (layered_->opened && receives_directly() && !paused) {
    events |= kEventReadable;
  } else {
    pump_layer();
  }
}

// Makes as much progress as possible: with the handshake, or with decoded bytes while there is room
// and JavaScript reads.
void Stream::pump_layer() {
  if (layered_->started) {
    bool received = false;
    while (pump_layer_once(&received)) {
    }
    layered_->layer->keep();
  }
  continue_sending();
  if (close_asked && failure != 0) abort();
  host->queue_events(this);
}

bool Stream::pump_layer_once(bool* received) {
  if (!alive() || layered_->at_end) return false;
  Layer& layer = *layered_->layer;
  if (!layered_->opened) {
    if (layer.open()) {
      open_layer();
      return true;
    }
    if (layer.state() != -EAGAIN) {
      end_layer(layer.state());
      return false;
    }
    if (layer.question() != 0) {
      raise_question();
      return false;
    }
  } else {
    if (paused || held) return false;
    if (receives_directly()) {
      // receive() takes the bytes, and restarts reading when none are left.
      events |= kEventReadable;
      return false;
    }
    if (!*received || layer.readable()) return pump_plain(received);
  }
  if (*received) {
    await_input();
    return false;
  }
  *received = true;
  return receive_for_layer();
}

// Delivers what the layer has decoded; if nothing, receives from the socket first. True: there may
// be more.
bool Stream::pump_plain(bool* received) {
  const bool has_room = host->completion_room() >= kRoomMin;
  const ReceiveBuffers::Room room =
      has_room ? host->arena().acquire(false) : ReceiveBuffers::Room{nullptr, 0};
  if (room.size == 0) {
    host->resume_later(this);
    return false;
  }
  int32_t read = read_layer(room.data, room.size);
  bool is_fed = *received;
  if (read == -EAGAIN && !*received) {
    *received = true;
    is_fed = receive_for_layer();
    if (is_fed) read = read_layer(room.data, room.size);
  }
  host->arena().commit(room, static_cast<uint32_t>(std::max(read, 0)));
  if (read > 0) {
    deliver(room.data, static_cast<uint32_t>(read));
    return true;
  }
  if (read != -EAGAIN) {
    end_layer(read);
  } else if (is_fed) {
    await_input();
  }
  return false;
}

// Receives from the socket and passes the bytes to the layer. False: nothing to receive for now.
bool Stream::receive_for_layer() {
  // A completed operation must be reaped first, which then continues here.
  if (receive_op.completed || layered_->layer->full()) return false;
  if (!layered_->opened && !host->may_handshake()) {
    host->resume_later(this);
    return false;
  }
  LayerScratch& scratch = host->layer_scratch();
  const int32_t received =
      host->driver()->try_receive(descriptor, scratch.received, sizeof(scratch.received));
  if (received == -EAGAIN) {
    await_input();
    return false;
  }
  if (received < 0) {
    on_receive_end(received);
    return false;
  }
  if (received == 0) {
    layered_->layer->take_end();
  } else {
    layered_->layer->keep();
    layered_->receiving = true;
    layered_->layer->take(scratch.received, static_cast<uint32_t>(received));
    layered_->receiving = false;
  }
  return true;
}

int32_t Stream::read_layer(uint8_t* into, uint32_t size) {
  layered_->receiving = true;
  const int32_t read = layered_->layer->read(into, size);
  layered_->receiving = false;
  return read;
}

void Stream::await_input() {
  if (reading || !alive()) return;
  reading = true;
  start_receiving();
}

// The layer has ended: 0 after the peer's closing message, otherwise an error.
void Stream::end_layer(int32_t result) {
  layered_->at_end = true;
  // Its own last message (a TLS alert) should be sent first, if possible.
  continue_sending();
  stop_receiving();
  if (!layered_->opened) {
    fail(result == 0 ? -ECONNRESET : result);
  } else if (result == 0 && reader != nullptr) {
    reader->end();
  } else {
    on_receive_end(result);
  }
}

// The handshake has finished: send what waited for it.
void Stream::open_layer() {
  layered_->opened = true;
  events |= kEventConnect;
  iovec* vectors;
  while (const int count = layered_->held.vectors(&vectors)) {
    layered_->layer->write(vectors, count);
    uint64_t written = 0;
    for (int n = 0; n < count; n++) written += vectors[n].iov_len;
    layered_->held.consume(written);
  }
  if (paused) stop_receiving();
}

int32_t Stream::receive_layered(uint8_t* into, uint32_t size) {
  Layer& layer = *layered_->layer;
  if (!layered_->opened || layered_->at_end) return -EAGAIN;
  int32_t read = read_layer(into, size);
  if (read == -EAGAIN && receive_for_layer()) {
    read = read_layer(into, size);
    layer.keep();
  }
  if (read > 0) pass_reader(static_cast<uint32_t>(read));
  if (!alive()) {
    read = failure;
  } else if (read > 0 && !layer.quiet()) {
    // The next bytes may be for the reader.
    if (direct) {
      events |= kEventReadable;
    } else {
      host->resume_later(this);
    }
  } else if (read > 0 || read == -EAGAIN) {
    await_input();
  } else {
    end_layer(read);
  }
  continue_sending();
  return read;
}

// LayerHost: the bytes leave with send_collected(), before anything else of this loop is sent,
// because the memory is shared.
void Stream::send(const uint8_t* data, uint32_t size) {
  if (!alive()) return;
  if (layered_->receiving) {
    layered_->answered += size;
    if (layered_->answered > kAnswersMax) {
      fail(-ENOBUFS);
      return;
    }
  }
  if (!queue.empty() || connecting || sending()) {
    queue.append(data, size);
    return;
  }
  std::vector<uint8_t>& collected = host->layer_scratch().collected;
  collected.insert(collected.end(), data, data + size);
  if (collected.size() >= kCollectMax) send_collected();
}

void Stream::send_collected() {
  std::vector<uint8_t>& collected = host->layer_scratch().collected;
  if (collected.empty()) return;
  if (alive()) {
    iovec vector{collected.data(), collected.size()};
    const int32_t taken = host->driver()->try_send(descriptor, &vector, 1);
    const size_t sent = static_cast<size_t>(std::max(taken, 0));
    sent_total += sent;
    if (taken < 0 && taken != -EAGAIN) {
      collected.clear();
      fail(taken);
      return;
    }
    queue.append(collected.data() + sent, static_cast<uint32_t>(collected.size() - sent));
  }
  collected.clear();
}

// Passes the segments of this submit to the layer, as send_segments() does to the socket. Small
// ones are passed together, so that they share a TLS record.
uint32_t Stream::write_segments(bool lent) {
  const Segments& segments = *host->segments();
  iovec vectors[kStreamVectorsMax];
  int count = 0;
  uint64_t gathered = 0;
  const auto give = [&] {
    if (count > 0) layered_->layer->write(vectors, count);
    count = 0;
    gathered = 0;
  };
  for (uint32_t at = first_segment; at != kNoSegment; at = segments[at].next) {
    const Segment& segment = segments[at];
    const bool may_stay = lent && at == last_segment;
    for (uint32_t from = 0; from < segment.size;) {
      uint64_t size = std::min<uint64_t>(segment.size - from, kWriteMax);
      if (may_stay && segment.size - from + unsent() > kCopyAll) {
        give();
        send_collected();
        if (!alive()) return 0;
        // The socket is full.
        if (unsent() >= kCopySome) return segment.size - from;
      }
      if (!layered_->opened) {
        layered_->held.append(segment.data + from, static_cast<uint32_t>(size));
      } else {
        if (count == kStreamVectorsMax || gathered + size > kWriteMax) give();
        vectors[count++] = {const_cast<uint8_t*>(segment.data + from), size};
        gathered += size;
      }
      from += static_cast<uint32_t>(size);
    }
  }
  give();
  return 0;
}

// Sends the layer's closing message. True: it could not be sent completely yet, and the close must
// wait.
bool Stream::say_goodbye() {
  if (layered_->said_goodbye) return false;
  layered_->said_goodbye = true;
  if (!layered_->opened) return false;
  layered_->layer->end();
  send_collected();
  return alive() && unsent() > 0;
}

}  // namespace oxbow
