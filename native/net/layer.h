// What may stand between a stream and its connection: something that turns plain bytes into others
// on the way out, and back on the way in, as TLS does. A stream without one pays nothing for it.
//
// The handshake begins when the connection stands, and goes on whether JavaScript reads or not.
// What is sent before it is through, the stream holds back; kConnect tells that it is, or what it
// failed with, for a stream that was accepted as well.
#pragma once

#include <cstdint>
#include <memory>

namespace oxbow {

// The connection beneath a layer.
class LayerHost {
 public:
  // Bytes for the peer; they are copied, and leave together when the layer returns.
  virtual void send(const uint8_t* data, uint32_t size) = 0;

 protected:
  ~LayerHost() = default;
};

// Each call may send by itself.
class Layer {
 public:
  virtual ~Layer() = default;

  // The connection stands.
  virtual void start(LayerHost* below) = 0;
  // Whether the handshake is through.
  virtual bool open() const = 0;
  // Plain bytes to send, once it is open. All of them are taken.
  virtual void write(const uint8_t* data, uint32_t size) = 0;
  // Nothing more will be written: time for a goodbye. Only once it is open.
  virtual void end() = 0;
  // Bytes came. What it does not use at once it keeps.
  virtual void take(const uint8_t* data, uint32_t size) = 0;
  // The peer has ended the connection. What read() then says in the end is 0 or an error.
  virtual void take_end() = 0;
  // Plain bytes that came, into `into`: how many; -EAGAIN for none as yet; 0 when the peer has said
  // goodbye; any other negative errno when it is broken.
  virtual int32_t read(uint8_t* into, uint32_t size) = 0;
};

// Makes the layers of a listener's streams, or of one client's.
class LayerMaker {
 public:
  virtual ~LayerMaker() = default;
  virtual std::unique_ptr<Layer> make() const = 0;
};

}  // namespace oxbow
