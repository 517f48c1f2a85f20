// Handshakes of TLS 1.3, a number of them at a time. Each connection says one byte, which shows
// that the server is through with it, too, and goes when that has come back.
//
//   load_handshakes --port N [--connections 8] [--resumed 0]
//                   [--seconds 1.5 | --messages N] [--warmup-seconds 0.3 | --warmup-messages N]
//
// --resumed 1: all but the first go on with a session. `check` in the answer is the number of
// handshakes that were as they had to be, full or resumed.
#include <sys/epoll.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <vector>

#include "program.h"
#include "pump.h"
#include "support.h"
#include "tls_client.h"

namespace oxbow::bench {

static SSL_SESSION* newest_session = nullptr;

static int keep_session(SSL*, SSL_SESSION* session) {
  SSL_SESSION_free(newest_session);
  newest_session = session;
  return 1;
}

class Handshakes {
 public:
  Handshakes(uint16_t port, int64_t connections, bool resumed)
      : port_(port),
        resumed_(resumed),
        epoll_(epoll_create1(EPOLL_CLOEXEC)),
        slots_(static_cast<size_t>(connections)) {
    if (epoll_ < 0) fail_errno("epoll_create1");
    SSL_CTX_set_session_cache_mode(client_context(),
                                   SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL);
    SSL_CTX_sess_set_new_cb(client_context(), keep_session);
    if (!resumed) return;
    // For the session that the others go on with.
    resumed_ = false;
    run({1, 0});
    resumed_ = true;
    if (newest_session == nullptr) fail("check", "the server gave no session");
  }

  Outcome run(Limit limit) {
    const int64_t start_ns = now_ns();
    limit_ = limit;
    deadline_ns_ = start_ns + static_cast<int64_t>(limit.seconds * 1e9);
    started_ = 0;
    outcome_ = {};
    if (limit.messages == 0 && limit.seconds == 0) return outcome_;
    for (Slot& slot : slots_) {
      if (may_start_more()) start(slot);
    }
    epoll_event events[64];
    while (outcome_.messages < started_) {
      const int stall_ms = 15'000;
      const int count = epoll_wait(epoll_, events, 64, stall_ms);
      if (count == 0) fail("stalled", "the server has not answered for 15 seconds");
      if (count < 0 && errno != EINTR) fail_errno("epoll_wait");
      for (int i = 0; i < count; i++) go_on(slots_[events[i].data.u64]);
    }
    outcome_.seconds = static_cast<double>(now_ns() - start_ns) / 1e9;
    return outcome_;
  }

  uint64_t right() const { return right_; }

 private:
  struct Slot {
    int fd = -1;
    SSL* ssl = nullptr;
    bool shaken = false;
  };

  bool may_start_more() const {
    if (limit_.messages > 0 && started_ >= limit_.messages) return false;
    return limit_.seconds == 0 || now_ns() < deadline_ns_;
  }

  void start(Slot& slot) {
    started_++;
    slot.fd = start_connect(port_);
    slot.ssl = client_of(slot.fd);
    slot.shaken = false;
    if (resumed_) {
      // A copy: OpenSSL takes one that was used for spent.
      SSL_SESSION* copy = SSL_SESSION_dup(newest_session);
      if (SSL_set_session(slot.ssl, copy) != 1) fail_openssl("SSL_set_session");
      SSL_SESSION_free(copy);
    }
    const auto index = static_cast<uint64_t>(&slot - slots_.data());
    epoll_set(epoll_, EPOLL_CTL_ADD, slot.fd, EPOLLIN | EPOLLOUT | EPOLLET, index);
    go_on(slot);
  }

  void go_on(Slot& slot) {
    if (!slot.shaken) {
      const int result = SSL_connect(slot.ssl);
      if (result != 1) return check_waits(slot, result, "SSL_connect");
      slot.shaken = true;
      if (SSL_write(slot.ssl, "x", 1) != 1) fail_openssl("SSL_write");
    }
    char byte = 0;
    const int count = SSL_read(slot.ssl, &byte, 1);
    if (count != 1) return check_waits(slot, count, "SSL_read");
    const bool is_resumed = SSL_session_reused(slot.ssl) == 1;
    if (byte != 'x' || is_resumed != resumed_) fail("check", "a handshake was not as asked for");
    right_++;
    outcome_.messages++;
    finish(slot);
    if (may_start_more()) start(slot);
  }

  void check_waits(Slot& slot, int result, const char* what) {
    const int error = SSL_get_error(slot.ssl, result);
    if (error != SSL_ERROR_WANT_READ && error != SSL_ERROR_WANT_WRITE) fail_openssl(what);
  }

  void finish(Slot& slot) {
    SSL_shutdown(slot.ssl);
    SSL_free(slot.ssl);
    slot.ssl = nullptr;
    close(slot.fd);
    slot.fd = -1;
  }

  const uint16_t port_;
  bool resumed_;
  const int epoll_;
  std::vector<Slot> slots_;
  uint64_t right_ = 0;

  // Of the phase that runs.
  Limit limit_;
  int64_t deadline_ns_ = 0;
  int64_t started_ = 0;
  Outcome outcome_;
};

int run_program(int argc, char** argv) {
  Arguments arguments(argc, argv);
  const auto port = static_cast<uint16_t>(arguments.integer("port", 0, 1, 65535));
  const int64_t connections = arguments.integer("connections", 8, 1, 1000);
  const bool resumed = arguments.integer("resumed", 0, 0, 1) == 1;
  const Plan plan = plan_of(arguments);
  arguments.finish();
  if (port == 0) fail("--port", "is required");

  Handshakes handshakes(port, connections, resumed);
  handshakes.run(plan.warmup);
  wait_for_go();
  const uint64_t before = handshakes.right();
  const Outcome outcome = handshakes.run(plan.measured);
  print_outcome(outcome, handshakes.right() - before);
  return 0;
}

}  // namespace oxbow::bench
