#include "tls/tls_layer.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include <openssl/err.h>

namespace oxbow::tls {
namespace {

// A record can be read only when it has arrived completely. So the first records fit into one
// packet each, and the peer can read them as they arrive; for larger transfers records have the
// maximum size, which costs the least. After a pause they start small again.
constexpr size_t kRecordFirst = 1400;
constexpr size_t kRecordMax = 16 * 1024;
constexpr uint32_t kBurstFirst = 32 * 1024;
constexpr int64_t kPauseNs = 1'000'000'000;

thread_local WarmList thread_warm_list;
// Small pieces that share a record.
thread_local uint8_t gathered[kRecordMax];

// To be called before any call whose error is examined. Clearing the queue costs as much as a small
// record, even when it is empty, which it nearly always is.
void clear_errors() {
  if (ERR_peek_error() != 0) ERR_clear_error();
}

void add_der(std::string* out, X509* certificate) {
  const int size = i2d_X509(certificate, nullptr);
  if (size <= 0) return;
  const uint32_t length = static_cast<uint32_t>(size);
  out->append(reinterpret_cast<const char*>(&length), sizeof(length));
  const size_t at = out->size();
  out->resize(at + length);
  unsigned char* place = reinterpret_cast<unsigned char*>(out->data() + at);
  i2d_X509(certificate, &place);
}

void add_member(std::string* out, const char* name, const char* value) {
  *out += *out == "{" ? "\"" : ",\"";
  *out += name;
  *out += "\":";
  if (value == nullptr) {
    *out += "null";
  } else {
    add_json(out, value);
  }
}

}  // namespace

std::unique_ptr<Layer> TlsMaker::make() const {
  return std::make_unique<TlsLayer>(context_, connection_);
}

TlsLayer::TlsLayer(std::shared_ptr<Context> context, std::shared_ptr<const Connection> connection)
    : context_(std::move(context)),
      connection_(std::move(connection)),
      warm_list_(&thread_warm_list) {}

TlsLayer::~TlsLayer() {
  warm_list_->remove(this);
  if (ssl_ == nullptr) return;
  // Otherwise OpenSSL regards the session as broken, and it cannot be resumed.
  if (open_ && state_ != -EPROTO) SSL_set_shutdown(ssl_, SSL_SENT_SHUTDOWN | SSL_RECEIVED_SHUTDOWN);
  SSL_free(ssl_);
  ERR_clear_error();
}

bool TlsLayer::make_ssl() {
  ERR_clear_error();
  ssl_ = SSL_new(context_->get());
  if (ssl_ == nullptr) return false;
  BIO* bio = wire_.make_bio();
  if (bio == nullptr) return false;
  SSL_set_bio(ssl_, bio, bio);
  SSL_set_app_data(ssl_, this);
  if (context_->settings().server) {
    SSL_set_accept_state(ssl_);
    return true;
  }
  SSL_set_connect_state(ssl_);
  return make_client();
}

bool TlsLayer::make_client() {
  const Connection& wanted = *connection_;
  if (!wanted.servername.empty() &&
      SSL_set_tlsext_host_name(ssl_, wanted.servername.c_str()) != 1) {
    return false;
  }
  if (context_->settings().request_ocsp) {
    SSL_set_tlsext_status_type(ssl_, TLSEXT_STATUSTYPE_ocsp);
  }
  if (!wanted.session.empty()) {
    const unsigned char* place = reinterpret_cast<const unsigned char*>(wanted.session.data());
    const SessionPtr given(
        d2i_SSL_SESSION(nullptr, &place, static_cast<long>(wanted.session.size())));
    return given != nullptr && SSL_set_session(ssl_, given.get()) == 1;
  }
  if (wanted.session_name.empty()) return true;
  SSL_SESSION* kept = context_->sessions().find(wanted.session_name);
  if (kept == nullptr) return true;
  // A copy, because OpenSSL regards a used session as spent, and not every server sends a new one.
  // A session that is no longer valid is not an error.
  const SessionPtr known(SSL_SESSION_dup(kept));
  knows_session_ = known != nullptr && SSL_set_session(ssl_, known.get()) == 1;
  return true;
}

void TlsLayer::start(LayerHost* below) {
  wire_.connect(below);
  if (context_->settings().server) return;
  if (!make_ssl()) {
    fail("the connection could not be prepared");
    return;
  }
  shake_hands();
}

void TlsLayer::take(const uint8_t* data, uint32_t size) {
  wire_.give(data, size);
  if (open_ || state_ != -EAGAIN) return;
  if (ssl_ == nullptr && !make_ssl()) {
    fail("the connection could not be prepared");
    return;
  }
  shake_hands();
}

void TlsLayer::take_end() {
  wire_.end();
  if (open_ || state_ != -EAGAIN) return;
  if (ssl_ == nullptr) {
    state_ = -ECONNRESET;
    return;
  }
  shake_hands();
}

void TlsLayer::shake_hands() {
  if (question_ != kAskNothing) return;
  ERR_clear_error();
  const int result = SSL_do_handshake(ssl_);
  if (result == 1) {
    shaken();
    return;
  }
  switch (SSL_get_error(ssl_, result)) {
    case SSL_ERROR_WANT_READ:
      // A peer that stops here should not keep buffers of 33 KiB allocated.
      if (wire_.empty()) SSL_free_buffers(ssl_);
      return;
    case SSL_ERROR_WANT_CLIENT_HELLO_CB:
      question_ = kAskCertificate;
      return;
    case SSL_ERROR_WANT_RETRY_VERIFY:
      question_ = kAskPeer;
      return;
    default:
      fail("the handshake failed");
  }
}

void TlsLayer::shaken() {
  // These buffers were only needed for the handshake.
  if (wire_.empty()) SSL_free_buffers(ssl_);
  // The peer of a resumed session was checked when the session was created, by the same rules.
  const bool is_known = knows_session_ && SSL_session_reused(ssl_) == 1;
  if (context_->settings().ask_peer && !is_known && !looked_) {
    question_ = kAskPeer;
    return;
  }
  open_ = true;
  if (session_ != nullptr) keep_session(std::move(session_));
}

void TlsLayer::answer(const LayerMaker* maker) {
  const uint32_t asked = question_;
  question_ = kAskNothing;
  if (asked == kAskPeer) {
    looked_ = true;
    unwanted_ = maker == nullptr;
    if (SSL_is_init_finished(ssl_) == 0) {
      shake_hands();
      return;
    }
    if (unwanted_) {
      state_ = -EPROTO;
      return;
    }
    open_ = true;
    if (session_ != nullptr) keep_session(std::move(session_));
    return;
  }
  answered_ = true;
  refused_ = maker == nullptr;
  // Safe, because native/addon has checked the type tag of the maker.
  if (!refused_) shown_ = static_cast<const TlsMaker*>(maker)->context();
  shake_hands();
}

// The SNI name in the ClientHello, before OpenSSL has parsed it; empty if there is none. A
// malformed one is left to OpenSSL, which refuses it (RFC 6066, 3).
std::string TlsLayer::name_in_hello() const {
  const unsigned char* data = nullptr;
  size_t size = 0;
  if (SSL_client_hello_get0_ext(ssl_, TLSEXT_TYPE_server_name, &data, &size) != 1) return "";
  // The format: the size of the list (16 bits), and one entry: its type (8), the size of the name
  // (16), the name.
  constexpr size_t kBefore = 5;
  if (size <= kBefore || data[2] != TLSEXT_NAMETYPE_host_name) return "";
  const size_t list_size = data[0] << 8 | data[1];
  const size_t name_size = data[3] << 8 | data[4];
  if (list_size != size - 2 || name_size != size - kBefore) return "";
  if (name_size > TLSEXT_MAXLEN_host_name) return "";
  const std::string name(reinterpret_cast<const char*>(data) + kBefore, name_size);
  return name.find('\0') == std::string::npos ? name : "";
}

// OpenSSL's client_hello_cb. The certificate is chosen here and not in cert_cb, because only here a
// refusal can send the alert for an unrecognized name.
int TlsLayer::choose_certificate(int* alert) {
  if (!context_->settings().ask_certificate) return SSL_CLIENT_HELLO_SUCCESS;
  if (!answered_) {
    std::string name = name_in_hello();
    if (name.empty()) return SSL_CLIENT_HELLO_SUCCESS;
    asked_name_ = std::make_unique<std::string>(std::move(name));
    return SSL_CLIENT_HELLO_RETRY;
  }
  asked_name_.reset();
  if (refused_) {
    *alert = SSL_AD_UNRECOGNIZED_NAME;
    return SSL_CLIENT_HELLO_ERROR;
  }
  if (shown_ != nullptr && shown_ != context_) SSL_set_SSL_CTX(ssl_, shown_->get());
  return SSL_CLIENT_HELLO_SUCCESS;
}

// OpenSSL's cert_verify_callback, for a client whose JavaScript checks the server. JavaScript is
// asked in the middle of the handshake, so that a refused server gets an alert, and does not even
// get our last handshake message. After the answer this is called again. (A resumed session has no
// certificate, and on a server this callback cannot wait; in both cases JavaScript is asked after
// the handshake.)
int TlsLayer::look_at_peer(X509_STORE_CTX* store) {
  if (looked_) {
    X509_STORE_CTX_set_error(store, unwanted_ ? X509_V_ERR_HOSTNAME_MISMATCH : chain_result_);
    // The refusal must count even with rejectUnauthorized false, which accepts any chain.
    if (unwanted_) SSL_set_verify(ssl_, SSL_VERIFY_PEER, nullptr);
    return unwanted_ ? 0 : 1;
  }
  const bool is_good = X509_verify_cert(store) == 1;
  chain_result_ = X509_STORE_CTX_get_error(store);
  if (!is_good && context_->settings().reject_unauthorized) return 0;
  SSL_set_retry_verify(ssl_);
  return 1;
}

// A session is kept only once its server is known to be the right one.
void TlsLayer::keep_session(SessionPtr session) {
  const std::string& name = connection_->session_name;
  if (open_ && !name.empty() && SSL_SESSION_is_resumable(session.get()) == 1) {
    SSL_SESSION_up_ref(session.get());
    context_->sessions().keep(name, SessionPtr(session.get()));
  }
  session_ = std::move(session);
}

void TlsLayer::keep_key_log(const char* line) {
  if (key_log_ == nullptr) key_log_ = std::make_unique<std::string>();
  *key_log_ += line;
  *key_log_ += '\n';
}

void TlsLayer::fail(const char* otherwise) {
  if (state_ != -EAGAIN) return;
  const long chain = ssl_ == nullptr ? X509_V_OK : SSL_get_verify_result(ssl_);
  const unsigned long error = ERR_peek_error();
  const bool of_ssl = ERR_GET_LIB(error) == ERR_LIB_SSL;
  const int reason = ERR_GET_REASON(error);
  if (!open_ && wire_.ended() &&
      (error == 0 || (of_ssl && reason == SSL_R_UNEXPECTED_EOF_WHILE_READING))) {
    // The peer has closed the connection, which is not a protocol error.
    ERR_clear_error();
    state_ = -ECONNRESET;
    return;
  }
  state_ = -EPROTO;
  if (of_ssl && reason == SSL_R_CERTIFICATE_VERIFY_FAILED && chain != X509_V_OK) {
    ERR_clear_error();
    failure_ = std::make_unique<Failure>(Failure{chain, X509_verify_cert_error_string(chain)});
  } else {
    failure_ = std::make_unique<Failure>(take_failure(otherwise));
  }
}

int32_t TlsLayer::read(uint8_t* into, uint32_t size) {
  if (!open_ || state_ != -EAGAIN || !has_input()) return state_;
  warm();
  clear_errors();
  uint32_t total = 0;
  while (total < size && has_input()) {
    const uint32_t wanted = size - total;
    const int read = SSL_read(ssl_, into + total, static_cast<int>(wanted));
    if (read > 0) {
      total += static_cast<uint32_t>(read);
      // That was the rest of a record, and OpenSSL never reads ahead to the next one.
      drained_ = static_cast<uint32_t>(read) < wanted || SSL_pending(ssl_) == 0;
      continue;
    }
    const int error = SSL_get_error(ssl_, read);
    if (error == SSL_ERROR_ZERO_RETURN) {
      state_ = 0;
    } else if (error == SSL_ERROR_WANT_READ) {
      // Only a part of a record has arrived.
      drained_ = true;
    } else {
      fail("the connection is broken");
    }
    break;
  }
  if (total == 0) return state_;
  heard_ = true;
  return static_cast<int32_t>(total);
}

bool TlsLayer::has_input() const { return !drained_ || !wire_.empty() || wire_.ended(); }

bool TlsLayer::quiet() const {
  return wire_.empty() && (ssl_ == nullptr || SSL_has_pending(ssl_) == 0);
}

size_t TlsLayer::record_max() { return burst_ < kBurstFirst ? kRecordFirst : kRecordMax; }

// A write that fits into one small record does not need the time.
void TlsLayer::begin_burst(const iovec* pieces, int count) {
  size_t total = 0;
  for (int n = 0; n < count; n++) total += pieces[n].iov_len;
  if (total <= kRecordFirst) return;
  const int64_t now_ns = wire_.below()->now_ns();
  if (now_ns - last_large_write_ns_ > kPauseNs) burst_ = 0;
  last_large_write_ns_ = now_ns;
}

void TlsLayer::write(const iovec* pieces, int count) {
  if (!open_ || state_ == -EPROTO) return;
  begin_burst(pieces, count);
  warm();
  clear_errors();
  size_t waiting = 0;
  for (int n = 0; n < count; n++) {
    const uint8_t* data = static_cast<const uint8_t*>(pieces[n].iov_base);
    size_t size = pieces[n].iov_len;
    while (size > 0) {
      const size_t most = record_max();
      const bool is_last = n == count - 1;
      if (waiting == 0 && (size >= most || is_last)) {
        const size_t now = std::min(size, most);
        put(data, now);
        data += now;
        size -= now;
        continue;
      }
      const size_t now = std::min(size, std::max(most, waiting) - waiting);
      std::memcpy(gathered + waiting, data, now);
      waiting += now;
      data += now;
      size -= now;
      if (waiting < most) continue;
      put(gathered, waiting);
      waiting = 0;
    }
  }
  if (waiting > 0) put(gathered, waiting);
}

void TlsLayer::put(const uint8_t* data, size_t size) {
  if (state_ == -EPROTO) return;
  const int written = SSL_write(ssl_, data, static_cast<int>(size));
  if (written > 0) {
    burst_ = std::min<uint32_t>(burst_ + static_cast<uint32_t>(size), kBurstFirst);
  } else {
    fail("the connection is broken");
  }
}

void TlsLayer::end() {
  if (!open_ || state_ == -EPROTO) return;
  ERR_clear_error();
  SSL_shutdown(ssl_);
  ERR_clear_error();
}

void TlsLayer::warm() { warm_list_->warm(this); }

void TlsLayer::cool() { SSL_free_buffers(ssl_); }

std::string TlsLayer::tell(uint32_t what) {
  switch (what) {
    case kTellInfo:
      return info();
    case kTellFailure:
      return failure_ == nullptr ? std::string() : json_of(*failure_);
    case kTellPeer:
      return peer_certificates();
    case kTellOwn: {
      std::string out;
      X509* own = ssl_ == nullptr ? nullptr : SSL_get_certificate(ssl_);
      if (own != nullptr) add_der(&out, own);
      return out;
    }
    case kTellSession:
      return session();
    case kTellKeyLog: {
      std::string lines;
      if (key_log_ != nullptr) lines.swap(*key_log_);
      key_log_.reset();
      return lines;
    }
    case kTellHeard:
      return std::string(heard_ ? 1 : 0, '1');
    case kTellOcsp: {
      const unsigned char* response = nullptr;
      const long size = ssl_ == nullptr ? 0 : SSL_get_tlsext_status_ocsp_resp(ssl_, &response);
      if (size <= 0 || response == nullptr) return std::string();
      return std::string(reinterpret_cast<const char*>(response), static_cast<size_t>(size));
    }
    default:
      return std::string();
  }
}

std::string TlsLayer::info() const {
  if (ssl_ == nullptr) return std::string();
  std::string out = "{";
  add_member(&out, "version", SSL_get_version(ssl_));
  const SSL_CIPHER* cipher = SSL_get_current_cipher(ssl_);
  if (cipher != nullptr) {
    add_member(&out, "cipher", SSL_CIPHER_get_name(cipher));
    add_member(&out, "standardCipher", SSL_CIPHER_standard_name(cipher));
    add_member(&out, "cipherVersion", SSL_CIPHER_get_version(cipher));
  }
  const unsigned char* protocol = nullptr;
  unsigned size = 0;
  SSL_get0_alpn_selected(ssl_, &protocol, &size);
  const std::string alpn(reinterpret_cast<const char*>(protocol), size);
  add_member(&out, "alpn", protocol == nullptr ? nullptr : alpn.c_str());
  const char* servername = SSL_get_servername(ssl_, TLSEXT_NAMETYPE_host_name);
  if (servername == nullptr && !context_->settings().server && !connection_->servername.empty()) {
    servername = connection_->servername.c_str();
  }
  if (servername == nullptr && asked_name_ != nullptr) servername = asked_name_->c_str();
  add_member(&out, "servername", servername);
  const long chain = SSL_get_verify_result(ssl_);
  add_member(&out, "verifyText", X509_verify_cert_error_string(chain));
  out += ",\"verifyResult\":" + std::to_string(chain);
  out += SSL_session_reused(ssl_) == 1 ? ",\"reused\":true}" : ",\"reused\":false}";
  return out;
}

std::string TlsLayer::peer_certificates() const {
  std::string out;
  if (ssl_ == nullptr) return out;
  // On a client the chain starts with the peer's own certificate; during the handshake only that
  // one is available.
  X509* peer = SSL_get0_peer_certificate(ssl_);
  if (peer != nullptr) add_der(&out, peer);
  const STACK_OF(X509)* chain = SSL_get_peer_cert_chain(ssl_);
  const bool is_first_told = peer != nullptr && !context_->settings().server;
  for (int n = is_first_told ? 1 : 0; n < sk_X509_num(chain); n++) {
    add_der(&out, sk_X509_value(chain, n));
  }
  return out;
}

std::string TlsLayer::session() const {
  std::string out;
  SSL_SESSION* session = session_ != nullptr ? session_.get()
                         : ssl_ != nullptr   ? SSL_get_session(ssl_)
                                             : nullptr;
  if (session == nullptr) return out;
  const int size = i2d_SSL_SESSION(session, nullptr);
  if (size <= 0) return out;
  out.resize(static_cast<size_t>(size));
  unsigned char* place = reinterpret_cast<unsigned char*>(out.data());
  i2d_SSL_SESSION(session, &place);
  return out;
}

}  // namespace oxbow::tls
