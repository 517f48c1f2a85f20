// A layer on top of another: TLS inside TLS, for example through a proxy that is itself reached by
// TLS. What the upper layer sends is plain data to the lower one.
//
// JavaScript addresses the upper layer; with kLayerBelow added to `what` once for each layer in
// between, one beneath it, because relays (relay_layer.h) need JavaScript at any depth.
#pragma once

#include <cerrno>
#include <memory>
#include <string>
#include <utility>

#include "net/layer.h"

namespace oxbow {

class StackedLayer final : public Layer, private LayerHost {
 public:
  // The lower layer must be open.
  StackedLayer(std::unique_ptr<Layer> lower, std::unique_ptr<Layer> upper)
      : lower_(std::move(lower)), upper_(std::move(upper)) {}

  void start(LayerHost* below) override {
    below_ = below;
    upper_->start(this);
  }
  // Bytes that the lower layer had decoded before the upper one existed; to be called only once,
  // right after start(). What the lower layer has decoded since then follows them.
  void take_plain(const uint8_t* data, uint32_t size) {
    if (size > 0) upper_->take(data, size);
    upper_->keep();
    lift();
  }
  bool open() const override { return upper_->open(); }
  uint32_t question() const override {
    const uint32_t asked = upper_->question();
    return asked != 0 ? asked : lower_->question();
  }
  void answer(const LayerMaker* maker) override { upper_->answer(maker); }
  void write(const iovec* pieces, int count) override { upper_->write(pieces, count); }
  void end() override {
    upper_->end();
    ending_ = true;
    end_lower();
  }
  void take(const uint8_t* data, uint32_t size) override {
    lower_->take(data, size);
    lift();
  }
  void keep() override { lower_->keep(); }
  void take_end() override {
    lower_->take_end();
    lift();
  }
  int32_t read(uint8_t* into, uint32_t size) override { return upper_->read(into, size); }
  bool readable() const override { return upper_->readable(); }
  int32_t state() const override { return upper_->state(); }
  bool quiet() const override { return upper_->quiet() && lower_->quiet(); }
  std::string tell(uint32_t what) override {
    return what < kLayerBelow ? upper_->tell(what) : lower_->tell(what - kLayerBelow);
  }
  void feed(uint32_t what, const uint8_t* data, uint32_t size) override {
    if (what < kLayerBelow) {
      upper_->feed(what, data, size);
    } else {
      lower_->feed(what - kLayerBelow, data, size);
    }
    lift();
    end_lower();
  }
  bool full() const override { return upper_->full() || lower_->full(); }
  uint64_t unsent() const override { return upper_->unsent() + lower_->unsent(); }

 private:
  static constexpr uint32_t kPieceMax = 1u << 14;

  // LayerHost
  void send(const uint8_t* data, uint32_t size) override {
    const iovec piece{const_cast<uint8_t*>(data), size};
    lower_->write(&piece, 1);
  }
  int64_t now_ns() const override { return below_->now_ns(); }

  void lift() {
    if (below_ == nullptr) return;  // start() was not called yet
    uint8_t plain[kPieceMax];
    while (!upper_->full()) {
      const int32_t read = lower_->read(plain, kPieceMax);
      if (read == -EAGAIN) return;
      if (read <= 0) {
        if (!at_end_) upper_->take_end();
        at_end_ = true;
        return;
      }
      upper_->take(plain, static_cast<uint32_t>(read));
      upper_->keep();
    }
  }

  // The upper layer's closing message goes through the lower one, which then sends its own.
  void end_lower() {
    if (!ending_ || upper_->unsent() > 0) return;
    ending_ = false;
    lower_->end();
  }

  const std::unique_ptr<Layer> lower_;
  const std::unique_ptr<Layer> upper_;
  LayerHost* below_ = nullptr;
  bool ending_ = false;
  bool at_end_ = false;  // the lower layer has ended, and the upper one was told
};

}  // namespace oxbow
