#include "os/datagrams.h"

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>

#include <fcntl.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>
#if defined(__linux__)
#include <netinet/udp.h>
#if !defined(UDP_SEGMENT)
#define UDP_SEGMENT 103
#endif
#if !defined(UDP_GRO)
#define UDP_GRO 104
#endif
#endif

#include "os/calls.h"
#include "ring/layout.h"

namespace oxbow {
namespace {

int set_flags(int descriptor) {
  if (fcntl(descriptor, F_SETFD, FD_CLOEXEC) != 0) return -errno;
  if (fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) | O_NONBLOCK) != 0) return -errno;
#if defined(__APPLE__)
  return set_integer(descriptor, SOL_SOCKET, SO_NOSIGPIPE, 1);
#else
  return 0;
#endif
}

// Asks for GRO. A kernel without it delivers datagrams one by one.
void ask_for_runs(int descriptor, int family) {
#if defined(__linux__)
  if (family != AF_UNIX) set_integer(descriptor, IPPROTO_UDP, UDP_GRO, 1);
#else
  static_cast<void>(descriptor);
  static_cast<void>(family);
#endif
}

int configure(int descriptor, const DatagramPlan& plan) {
  int error = set_flags(descriptor);
  const auto set = [&](uint32_t flag, int level, int option, int value) {
    if (error == 0 && (plan.flags & flag) != 0) {
      error = set_integer(descriptor, level, option, value);
    }
  };
  set(layout::kSocketReuseAddress, SOL_SOCKET, SO_REUSEADDR, 1);
  set(layout::kSocketReusePort, SOL_SOCKET, SO_REUSEPORT, 1);
  set(layout::kSocketBroadcast, SOL_SOCKET, SO_BROADCAST, 1);
  set(layout::kSocketOnly6, IPPROTO_IPV6, IPV6_V6ONLY, 1);
  if (error != 0) return error;
  ask_for_runs(descriptor, plan.family);
  if (plan.local != nullptr && ::bind(descriptor, plan.local->get(), plan.local->length) != 0) {
    return -errno;
  }
  if (plan.remote != nullptr &&
      ::connect(descriptor, plan.remote->get(), plan.remote->length) != 0) {
    return -errno;
  }
  return 0;
}

// For a sender without a name (Unix sockets) the kernel leaves the address unchanged.
void set_sender(Address* from, socklen_t length) {
  from->length = length;
  if (length == 0) from->storage.ss_family = 0;
}

msghdr header_for(const OutgoingDatagram& datagram, iovec* vectors, int count) {
  msghdr header{};
  if (datagram.to != nullptr) {
    header.msg_name = const_cast<sockaddr*>(datagram.to->get());
    header.msg_namelen = datagram.to->length;
  }
  header.msg_iov = vectors;
  header.msg_iovlen = static_cast<decltype(header.msg_iovlen)>(count);
  return header;
}

iovec vector_of(const OutgoingDatagram& datagram) {
  return {const_cast<uint8_t*>(datagram.data), datagram.length};
}

}  // namespace

DatagramBatch::DatagramBatch() : memory_(new uint8_t[kStride * kMax]) {}

int open_datagrams(const DatagramPlan& plan) {
  const int descriptor = ::socket(plan.family, SOCK_DGRAM, 0);
  if (descriptor < 0) return -errno;
  const int error = configure(descriptor, plan);
  if (error == 0) return descriptor;
  ::close(descriptor);
  return error;
}

int adopt_datagrams(int descriptor) {
  sockaddr_storage address{};
  socklen_t size = sizeof(address);
  if (getsockname(descriptor, reinterpret_cast<sockaddr*>(&address), &size) != 0) return -errno;
  const int error = set_flags(descriptor);
  if (error == 0) ask_for_runs(descriptor, address.ss_family);
  return error;
}

#if defined(__linux__)

