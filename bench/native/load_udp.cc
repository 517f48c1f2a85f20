// UDP echo load. Every datagram that comes back is compared with what was sent.
//
//   load_udp --port N [--size 64] [--depth 1000] [--run 1]
//            [--seconds 1.5 | --messages N] [--warmup-seconds 0.3 | --warmup-messages N]
//
// `--run N` sends N datagrams as one (GSO) and receives them so (GRO). Datagrams may get lost;
// those that have not come back when nothing has come for a while are given up. `check` in the
// answer is the number of bytes that came back right.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/udp.h>
#include <poll.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <vector>

#include "support.h"

#if !defined(UDP_SEGMENT)
#define UDP_SEGMENT 103
#endif
#if !defined(UDP_GRO)
#define UDP_GRO 104
#endif

namespace oxbow::bench {

constexpr int kBatch = 64;
constexpr size_t kBytesMax = 65'536;
constexpr int kGiveUpMs = 20;

struct Limit {
  int64_t messages = 0;
  double seconds = 0;
};

class UdpPump {
 public:
  UdpPump(uint16_t port, size_t size, int64_t depth, int64_t run)
      : size_(size), depth_(depth), run_(run), memory_(kBatch * kBytesMax) {
    fd_ = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd_ < 0) fail_errno("socket");
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(port);
    if (connect(fd_, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) {
      fail_errno("connect");
    }
    const int on = 1;
    if (run > 1 && setsockopt(fd_, IPPROTO_UDP, UDP_GRO, &on, sizeof on) != 0) fail_errno("GRO");
  }

  int64_t go(const Limit& limit, double* seconds) {
    const int64_t begin = now_ns();
    const int64_t received_before = received_;
    for (;;) {
      while (received_ + lost_ + depth_ - sent_ >= run_) send_some();
      if (receive_some() == 0) wait();
      const int64_t done = received_ - received_before;
      *seconds = static_cast<double>(now_ns() - begin) / 1e9;
      if (limit.messages > 0 ? done >= limit.messages : *seconds >= limit.seconds) return done;
    }
  }

  uint64_t right() const { return right_; }

 private:
  // The first eight bytes are a number, the others follow from it.
  void write_datagram(uint8_t* at, uint64_t number) const {
    std::memset(at, static_cast<int>(number & 0x7f), size_);
    std::memcpy(at, &number, sizeof number);
  }

  void check(const uint8_t* at, size_t length) {
    uint64_t number = 0;
    if (length != size_) fail("check", "a datagram came back with another length");
    std::memcpy(&number, at, sizeof number);
    if (number >= static_cast<uint64_t>(sent_)) fail("check", "one that was never sent");
    const uint8_t fill = static_cast<uint8_t>(number & 0x7f);
    for (size_t n = sizeof number; n < length; n++) {
      if (at[n] != fill) fail("check", "a datagram came back changed");
    }
    right_ += length;
    received_++;
  }

  // Up to a batch of datagrams, or of runs of them.
  void send_some() {
    mmsghdr messages[kBatch];
    iovec vectors[kBatch];
    alignas(cmsghdr) uint8_t controls[kBatch][CMSG_SPACE(sizeof(uint16_t))];
    const int64_t free = (received_ + lost_ + depth_ - sent_) / run_;
    const int count = static_cast<int>(free < kBatch ? free : kBatch);
    const size_t bytes = size_ * static_cast<size_t>(run_);
    for (int n = 0; n < count; n++) {
      uint8_t* at = memory_.data() + static_cast<size_t>(n) * kBytesMax;
      for (int64_t k = 0; k < run_; k++) {
        write_datagram(at + size_ * static_cast<size_t>(k),
                       static_cast<uint64_t>(sent_ + n * run_ + k));
      }
      vectors[n] = {at, bytes};
      messages[n] = {};
      messages[n].msg_hdr.msg_iov = &vectors[n];
      messages[n].msg_hdr.msg_iovlen = 1;
      if (run_ > 1) set_segment(&messages[n].msg_hdr, controls[n]);
    }
    const int made = sendmmsg(fd_, messages, static_cast<unsigned>(count), 0);
    if (made < 0 && errno != EAGAIN && errno != EINTR) fail_errno("sendmmsg");
    if (made > 0) sent_ += made * run_;
    if (made < count) wait();
  }

