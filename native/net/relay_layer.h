// A layer whose work is done in JavaScript: TLS by node:tls, where the library of native/tls cannot
// be loaded. Received bytes, and bytes to send, wait here until JavaScript takes them; JavaScript
// gives back its results through feed().
//
// It buffers little: it accepts no more received bytes once kKeptMax of them wait for JavaScript,
// and written bytes count as unsent until they come back encoded for the peer.
#pragma once

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <cstring>
#include <memory>
#include <string>
#include <utility>

#include "net/layer.h"

namespace oxbow {

// Its only question: it has news, until JavaScript asks for kTellState. (lib/tls/node-relay.ts has
// the same constants.)
constexpr uint32_t kAskRelay = 16;

// What JavaScript can take (Layer::tell); the bytes are then removed from here.
constexpr uint32_t kTellReceived = 16;
constexpr uint32_t kTellWritten = 17;
constexpr uint32_t kTellState = 18;  // one byte of kRelay… flags

constexpr uint8_t kRelayPeerEnded = 1;
constexpr uint8_t kRelayEnding = 2;  // close_notify is to be sent
constexpr uint8_t kRelayEmpty = 4;   // all decoded bytes that JavaScript gave have been read

// What JavaScript gives (Layer::feed).
constexpr uint32_t kFeedSend = 0;     // bytes for the peer
constexpr uint32_t kFeedRead = 1;     // decoded bytes from the peer
constexpr uint32_t kFeedOpen = 2;     // the handshake has finished
constexpr uint32_t kFeedWritten = 3;  // so many of the written bytes were encoded and sent
constexpr uint32_t kFeedGoodbye = 4;  // our close_notify was sent
constexpr uint32_t kFeedEnd = 5;      // the peer has sent close_notify
constexpr uint32_t kFeedFailed = 6;   // TLS has failed
// JavaScript has looked at all relays of the stream. Handled by the stream itself
// (stream_layer.cc).
constexpr uint32_t kFeedLooked = 8;

class RelayLayer final : public Layer {
 public:
  void start(LayerHost* below) override {
    below_ = below;
    news_ = true;
  }
  bool open() const override { return open_; }
  uint32_t question() const override { return news_ ? kAskRelay : 0; }
  void answer(const LayerMaker*) override {}
  void write(const iovec* pieces, int count) override {
    for (int n = 0; n < count; n++) {
      written_.append(static_cast<const char*>(pieces[n].iov_base), pieces[n].iov_len);
      unsent_ += pieces[n].iov_len;
    }
    news_ = true;
  }
  void end() override {
    if (ending_) return;
    ending_ = news_ = true;
    unsent_ += 1;
  }
  void take(const uint8_t* data, uint32_t size) override {
    received_.append(reinterpret_cast<const char*>(data), size);
    news_ = true;
  }
  void keep() override {}
  void take_end() override { peer_ended_ = news_ = true; }
  int32_t read(uint8_t* into, uint32_t size) override {
    const size_t count = std::min<size_t>(size, readable_.size() - read_);
    if (count == 0) return state_;
    std::memcpy(into, readable_.data() + read_, count);
    read_ += count;
    if (read_ == readable_.size()) {
      readable_ = std::string();
      read_ = 0;
      news_ = true;
    }
    return static_cast<int32_t>(count);
  }
  bool readable() const override { return !readable_.empty() || state_ != -EAGAIN; }
  int32_t state() const override { return readable_.empty() ? state_ : -EAGAIN; }
  bool quiet() const override { return readable_.empty() && received_.empty(); }
  bool full() const override { return peer_ended_ || received_.size() >= kKeptMax; }
  uint64_t unsent() const override { return unsent_; }

  std::string tell(uint32_t what) override {
    if (what == kTellReceived) return std::exchange(received_, std::string());
    if (what == kTellWritten) return std::exchange(written_, std::string());
    if (what != kTellState) return std::string();
    news_ = false;
    const uint8_t state =
        static_cast<uint8_t>((peer_ended_ ? kRelayPeerEnded : 0) | (ending_ ? kRelayEnding : 0) |
                             (readable_.empty() ? kRelayEmpty : 0));
    return std::string(1, static_cast<char>(state));
  }

  void feed(uint32_t what, const uint8_t* data, uint32_t size) override {
    if (below_ == nullptr || (data == nullptr && what <= kFeedRead)) return;
    switch (what) {
      case kFeedSend:
        below_->send(data, size);
        break;
      case kFeedRead:
        readable_.append(reinterpret_cast<const char*>(data), size);
        break;
      case kFeedOpen:
        open_ = true;
        break;
      case kFeedWritten:
        unsent_ -= std::min<uint64_t>(size, unsent_);
        break;
      case kFeedGoodbye:
        unsent_ = 0;
        break;
      case kFeedEnd:
        state_ = 0;
        break;
      case kFeedFailed:
        state_ = -EPROTO;
        unsent_ = 0;
        break;
      default:
        break;  // fed only to make the stream check again whether it is full
    }
  }

 private:
  static constexpr size_t kKeptMax = 1u << 17;

  LayerHost* below_ = nullptr;
  std::string received_;  // from the peer, to JavaScript
  std::string written_;   // from the stream, to JavaScript
  std::string readable_;  // from JavaScript, to the stream
  size_t read_ = 0;       // bytes of readable_ already read
  uint64_t unsent_ = 0;
  int32_t state_ = -EAGAIN;
  bool open_ = false;
  bool ending_ = false;
  bool peer_ended_ = false;
  bool news_ = false;
};

class RelayMaker final : public LayerMaker {
 public:
  std::unique_ptr<Layer> make() const override { return std::make_unique<RelayLayer>(); }
};

}  // namespace oxbow