namespace {

// The most that the kernel sends as one run, in datagrams and in bytes with their headers.
constexpr int kRunMax = 64;
constexpr uint32_t kRunBytesMax = 65'000;
// Limits of one system call: msghdrs, and datagrams in them.
constexpr int kMessagesMax = 64;
constexpr int kVectorsMax = 256;

struct Control {
  alignas(cmsghdr) uint8_t bytes[CMSG_SPACE(sizeof(int))];
};

bool same_target(const OutgoingDatagram& one, const OutgoingDatagram& other) {
  if (one.to == other.to) return true;
  if (one.to == nullptr || other.to == nullptr || one.to->length != other.to->length) return false;
  return std::memcmp(one.to->get(), other.to->get(), one.to->length) == 0;
}

// How many datagrams, from the first, can be sent as one run: to one address, and all of one
// length, except for a shorter last one.
int run_length(const OutgoingDatagram* list, int count, const SendRuns& runs) {
  const uint32_t length = list->length;
  if (length == 0 || length > runs.longest) return 1;
  uint32_t bytes = length;
  int run = 1;
  while (run < std::min(count, kRunMax)) {
    const OutgoingDatagram& next = list[run];
    if (next.length == 0 || next.length > length || bytes + next.length > kRunBytesMax) break;
    if (!same_target(*list, next)) break;
    bytes += next.length;
    run++;
    if (next.length < length) break;
  }
  return run;
}

// Adjacent datagrams in memory, which is the usual case, share one vector.
int add_vectors(const OutgoingDatagram* list, int run, iovec* vectors) {
  int count = 0;
  for (int n = 0; n < run; n++) {
    iovec* last = vectors + count - 1;
    if (count > 0 && static_cast<uint8_t*>(last->iov_base) + last->iov_len == list[n].data) {
      last->iov_len += list[n].length;
    } else {
      vectors[count++] = vector_of(list[n]);
    }
  }
  return count;
}

void set_segment(msghdr* header, Control* control, uint32_t length) {
  std::memset(control, 0, sizeof(*control));
  header->msg_control = control->bytes;
  header->msg_controllen = CMSG_SPACE(sizeof(uint16_t));
  cmsghdr* message = CMSG_FIRSTHDR(header);
  message->cmsg_level = IPPROTO_UDP;
  message->cmsg_type = UDP_SEGMENT;
  message->cmsg_len = CMSG_LEN(sizeof(uint16_t));
  const uint16_t size = static_cast<uint16_t>(length);
  std::memcpy(CMSG_DATA(message), &size, sizeof(size));
}

uint32_t segment_of(msghdr* header) {
  for (cmsghdr* at = CMSG_FIRSTHDR(header); at != nullptr; at = next_control(header, at)) {
    if (at->cmsg_level != IPPROTO_UDP || at->cmsg_type != UDP_GRO) continue;
    int size = 0;
    std::memcpy(&size, CMSG_DATA(at), sizeof(size));
    return size > 0 ? static_cast<uint32_t>(size) : 0;
  }
  return 0;
}

// Errors with which a kernel or a device refuses a run although it would take the datagrams one by
// one.
bool refuses_runs(int error) {
  return error == EINVAL || error == EMSGSIZE || error == EIO || error == EOPNOTSUPP ||
         error == ENOPROTOOPT;
}

}  // namespace

int receive_datagrams(int descriptor, DatagramBatch* batch) {
  mmsghdr messages[DatagramBatch::kMax];
  iovec vectors[DatagramBatch::kMax];
  Control controls[DatagramBatch::kMax];
  const int wanted = batch->wanted;
  for (int n = 0; n < wanted; n++) {
    DatagramBatch::Entry& entry = batch->entries[n];
    vectors[n] = {batch->data(n), DatagramBatch::kBytesMax};
    msghdr& header = messages[n].msg_hdr;
    header = {};
    header.msg_name = &entry.from.storage;
    header.msg_namelen = sizeof(entry.from.storage);
    header.msg_iov = &vectors[n];
    header.msg_iovlen = 1;
    if (batch->bare) continue;
    header.msg_control = controls[n].bytes;
    header.msg_controllen = sizeof(controls[n].bytes);
  }
  int count;
  do {
    count = recvmmsg(descriptor, messages, static_cast<unsigned>(wanted), 0, nullptr);
  } while (count < 0 && errno == EINTR);
  if (count < 0) return would_block(errno) ? -EAGAIN : -errno;
  for (int n = 0; n < count; n++) {
    DatagramBatch::Entry& entry = batch->entries[n];
    entry.length = messages[n].msg_len;
    set_sender(&entry.from, messages[n].msg_hdr.msg_namelen);
    entry.cut = (messages[n].msg_hdr.msg_flags & MSG_TRUNC) != 0;
    const uint32_t segment = batch->bare ? 0 : segment_of(&messages[n].msg_hdr);
    entry.segment = segment < entry.length ? segment : 0;
  }
  batch->drained = count < wanted && !batch->connected;
  return count;
}

