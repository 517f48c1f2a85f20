#include "net/bytes_reader.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <string>

#include "net/stream.h"

namespace oxbow {

namespace {

// What was kept is reported in pieces of at most this size, which fit in a chunk.
constexpr uint32_t kPieceMax = 1u << 16;

class BytesReader final : public Reader {
 public:
  BytesReader(Stream* stream, HandleHost* host) : stream_(stream), host_(host) {}

  void take(const uint8_t* data, uint32_t size) override {
    if (!kept_.empty()) {
      kept_.append(reinterpret_cast<const char*>(data), size);
      stream_->hold();
    } else {
      tell(host_->arena().find(data), size);
    }
  }

  void end() override {
    ended_ = true;
    stream_->reading = false;
    if (!kept_.empty() || told_end_) return;
    told_end_ = true;
    stream_->on_receive_end(0);
    host_->queue_events(stream_);
  }

  void resume() override {
    if (stream_->paused || stream_->closed || !keeps()) return;
    while (!kept_.empty()) {
      const uint32_t size = static_cast<uint32_t>(std::min<size_t>(kept_.size(), kPieceMax));
      if (host_->completion_room() < kRoomMin || !host_->arena().has_room(size)) {
        // More would only be kept, too.
        stream_->hold();
        host_->resume_later(stream_);
        return;
      }
      const ReceiveArena::Place place = host_->arena().allocate(size);
      if (place.data == nullptr) {
        stream_->fail(-ENOMEM);
        return;
      }
      std::memcpy(place.data, kept_.data(), size);
      kept_.erase(0, size);
      tell(place, size);
    }
    kept_ = std::string();
    stream_->release();
    if (ended_) end();
  }

  void reading_again() override {
    if (keeps() && !stream_->paused) host_->resume_later(stream_);
  }

  bool ended() const override { return ended_; }
  uint64_t direct_left() const override { return keeps() ? 0 : UINT32_MAX; }
  bool quiet() const override { return kept_.empty(); }
  void control(const Submission&) override {}
  void tell_refusal(Completion*) const override {}

  void inherit(const uint8_t* data, uint32_t size, bool at_end) override {
    kept_.assign(reinterpret_cast<const char*>(data), size);
    ended_ = at_end;
  }

 private:
  // Whether anything is still to be reported; the end counts until it has been.
  bool keeps() const { return !kept_.empty() || (ended_ && !told_end_); }

  void tell(const ReceiveArena::Place& place, uint32_t size) {
    Completion* completion = host_->complete(layout::CompletionOp::kData, stream_);
    completion->chunk = place.chunk;
    completion->offset = place.offset;
    completion->length = size;
  }

  Stream* const stream_;
  HandleHost* const host_;
  std::string kept_;
  bool ended_ = false;
  bool told_end_ = false;
};

class BytesReaders final : public ReaderMaker {
 public:
  std::unique_ptr<Reader> make(Stream* stream, HandleHost* host) const override {
    return std::make_unique<BytesReader>(stream, host);
  }
};

}  // namespace

const ReaderMaker& bytes_readers() {
  static const BytesReaders readers;
  return readers;
}

}  // namespace oxbow
