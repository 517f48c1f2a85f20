// What may stand between a stream and its connection: something that turns plain bytes into others
// on the way out, and back on the way in, as TLS does. A stream without one pays nothing for it.
//
// The handshake begins when the connection stands, and goes on whether JavaScript reads or not.
// What is sent before it is through, the stream holds back; kConnect tells that it is, or what it
// failed with, for a stream that was accepted as well. On the way a layer may have a question for
// JavaScript (kLayer), and waits for the answer.
//
// Layers may come from another library than this one (native/tls does): only what stands here is
// called across, and kLayerAbi says whether both mean the same.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include <sys/uio.h>

namespace oxbow {

// Goes up with every change of this file; and libraries made with different C++ runtimes do not
// agree on what a string is.
#if defined(_LIBCPP_VERSION)
constexpr uint64_t kLayerAbi = 3 * 2 + 1;
#else
constexpr uint64_t kLayerAbi = 3 * 2;
#endif

// The connection beneath a layer.
class LayerHost {
 public:
  // Bytes for the peer; they are copied, and leave together when the layer returns.
  virtual void send(const uint8_t* data, uint32_t size) = 0;
  virtual int64_t now_ns() const = 0;

 protected:
  ~LayerHost() = default;
};

class LayerMaker;

// What is added to the `what` of tell() and feed() for the layer beneath (stacked_layer.h).
constexpr uint32_t kLayerBelow = 1u << 8;

// Each call may send by itself.
class Layer {
 public:
  virtual ~Layer() = default;

  // The connection stands.
  virtual void start(LayerHost* below) = 0;
  // Whether the handshake is through.
  virtual bool open() const = 0;
  // What it waits for JavaScript to answer; 0: nothing.
  virtual uint32_t question() const = 0;
  // The answer. What that is depends on the question; null is "no" or "go on without".
  virtual void answer(const LayerMaker* maker) = 0;
  // Plain bytes to send, once it is open. All of them are taken.
  virtual void write(const iovec* pieces, int count) = 0;
  // Nothing more will be written: time for a goodbye. Only once it is open.
  virtual void end() = 0;
  // Bytes came. They stay where they are until keep().
  virtual void take(const uint8_t* data, uint32_t size) = 0;
  // What take() was given goes: what is left of it must be kept.
  virtual void keep() = 0;
  // The peer has ended the connection. What read() then says in the end is 0 or an error.
  virtual void take_end() = 0;
  // Plain bytes that came, into `into`: how many; else, as state().
  virtual int32_t read(uint8_t* into, uint32_t size) = 0;
  // Whether read() may say anything but -EAGAIN before more is taken.
  virtual bool readable() const { return true; }
  // -EAGAIN while it stands; 0 when the peer has said goodbye; any other negative errno when it is
  // broken.
  virtual int32_t state() const = 0;
  // Whether it keeps nothing that came and was not read.
  virtual bool quiet() const = 0;
  // Something about it, for JavaScript: what, and how it is written, is between the two.
  virtual std::string tell(uint32_t what) = 0;
  // For layers whose work is done elsewhere (relay_layer.h): something from there; whether it takes
  // no more of what came for now; and bytes that it was given and has not sent.
  virtual void feed(uint32_t what, const uint8_t* data, uint32_t size) {
    static_cast<void>(what);
    static_cast<void>(data);
    static_cast<void>(size);
  }
  virtual bool full() const { return false; }
  virtual uint64_t unsent() const { return 0; }
};

// Makes the layers of a listener's streams, or of one client's.
class LayerMaker {
 public:
  virtual ~LayerMaker() = default;
  virtual std::unique_ptr<Layer> make() const = 0;
};

}  // namespace oxbow
