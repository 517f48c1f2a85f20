// The transport that OpenSSL reads from and writes to: the bytes that a layer was given, and the
// connection beneath it. It never blocks.
#pragma once

#include <cstdint>
#include <vector>

#include <openssl/bio.h>

#include "net/layer.h"

namespace oxbow::tls {

class Wire {
 public:
  // A new BIO over this wire, which must outlive the BIO; null if there is no memory.
  BIO* make_bio();

  void connect(LayerHost* below) { below_ = below; }
  LayerHost* below() const { return below_; }

  // Adds received bytes, which stay valid until keep().
  void give(const uint8_t* data, uint32_t size);
  void keep();
  void end() { ended_ = true; }
  bool empty() const { return fresh_size_ == 0 && kept_.empty(); }
  bool ended() const { return ended_; }

 private:
  static int read(BIO* bio, char* into, int size);
  static int write(BIO* bio, const char* data, int size);
  static long control(BIO* bio, int command, long number, void* pointer);
  static int create(BIO* bio);

  uint32_t take(uint8_t* into, uint32_t size);

  LayerHost* below_ = nullptr;
  const uint8_t* fresh_ = nullptr;
  uint32_t fresh_size_ = 0;
  uint32_t kept_from_ = 0;
  std::vector<uint8_t> kept_;  // read before fresh_
  bool ended_ = false;
};

}  // namespace oxbow::tls
