// An optional transformation between a stream and its connection: it encodes plain bytes on the way
// out and decodes them on the way in, as TLS does. A stream without a layer has no overhead from
// this.
//
// The handshake starts when the connection is established, and proceeds whether JavaScript reads or
// not. The stream holds back data that is sent before the handshake has finished. kConnect reports
// its success or error, also for accepted streams. During the handshake a layer may ask JavaScript
// a question (kLayer) and wait for the answer.
//
// Layers may come from another shared library (native/tls does): calls between the two libraries
// use only the declarations in this file, and kLayerAbi tells whether both were built with the same
// ones.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include <sys/uio.h>

namespace oxbow {

// To be incremented with every change of this file. The lowest bit stands for the C++ standard
// library, because layouts of std::string differ.
#if defined(_LIBCPP_VERSION)
constexpr uint64_t kLayerAbi = 3 * 2 + 1;
#else
constexpr uint64_t kLayerAbi = 3 * 2;
#endif

// The connection beneath a layer.
class LayerHost {
 public:
  // Sends bytes to the peer. They are copied, and leave together when the layer returns.
  virtual void send(const uint8_t* data, uint32_t size) = 0;
  virtual int64_t now_ns() const = 0;

 protected:
  ~LayerHost() = default;
};

class LayerMaker;

// Added to the `what` of tell() and feed() to address the layer beneath (stacked_layer.h).
constexpr uint32_t kLayerBelow = 1u << 8;

// Each call may send bytes to the peer by itself.
class Layer {
 public:
  virtual ~Layer() = default;

  // Called when the connection is established.
  virtual void start(LayerHost* below) = 0;
  // Whether the handshake has finished.
  virtual bool open() const = 0;
  // The question that JavaScript must answer before it can continue; 0 for none.
  virtual uint32_t question() const = 0;
  // Answers the question. The meaning of `maker` depends on it; null is "no" or "continue without".
  virtual void answer(const LayerMaker* maker) = 0;
  // Encodes and sends plain bytes; only once it is open. All bytes are consumed.
  virtual void write(const iovec* pieces, int count) = 0;
  // No more writes will follow: sends the closing message (TLS: close_notify). Only once it is
  // open.
  virtual void end() = 0;
  // Received bytes. They stay valid until keep().
  virtual void take(const uint8_t* data, uint32_t size) = 0;
  // The memory given to take() is about to become invalid: copy what is still needed.
  virtual void keep() = 0;
  // The peer has ended the connection. The last read() then returns 0 or an error.
  virtual void take_end() = 0;
  // Copies decoded bytes to `into` and returns how many; if there are none, returns state().
  virtual int32_t read(uint8_t* into, uint32_t size) = 0;
  // Whether read() may return anything but -EAGAIN before more bytes are received.
  virtual bool readable() const { return true; }
  // -EAGAIN while it is usable; 0 when the peer has closed it properly; any other negative errno
  // when it has failed.
  virtual int32_t state() const = 0;
  // Whether it holds no received bytes that were not read.
  virtual bool quiet() const = 0;
  // Information about it for JavaScript; the values of `what` and the format are agreed between the
  // two.
  virtual std::string tell(uint32_t what) = 0;
  // For layers whose work is done elsewhere (relay_layer.h): feed() brings data from there; full()
  // is whether it accepts no more received bytes for now; unsent() is how many of the bytes it was
  // given it has not sent.
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
