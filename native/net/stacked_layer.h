// A layer over a layer: TLS inside TLS, as through a proxy that is itself reached by TLS. What the
// upper one sends is plain to the lower one.
#pragma once

#include <cerrno>
#include <memory>
#include <string>
#include <utility>

#include "net/layer.h"

namespace oxbow {

class StackedLayer final : public Layer, private LayerHost {
 public:
  // The lower one is open.
  StackedLayer(std::unique_ptr<Layer> lower, std::unique_ptr<Layer> upper)
      : lower_(std::move(lower)), upper_(std::move(upper)) {}

  void start(LayerHost* below) override {
    below_ = below;
    upper_->start(this);
    // It may have read on before it got this one on top of it.
    lift();
  }
  bool open() const override { return upper_->open(); }
  uint32_t question() const override { return upper_->question(); }
  void answer(const LayerMaker* maker) override { upper_->answer(maker); }
  void write(const iovec* pieces, int count) override { upper_->write(pieces, count); }
  void end() override {
    upper_->end();
    lower_->end();
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
  int32_t state() const override { return upper_->state(); }
  bool quiet() const override { return upper_->quiet() && lower_->quiet(); }
  std::string tell(uint32_t what) override { return upper_->tell(what); }
  void feed(uint32_t what, const uint8_t* data, uint32_t size) override {
    upper_->feed(what, data, size);
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
    uint8_t plain[kPieceMax];
    int32_t read;
    while ((read = lower_->read(plain, kPieceMax)) > 0) {
      upper_->take(plain, static_cast<uint32_t>(read));
      upper_->keep();
    }
    if (read != -EAGAIN) upper_->take_end();
  }

  const std::unique_ptr<Layer> lower_;
  const std::unique_ptr<Layer> upper_;
  LayerHost* below_ = nullptr;
};

}  // namespace oxbow
