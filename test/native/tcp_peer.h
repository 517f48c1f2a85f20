// A peer of the engine outside of it: a listening engine, and plain blocking sockets that connect
// to it.
#pragma once

#include <cerrno>

#include <sys/socket.h>
#include <unistd.h>

#include "check.h"
#include "engine_harness.h"

namespace oxbow::test {

class Peer {
 public:
  explicit Peer(const Address& address) {
    descriptor_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    CHECK(descriptor_ >= 0);
    CHECK_EQ(::connect(descriptor_, address.get(), address.length), 0);
  }
  ~Peer() { close(); }
  Peer(const Peer&) = delete;
  Peer& operator=(const Peer&) = delete;

  void send(const std::string& text) const {
    CHECK_EQ(::send(descriptor_, text.data(), text.size(), MSG_NOSIGNAL), text.size());
  }
  // As much of the text from there on as the kernel takes at once.
  size_t send_some(const std::string& text, size_t from) const {
    const ssize_t sent =
        ::send(descriptor_, text.data() + from, text.size() - from, MSG_NOSIGNAL | MSG_DONTWAIT);
    return sent > 0 ? static_cast<size_t>(sent) : 0;
  }
  void end() const { CHECK_EQ(::shutdown(descriptor_, SHUT_WR), 0); }
  void close() {
    if (descriptor_ >= 0) ::close(descriptor_);
    descriptor_ = -1;
  }
  // Closes with a reset instead of an end.
  void reset() {
    const linger now{1, 0};
    setsockopt(descriptor_, SOL_SOCKET, SO_LINGER, &now, sizeof(now));
    close();
  }
  // What has come so far, or "" for nothing.
  std::string take() const {
    char bytes[65536];
    const ssize_t size = ::recv(descriptor_, bytes, sizeof(bytes), MSG_DONTWAIT);
    return std::string(bytes, size > 0 ? static_cast<size_t>(size) : 0);
  }
  void small_receive_buffer() const {
    const int size = 4096;
    setsockopt(descriptor_, SOL_SOCKET, SO_RCVBUF, &size, sizeof(size));
  }

 private:
  int descriptor_;
};

// An engine that listens on the loopback interface.
struct TcpHarness : Harness {
  explicit TcpHarness(std::shared_ptr<const ReaderMaker> readers = nullptr,
                      uint32_t ready_capacity = 1024)
      : Harness("auto", ready_capacity) {
    hold();
    const uint32_t flags = layout::kSocketReuseAddress;
    const int handle = engine().listen("127.0.0.1", 0, flags, 1024, std::move(readers));
    CHECK(handle >= 0);
    listener = {static_cast<uint32_t>(handle), control(layout::kControlLastGeneration)};
    AddressText text;
    CHECK_EQ(engine().address(listener.handle, listener.generation, 0, &text), 0);
    CHECK(parse_address(text.host, text.port, &address));
    submit(layout::SubmissionOp::kAcceptStart, listener);
  }

  // Turns until the connection of a new peer is accepted, and reads from it if asked.
  End accept(bool reading) {
    const uint32_t before = told(listener).count(layout::CompletionOp::kAccept);
    CHECK(run_until([&] { return told(listener).count(layout::CompletionOp::kAccept) > before; }));
    if (reading) submit(layout::SubmissionOp::kReadStart, accepted);
    return accepted;
  }

  End listener;
  Address address;
};

}  // namespace oxbow::test