  void set_segment(msghdr* header, uint8_t* control) const {
    header->msg_control = control;
    header->msg_controllen = CMSG_SPACE(sizeof(uint16_t));
    cmsghdr* message = CMSG_FIRSTHDR(header);
    message->cmsg_level = IPPROTO_UDP;
    message->cmsg_type = UDP_SEGMENT;
    message->cmsg_len = CMSG_LEN(sizeof(uint16_t));
    const uint16_t size = static_cast<uint16_t>(size_);
    std::memcpy(CMSG_DATA(message), &size, sizeof size);
  }

  int receive_some() {
    mmsghdr messages[kBatch];
    iovec vectors[kBatch];
    for (int n = 0; n < kBatch; n++) {
      vectors[n] = {memory_.data() + static_cast<size_t>(n) * kBytesMax, kBytesMax};
      messages[n] = {};
      messages[n].msg_hdr.msg_iov = &vectors[n];
      messages[n].msg_hdr.msg_iovlen = 1;
    }
    const int count = recvmmsg(fd_, messages, kBatch, 0, nullptr);
    if (count < 0 && errno != EAGAIN && errno != EINTR) fail_errno("recvmmsg");
    for (int n = 0; n < count; n++) {
      const uint8_t* at = static_cast<uint8_t*>(vectors[n].iov_base);
      for (size_t from = 0; from < messages[n].msg_len; from += size_) check(at + from, size_);
    }
    return count < 0 ? 0 : count;
  }

  void wait() {
    pollfd item{fd_, POLLIN, 0};
    const int count = poll(&item, 1, kGiveUpMs);
    if (count < 0 && errno != EINTR) fail_errno("poll");
    if (count == 0) lost_ = sent_ - received_;
  }

  int fd_;
  size_t size_;
  int64_t depth_;
  int64_t run_;
  int64_t sent_ = 0;
  int64_t received_ = 0;
  int64_t lost_ = 0;
  uint64_t right_ = 0;
  std::vector<uint8_t> memory_;
};

static int main_of_load(int argc, char** argv) {
  Arguments arguments(argc, argv);
  const auto port = static_cast<uint16_t>(arguments.integer("port", 0, 1, 65535));
  const auto size = static_cast<size_t>(arguments.integer("size", 64, 8, 1400));
  const int64_t depth = arguments.integer("depth", 1000, 1, 100'000);
  const int64_t run = arguments.integer("run", 1, 1, 64);
  Limit measured;
  Limit warmup;
  measured.messages = arguments.integer("messages", 0, 1, 1'000'000'000);
  measured.seconds = arguments.seconds("seconds", measured.messages > 0 ? 0 : 1.5);
  warmup.messages = arguments.integer("warmup-messages", 0, 1, 1'000'000'000);
  warmup.seconds = arguments.seconds("warmup-seconds", warmup.messages > 0 ? 0 : 0.3);
  arguments.finish();
  if (port == 0) fail("--port", "is required");
  UdpPump pump(port, size, depth, run);
  double seconds = 0;
  pump.go(warmup, &seconds);
  wait_for_go();
  const uint64_t right_before = pump.right();
  const int64_t messages = pump.go(measured, &seconds);
  std::printf("{\"messages\":%lld,\"seconds\":%.6f,\"check\":%llu}\n",
              static_cast<long long>(messages), seconds,
              static_cast<unsigned long long>(pump.right() - right_before));
  return 0;
}

}  // namespace oxbow::bench

int main(int argc, char** argv) { return oxbow::bench::main_of_load(argc, argv); }
