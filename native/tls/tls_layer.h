// TLS as a layer of a stream: one SSL over a Wire.
//
// On a server it allocates nothing before the first bytes arrive, so that silent connections stay
// cheap. JavaScript is asked at most twice: which certificate to use for a name (SNI), and whether
// the peer is the right one. Until it has answered, nothing of ours is sent.
#pragma once

#include <memory>
#include <string>

#include "net/layer.h"
#include "tls/context.h"
#include "tls/warm_list.h"
#include "tls/wire.h"

namespace oxbow::tls {

// Questions to JavaScript (Layer::question); lib/tls/native.ts has the same constants.
constexpr uint32_t kAskNothing = 0;
constexpr uint32_t kAskCertificate = 1;  // answer: a maker whose context has it; null: refuse
constexpr uint32_t kAskPeer = 2;         // answer: any maker; null: refuse

// Information for JavaScript (Layer::tell).
constexpr uint32_t kTellInfo = 1;     // JSON
constexpr uint32_t kTellFailure = 2;  // JSON, or nothing
constexpr uint32_t kTellPeer = 3;     // certificates in DER, each after its size (u32)
constexpr uint32_t kTellOwn = 4;      // our own, likewise
constexpr uint32_t kTellSession = 5;  // DER
constexpr uint32_t kTellKeyLog = 6;   // lines, which are then removed
constexpr uint32_t kTellOcsp = 7;     // DER
constexpr uint32_t kTellHeard = 8;    // one byte, if the peer has sent any data

// The settings that differ between the connections of a context.
struct Connection {
  std::string servername;    // name to request (SNI); empty: none
  std::string session_name;  // key for the server's sessions; empty: none are kept
  std::string session;       // DER of a session to resume; empty: one that we have kept
};

class TlsMaker final : public LayerMaker {
 public:
  TlsMaker(std::shared_ptr<Context> context, Connection connection)
      : context_(std::move(context)),
        connection_(std::make_shared<const Connection>(std::move(connection))) {}

  std::unique_ptr<Layer> make() const override;
  const std::shared_ptr<Context>& context() const { return context_; }

 private:
  const std::shared_ptr<Context> context_;
  const std::shared_ptr<const Connection> connection_;
};

class TlsLayer final : public Layer, private WarmList::Member {
 public:
  TlsLayer(std::shared_ptr<Context> context, std::shared_ptr<const Connection> connection);
  ~TlsLayer() override;

  // Layer
  void start(LayerHost* below) override;
  bool open() const override { return open_; }
  uint32_t question() const override { return question_; }
  void answer(const LayerMaker* maker) override;
  void write(const iovec* pieces, int count) override;
  void end() override;
  void take(const uint8_t* data, uint32_t size) override;
  void keep() override { wire_.keep(); }
  void take_end() override;
  int32_t read(uint8_t* into, uint32_t size) override;
  int32_t state() const override { return state_; }
  bool readable() const override { return state_ != -EAGAIN || has_input(); }
  bool quiet() const override;
  std::string tell(uint32_t what) override;

  // For callbacks.cc
  Context& context() const { return *context_; }
  int choose_certificate(int* alert);
  int look_at_peer(X509_STORE_CTX* store);
  void keep_session(SessionPtr session);
  void keep_key_log(const char* line);

 private:
  void cool() override;
  bool has_input() const;
  void warm();
  bool make_ssl();
  bool make_client();
  void shake_hands();
  void shaken();
  void fail(const char* otherwise);
  void begin_burst(const iovec* pieces, int count);
  void put(const uint8_t* data, size_t size);
  size_t record_max();
  std::string name_in_hello() const;
  std::string info() const;
  std::string peer_certificates() const;
  std::string session() const;

  const std::shared_ptr<Context> context_;
  const std::shared_ptr<const Connection> connection_;
  std::shared_ptr<Context> shown_;           // the context whose certificates are used instead
  std::unique_ptr<std::string> asked_name_;  // while JavaScript is choosing the certificate
  WarmList* const warm_list_;                // of this thread
  SSL* ssl_ = nullptr;
  Wire wire_;
  int32_t state_ = -EAGAIN;
  uint32_t question_ = kAskNothing;
  bool open_ = false;
  bool answered_ = false;  // kAskCertificate was answered
  bool refused_ = false;
  bool looked_ = false;  // kAskPeer was answered; see `unwanted_`
  bool unwanted_ = false;
  int chain_result_ = X509_V_OK;
  bool heard_ = false;
  bool knows_session_ = false;  // we offered to resume a kept session
  bool drained_ = false;        // OpenSSL can decode nothing before it gets more
  uint32_t burst_ = 0;          // bytes sent since the last pause
  int64_t last_large_write_ns_ = 0;
  SessionPtr session_;  // the last one that the server sent
  std::unique_ptr<Failure> failure_;
  std::unique_ptr<std::string> key_log_;
};

}  // namespace oxbow::tls
