#include "os/pass_descriptors.h"

#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include "os/calls.h"

namespace oxbow {
namespace {

#if defined(MSG_CMSG_CLOEXEC)
constexpr int kReceiveFlags = MSG_CMSG_CLOEXEC;
#else
constexpr int kReceiveFlags = 0;
#endif

struct PassedControl {
  alignas(cmsghdr) uint8_t bytes[CMSG_SPACE(sizeof(int) * kPassedMax)];
};

void keep(int descriptor, int wanted, PassedDescriptors* passed) {
  if (passed->count >= wanted) {
    ::close(descriptor);
    passed->cut = true;
    return;
  }
  // On systems where recvmsg() cannot set it (macOS).
  if (kReceiveFlags == 0) fcntl(descriptor, F_SETFD, FD_CLOEXEC);
  passed->list[passed->count++] = descriptor;
}

// Takes all descriptors out of the message, because each is already open in this process.
void take_out(msghdr* header, int wanted, PassedDescriptors* passed) {
  for (cmsghdr* at = CMSG_FIRSTHDR(header); at != nullptr; at = next_control(header, at)) {
    if (at->cmsg_level != SOL_SOCKET || at->cmsg_type != SCM_RIGHTS) continue;
    const size_t bytes = at->cmsg_len - CMSG_LEN(0);
    for (size_t n = 0; n + sizeof(int) <= bytes; n += sizeof(int)) {
      int one;
      std::memcpy(&one, CMSG_DATA(at) + n, sizeof(one));
      keep(one, wanted, passed);
    }
  }
  // The system had no room for more descriptors, in the message or in this process.
  if ((header->msg_flags & MSG_CTRUNC) != 0) passed->cut = true;
}

}  // namespace

int32_t send_with_descriptors(int descriptor, const uint8_t* data, uint32_t size,
                              const PassedDescriptors& passed, const Address* to) {
  PassedControl control;
  std::memset(&control, 0, sizeof(control));
  iovec vector{const_cast<uint8_t*>(data), size};
  msghdr header{};
  if (to != nullptr) {
    header.msg_name = const_cast<sockaddr*>(to->get());
    header.msg_namelen = to->length;
  }
  header.msg_iov = &vector;
  header.msg_iovlen = 1;
  if (passed.count > 0) {
    const size_t bytes = sizeof(int) * static_cast<size_t>(passed.count);
    header.msg_control = control.bytes;
    header.msg_controllen = static_cast<decltype(header.msg_controllen)>(CMSG_SPACE(bytes));
    cmsghdr* message = CMSG_FIRSTHDR(&header);
    message->cmsg_level = SOL_SOCKET;
    message->cmsg_type = SCM_RIGHTS;
    message->cmsg_len = static_cast<decltype(message->cmsg_len)>(CMSG_LEN(bytes));
    std::memcpy(CMSG_DATA(message), passed.list, bytes);
  }
  for (;;) {
    const ssize_t sent = ::sendmsg(descriptor, &header, kNoSignal);
    if (sent >= 0) return static_cast<int32_t>(sent);
    if (errno != EINTR) return would_block(errno) ? -EAGAIN : -errno;
  }
}

int32_t receive_with_descriptors(int descriptor, uint8_t* into, uint32_t size, int wanted,
                                 PassedDescriptors* passed) {
  passed->count = 0;
  passed->cut = false;
  for (;;) {
    PassedControl control;
    iovec vector{into, size};
    msghdr header{};
    header.msg_iov = &vector;
    header.msg_iovlen = 1;
    header.msg_control = control.bytes;
    header.msg_controllen = sizeof(control.bytes);
    const ssize_t received = ::recvmsg(descriptor, &header, kReceiveFlags);
    if (received >= 0) {
      take_out(&header, wanted, passed);
      return static_cast<int32_t>(received);
    }
    if (errno != EINTR) return would_block(errno) ? -EAGAIN : -errno;
  }
}

}  // namespace oxbow
