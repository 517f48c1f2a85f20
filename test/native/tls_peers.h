// A client and a server of TLS in memory: layers over hosts that keep what they are sent. The
// certificate is made on the spot.
#pragma once

#include <algorithm>
#include <memory>
#include <string>

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include "net/layer.h"
#include "tls/context.h"
#include "tls/tls_layer.h"

namespace oxbow::test {

class Cable final : public LayerHost {
 public:
  void send(const uint8_t* data, uint32_t size) override {
    sent.append(reinterpret_cast<const char*>(data), size);
    total += size;
  }
  int64_t now_ns() const override { return now; }

  std::string sent;
  size_t total = 0;
  int64_t now = 1'000'000'000'000;
};

inline std::string text_of(BIO* bio) {
  char* data = nullptr;
  const long size = BIO_get_mem_data(bio, &data);
  const std::string text(data, static_cast<size_t>(size));
  BIO_free(bio);
  return text;
}

inline tls::KeyPair make_pair() {
  EVP_PKEY* key = EVP_EC_gen("P-256");
  X509* certificate = X509_new();
  X509_set_version(certificate, 2);
  ASN1_INTEGER_set(X509_get_serialNumber(certificate), 1);
  X509_gmtime_adj(X509_getm_notBefore(certificate), -60);
  X509_gmtime_adj(X509_getm_notAfter(certificate), 86400);
  X509_set_pubkey(certificate, key);
  X509_NAME* name = X509_get_subject_name(certificate);
  const auto* common = reinterpret_cast<const unsigned char*>("localhost");
  X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, common, -1, -1, 0);
  X509_set_issuer_name(certificate, name);
  X509_sign(certificate, key, EVP_sha256());
  BIO* chain = BIO_new(BIO_s_mem());
  PEM_write_bio_X509(chain, certificate);
  BIO* secret = BIO_new(BIO_s_mem());
  PEM_write_bio_PrivateKey(secret, key, nullptr, nullptr, 0, nullptr, nullptr);
  X509_free(certificate);
  EVP_PKEY_free(key);
  return {text_of(chain), text_of(secret)};
}

struct Contexts {
  explicit Contexts(int version = TLS1_3_VERSION, bool trusts = true) {
    tls::Failure failure;
    tls::Settings settings;
    settings.min_version = settings.max_version = version;
    settings.cipher_list = "ECDHE+AESGCM";
    settings.cipher_suites = "TLS_AES_128_GCM_SHA256";
    settings.own_roots = true;
    static const tls::KeyPair pair = make_pair();
    if (trusts) settings.ca = {pair.chain};
    good = client->configure(settings, &failure);
    settings.server = true;
    settings.pairs = {pair};
    settings.ca.clear();
    good = server->configure(settings, &failure) && good;
  }

  bool good;
  std::shared_ptr<tls::Context> client = std::make_shared<tls::Context>();
  std::shared_ptr<tls::Context> server = std::make_shared<tls::Context>();
};

struct Side {
  explicit Side(const LayerMaker& maker) : layer(maker.make()) {}

  void write(const std::string& text) const {
    const iovec piece{const_cast<char*>(text.data()), text.size()};
    layer->write(&piece, 1);
  }
  // Gives the layer up to `most` bytes that the other side has sent; whether there were any.
  bool take(Cable* from, size_t most) const {
    const std::string piece = from->sent.substr(0, most);
    if (piece.empty()) return false;
    from->sent.erase(0, piece.size());
    layer->take(reinterpret_cast<const uint8_t*>(piece.data()),
                static_cast<uint32_t>(piece.size()));
    // What it has not used must have been copied when this goes.
    layer->keep();
    return true;
  }
  // Reads what there is, in pieces of `most`.
  void read(size_t most) {
    std::string piece(most, '\0');
    while ((last = layer->read(reinterpret_cast<uint8_t*>(piece.data()),
                               static_cast<uint32_t>(most))) > 0) {
      heard.append(piece, 0, static_cast<size_t>(last));
    }
  }

  std::unique_ptr<Layer> layer;
  Cable cable;
  std::string heard;
  int32_t last = -EAGAIN;
};

struct Peers {
  explicit Peers(const Contexts& contexts, const std::string& session_name = "")
      : client(tls::TlsMaker(contexts.client, {"localhost", session_name, ""})),
        server(tls::TlsMaker(contexts.server, {})) {
    server.layer->start(&server.cable);
    client.layer->start(&client.cable);
  }
  // Carries bytes to and fro in pieces of `most` until there are none, and reads what comes.
  void run(size_t most = 1u << 20, size_t read_most = 1u << 16) {
    bool moved = true;
    while (moved) {
      moved = server.take(&client.cable, most);
      server.read(read_most);
      if (client.take(&server.cable, most)) moved = true;
      client.read(read_most);
    }
  }
  bool open() const { return client.layer->open() && server.layer->open(); }

  Side client;
  Side server;
};

}  // namespace oxbow::test
