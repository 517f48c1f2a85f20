// TLS as a layer, without sockets: two ends in memory.
#include <cstdio>

#if defined(__GLIBC__)
#include <malloc.h>
#endif

#include "check.h"
#include "net/stacked_layer.h"
#include "tls_peers.h"

using namespace oxbow;
using test::Contexts;
using test::Peers;
using test::Side;

namespace {

std::string pattern(size_t size) {
  std::string text(size, '\0');
  for (size_t n = 0; n < size; n++) text[n] = static_cast<char>(n * 31 + (n >> 11));
  return text;
}

// Sizes of the records that somebody has sent.
std::vector<size_t> records(const std::string& wire) {
  std::vector<size_t> sizes;
  for (size_t at = 0; at + 5 <= wire.size();) {
    const size_t size =
        static_cast<uint8_t>(wire[at + 3]) * 256u + static_cast<uint8_t>(wire[at + 4]);
    sizes.push_back(size);
    at += 5 + size;
  }
  return sizes;
}

bool has(const std::string& text, const char* part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST(a_mebibyte_both_ways_in_pieces_of_any_size) {
  for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
    const Contexts contexts(version);
    REQUIRE(contexts.good);
    for (const size_t piece : {1u, 7u, 1000u, 70'000u}) {
      Peers peers(contexts);
      peers.run(piece);
      REQUIRE(peers.open());
      // Each step of a tiny piece moves all that waits behind it.
      const std::string text = pattern(piece == 1 ? 20'000 : piece == 7 ? 100'000 : 1 << 20);
      peers.client.write(text);
      peers.server.write(text);
      peers.run(piece, std::min<size_t>(piece, 4096));
      CHECK(peers.client.heard == text);
      CHECK(peers.server.heard == text);
      CHECK(peers.client.layer->quiet() && peers.server.layer->quiet());
      // A goodbye one way, and words the other.
      peers.client.layer->end();
      peers.run(piece);
      CHECK_EQ(peers.server.last, 0);
      peers.server.write("last words");
      peers.server.layer->end();
      peers.run(piece);
      CHECK_EQ(peers.client.last, 0);
      CHECK(peers.client.heard == text + "last words");
    }
  }
}

TEST(small_pieces_share_a_record_and_records_grow_with_what_is_sent) {
  const Contexts contexts;
  Peers peers(contexts);
  peers.run();
  std::string pieces[100];
  iovec vectors[100];
  for (int n = 0; n < 100; n++) {
    pieces[n] = std::string(10, static_cast<char>('a' + n % 26));
    vectors[n] = {pieces[n].data(), pieces[n].size()};
  }
  peers.server.layer->write(vectors, 100);
  CHECK_EQ(records(peers.server.cable.sent).size(), 1u);
  peers.run();
  CHECK_EQ(peers.client.heard.size(), 1000u);
  peers.server.write(pattern(200'000));
  std::vector<size_t> sizes = records(peers.server.cable.sent);
  CHECK(sizes.front() < 1448);
  CHECK(sizes[sizes.size() - 2] > 16'384);
  peers.run();
  CHECK(peers.client.heard.substr(1000) == pattern(200'000));
  // After a pause they begin small again.
  peers.server.cable.now += 2'000'000'000;
  peers.server.write(pattern(3000));
  sizes = records(peers.server.cable.sent);
  CHECK_EQ(sizes.size(), 3u);
}

TEST(a_cut_is_no_end) {
  const Contexts contexts;
  Peers peers(contexts);
  peers.run();
  peers.server.write("not all");
  peers.run();
  peers.client.layer->take_end();
  peers.client.read(100);
  CHECK_EQ(peers.client.last, -EPROTO);
  CHECK(has(peers.client.layer->tell(tls::kTellFailure), "unexpected eof while reading"));

  // Before it is through, whoever goes away has just gone away.
  for (const bool said_something : {false, true}) {
    Peers early(contexts);
    if (said_something) early.server.take(&early.client.cable, 50);
    early.server.layer->take_end();
    CHECK_EQ(early.server.layer->state(), -ECONNRESET);
    CHECK_EQ(early.server.layer->tell(tls::kTellFailure), std::string());
  }
}

TEST(what_is_no_tls_is_told_so_with_an_alert) {
  const Contexts contexts;
  Peers peers(contexts);
  peers.client.cable.sent = "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n";
  peers.server.take(&peers.client.cable, 1000);
  CHECK_EQ(peers.server.layer->state(), -EPROTO);
  CHECK(has(peers.server.layer->tell(tls::kTellFailure), "http request"));

  // Afterwards: a record that is not right.
  Peers later(contexts);
  later.run();
  later.client.write("good");
  later.client.cable.sent[10] ^= 1;
  const size_t before = later.server.cable.total;
  later.server.take(&later.client.cable, 1000);
  later.server.read(100);
  CHECK_EQ(later.server.last, -EPROTO);
  CHECK(later.server.heard.empty());
  CHECK(later.server.cable.total > before);
  later.server.write("dropped");
  later.server.layer->end();
  CHECK_EQ(later.server.last, -EPROTO);
}

TEST(whom_nobody_has_signed_for_is_refused_with_the_reason) {
  const Contexts contexts(TLS1_3_VERSION, false);
  Peers peers(contexts);
  peers.run();
  CHECK(!peers.open());
  CHECK_EQ(peers.client.layer->state(), -EPROTO);
  const std::string why = peers.client.layer->tell(tls::kTellFailure);
  CHECK(has(why, ("\"verify\":" + std::to_string(X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT)).c_str()));
  CHECK_EQ(peers.server.layer->state(), -EPROTO);
  CHECK(has(peers.server.layer->tell(tls::kTellFailure), "unknown ca"));
}

TEST(a_question_holds_the_handshake_until_it_is_answered) {
  for (const bool yes : {true, false}) {
    Contexts contexts;
    tls::Settings settings = contexts.client->settings();
    tls::Failure failure;
    settings.reject_unauthorized = false;
    settings.ask_peer = true;
    CHECK(contexts.client->configure(settings, &failure));
    Peers peers(contexts);
    peers.run();
    CHECK_EQ(peers.client.layer->question(), tls::kAskPeer);
    CHECK(!peers.client.layer->open());
    const tls::TlsMaker any(contexts.client, {});
    peers.client.layer->answer(yes ? &any : nullptr);
    CHECK_EQ(peers.client.layer->open(), yes);
    CHECK_EQ(peers.client.layer->state(), yes ? -EAGAIN : -EPROTO);
  }
}

TEST(certificates_are_chosen_later_and_contexts_outlive_whoever_made_them) {
  Contexts contexts;
  tls::Settings settings = contexts.server->settings();
  tls::Failure failure;
  settings.ask_certificate = true;
  const auto asking = std::make_shared<tls::Context>();
  CHECK(asking->configure(settings, &failure));
  auto maker = std::make_unique<tls::TlsMaker>(contexts.server, tls::Connection{});
  contexts.server = asking;
  Peers peers(contexts);
  peers.run();
  CHECK_EQ(peers.server.layer->question(), tls::kAskCertificate);
  peers.server.layer->answer(maker.get());
  maker.reset();
  contexts.server.reset();
  peers.run();
  CHECK(peers.open());
  peers.client.write("hello");
  peers.run();
  CHECK_EQ(peers.server.heard, std::string("hello"));
}

TEST(a_name_that_is_refused_is_what_the_alert_says) {
  Contexts contexts;
  tls::Settings settings = contexts.server->settings();
  tls::Failure failure;
  settings.ask_certificate = true;
  const auto asking = std::make_shared<tls::Context>();
  CHECK(asking->configure(settings, &failure));
  contexts.server = asking;
  Peers peers(contexts);
  peers.run();
  CHECK_EQ(peers.server.layer->question(), tls::kAskCertificate);
  CHECK(has(peers.server.layer->tell(tls::kTellInfo), "\"servername\":\"localhost\""));
  peers.server.layer->answer(nullptr);
  peers.run();
  CHECK_EQ(peers.server.layer->state(), -EPROTO);
  CHECK(has(peers.client.layer->tell(tls::kTellFailure), "unrecognized name"));

  // Written in another way than it must be, nobody is asked, and OpenSSL refuses it.
  for (const char changed : {'\0', '\xff'}) {
    Peers odd(contexts);
    std::string& hello = odd.client.cable.sent;
    const size_t at = hello.find("localhost");
    CHECK(at != std::string::npos);
    if (changed == '\0') {
      hello[at] = changed;
    } else {
      hello[at - 1] = changed;
    }
    odd.server.take(&odd.client.cable, 1000);
    CHECK_EQ(odd.server.layer->question(), tls::kAskNothing);
    CHECK_EQ(odd.server.layer->state(), -EPROTO);
  }
}

TEST(sessions_go_on_and_tickets_are_good_for_one_change_of_keys) {
  for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
    const Contexts contexts(version);
    const auto reused = [&contexts] {
      Peers peers(contexts, "server");
      peers.run();
      CHECK(peers.open());
      return has(peers.client.layer->tell(tls::kTellInfo), "\"reused\":true");
    };
    CHECK(!reused());
    CHECK(reused());
    contexts.server->ticket_keys().rotate();
    CHECK(reused());
    contexts.server->ticket_keys().rotate();
    contexts.server->ticket_keys().rotate();
    CHECK(!reused());
    CHECK(reused());
  }
}

TEST(buffers_of_those_that_are_idle_go) {
  const Contexts contexts;
  std::vector<std::unique_ptr<Peers>> all;
  for (uint32_t n = 0; n < tls::WarmList::kMost + 20; n++) {
    all.push_back(std::make_unique<Peers>(contexts));
    all.back()->run();
    all.back()->client.write("x");
    all.back()->run();
  }
  // Whether they are there or not makes no difference but in memory.
  for (const auto& each : all) {
    each->server.write("answer");
    each->run();
    CHECK_EQ(each->client.heard, std::string("answer"));
  }
  all.erase(all.begin() + 10, all.end() - 10);
  for (const auto& each : all) {
    each->client.write("y");
    each->run();
    CHECK_EQ(each->server.heard, std::string("xy"));
  }
}

TEST(tls_in_tls) {
  const Contexts contexts;
  Peers outer(contexts);
  outer.run();
  const tls::TlsMaker for_client(contexts.client, {});
  const tls::TlsMaker for_server(contexts.server, {});
  outer.client.layer =
      std::make_unique<StackedLayer>(std::move(outer.client.layer), for_client.make());
  outer.server.layer =
      std::make_unique<StackedLayer>(std::move(outer.server.layer), for_server.make());
  outer.server.layer->start(&outer.server.cable);
  outer.client.layer->start(&outer.client.cable);
  for (const size_t piece : {1000u, 1u << 20}) outer.run(piece);
  CHECK(outer.open());
  const std::string text = pattern(300'000);
  outer.client.write(text);
  outer.run(5000, 999);
  CHECK(outer.server.heard == text);
  outer.client.layer->end();
  outer.run();
  CHECK_EQ(outer.server.last, 0);
}

CHECK_MAIN()

// --- peers that do not keep to it ----------------------------------------------------------------

namespace {

// A client on OpenSSL alone, which can be made to do what no client does.
struct RawClient {
  RawClient() {
    SSL_set_bio(ssl, in, out);
    SSL_set_connect_state(ssl);
  }
  ~RawClient() {
    SSL_free(ssl);
    SSL_CTX_free(context);
  }
  RawClient(const RawClient&) = delete;
  RawClient& operator=(const RawClient&) = delete;

  // Gives the server all that was said so far, and takes what it has sent, unless it is not to
  // read.
  void exchange(Side* server, bool reads = true) const {
    char* data = nullptr;
    const long size = BIO_get_mem_data(out, &data);
    if (size > 0) {
      server->layer->take(reinterpret_cast<const uint8_t*>(data), static_cast<uint32_t>(size));
      server->layer->keep();
      BIO_reset(out);
    }
    server->read(1u << 16);
    if (!reads) return;
    BIO_write(in, server->cable.sent.data(), static_cast<int>(server->cable.sent.size()));
    server->cable.sent.clear();
  }

  void shake_hands(Side* server) const {
    while (SSL_do_handshake(ssl) != 1) exchange(server);
    exchange(server);
  }

  SSL_CTX* context = SSL_CTX_new(TLS_client_method());
  SSL* ssl = SSL_new(context);
  BIO* in = BIO_new(BIO_s_mem());
  BIO* out = BIO_new(BIO_s_mem());
};

}  // namespace

// Each is answered; that the answers are taken is the stream's business (layer_test.cc).
TEST(a_flood_of_key_updates_is_answered_with_no_more_than_it_is_itself) {
  const Contexts contexts;
  Side server(tls::TlsMaker(contexts.server, {}));
  server.layer->start(&server.cable);
  const RawClient client;
  client.shake_hands(&server);
  REQUIRE(server.layer->open());
  const size_t before = server.cable.total;
  size_t said = 0;
  for (int n = 0; n < 10'000; n++) {
    SSL_key_update(client.ssl, SSL_KEY_UPDATE_REQUESTED);
    SSL_do_handshake(client.ssl);
    said += static_cast<size_t>(BIO_pending(client.out));
    client.exchange(&server, false);
  }
  CHECK(server.cable.total - before <= said);
  CHECK(server.layer->open() && server.layer->quiet());
}

#if defined(__GLIBC__) && __GLIBC_PREREQ(2, 33)
TEST(a_half_handshake_holds_48_kib_at_the_most) {
  const Contexts contexts;
  std::string hello;
  {
    const Peers peers(contexts);
    hello = peers.client.cable.sent;
  }
  constexpr size_t kCount = 200;
  std::vector<std::unique_ptr<Side>> flood;
  const auto add = [&] {
    flood.push_back(std::make_unique<Side>(tls::TlsMaker(contexts.server, {})));
    Side& server = *flood.back();
    server.layer->start(&server.cable);
    server.layer->take(reinterpret_cast<const uint8_t*>(hello.data()),
                       static_cast<uint32_t>(hello.size()));
    server.layer->keep();
    // It has answered, and hears nothing more; what it has sent is the kernel's.
    CHECK(server.cable.total > 0 && !server.layer->open());
    server.cable.sent = std::string();
  };
  // What OpenSSL sets up once is not a connection's.
  add();
  const size_t before = mallinfo2().uordblks;
  for (size_t n = 0; n < kCount; n++) add();
  // A sanitizer's heap says nothing.
  const size_t after = std::max(mallinfo2().uordblks, before);
  CHECK((after - before) / kCount <= 48u << 10);
  std::printf("a half handshake holds %zu KiB\n", (after - before) / kCount >> 10);
}
#endif