int send_datagrams(int descriptor, const OutgoingDatagram* list, int count, SendRuns* runs) {
  for (;;) {
    mmsghdr messages[kMessagesMax];
    iovec vectors[kVectorsMax];
    Control controls[kMessagesMax];
    int ends[kMessagesMax] = {};  // the number of datagrams up to and including each message
    int made = 0;
    int used = 0;
    int at = 0;
    while (at < count && made < kMessagesMax && used < kVectorsMax) {
      const int run = run_length(list + at, std::min(count - at, kVectorsMax - used), *runs);
      const int pieces = add_vectors(list + at, run, vectors + used);
      messages[made].msg_hdr = header_for(list[at], vectors + used, pieces);
      messages[made].msg_len = 0;
      if (run > 1) set_segment(&messages[made].msg_hdr, &controls[made], list[at].length);
      used += pieces;
      at += run;
      ends[made++] = at;
    }
    const int sent = sendmmsg(descriptor, messages, static_cast<unsigned>(made), MSG_NOSIGNAL);
    if (sent > 0) return ends[sent - 1];
    if (errno == EINTR) continue;
    if (would_block(errno)) return -EAGAIN;
    const int error = errno;
    if (ends[0] == 1 || !refuses_runs(error)) return -error;
    // Most likely the datagrams exceed the path MTU; or runs are not supported at all.
    const bool too_long = error == EINVAL || error == EMSGSIZE;
    runs->longest = too_long ? list->length - 1 : SendRuns::kNever;
  }
}

#else

int receive_datagrams(int descriptor, DatagramBatch* batch) {
  int count = 0;
  int error = 0;
  while (count < batch->wanted) {
    DatagramBatch::Entry& entry = batch->entries[count];
    iovec vector = {batch->data(count), DatagramBatch::kBytesMax};
    msghdr header{};
    header.msg_name = &entry.from.storage;
    header.msg_namelen = sizeof(entry.from.storage);
    header.msg_iov = &vector;
    header.msg_iovlen = 1;
    const ssize_t size = recvmsg(descriptor, &header, 0);
    if (size < 0 && errno == EINTR) continue;
    if (size < 0) {
      error = errno;
      break;
    }
    entry.length = static_cast<uint32_t>(size);
    set_sender(&entry.from, header.msg_namelen);
    entry.cut = (header.msg_flags & MSG_TRUNC) != 0;
    entry.segment = 0;
    count++;
  }
  batch->drained = would_block(error);
  // After received datagrams, an error is dropped (asking for it has already cleared it); it is
  // only returned if there are none.
  if (count > 0) return count;
  return would_block(error) ? -EAGAIN : -error;
}

int send_datagrams(int descriptor, const OutgoingDatagram* list, int count, SendRuns*) {
#if defined(MSG_NOSIGNAL)
  constexpr int kFlags = MSG_NOSIGNAL;
#else
  constexpr int kFlags = 0;
#endif
  int sent = 0;
  while (sent < count) {
    iovec vector = vector_of(list[sent]);
    const msghdr header = header_for(list[sent], &vector, 1);
    if (sendmsg(descriptor, &header, kFlags) >= 0) {
      sent++;
    } else if (errno != EINTR) {
      if (sent > 0) return sent;
      return would_block(errno) ? -EAGAIN : -errno;
    }
  }
  return sent;
}

#endif

int join_group(int descriptor, const Address& group, unsigned interface, bool joins) {
  group_req request{};
  request.gr_interface = interface;
  std::memcpy(&request.gr_group, &group.storage, group.length);
  const int level = group.family() == AF_INET6 ? IPPROTO_IPV6 : IPPROTO_IP;
  const int option = joins ? MCAST_JOIN_GROUP : MCAST_LEAVE_GROUP;
  return setsockopt(descriptor, level, option, &request, sizeof(request)) == 0 ? 0 : -errno;
}

int set_multicast_interface(int descriptor, int family, unsigned interface) {
  if (family == AF_INET6) {
    return set_integer(descriptor, IPPROTO_IPV6, IPV6_MULTICAST_IF, static_cast<int>(interface));
  }
  ip_mreqn request{};
  request.imr_ifindex = static_cast<int>(interface);
  return setsockopt(descriptor, IPPROTO_IP, IP_MULTICAST_IF, &request, sizeof(request)) == 0
             ? 0
             : -errno;
}

unsigned interface_number(const std::string& name_or_address) {
  Address address;
  if (!parse_address(name_or_address, 0, &address)) {
    return if_nametoindex(name_or_address.c_str());
  }
  unsigned found = 0;
  ifaddrs* list = nullptr;
  if (getifaddrs(&list) != 0) return 0;
  for (const ifaddrs* at = list; at != nullptr && found == 0; at = at->ifa_next) {
    if (at->ifa_addr == nullptr || at->ifa_addr->sa_family != address.family()) continue;
    Address own;
    own.length = address.length;
    std::memcpy(&own.storage, at->ifa_addr, address.length);
    if (own.same_host(address)) found = if_nametoindex(at->ifa_name);
  }
  freeifaddrs(list);
  return found;
}

}  // namespace oxbow
