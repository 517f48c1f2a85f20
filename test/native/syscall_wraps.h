// Stands between the core and the kernel, by the linker's --wrap: counts system calls and makes
// them fail. Included by the one source file of a test whose name starts with syscall_.
//
// A short read or an EAGAIN that the kernel gives is always followed by a new edge, and the epoll
// driver builds on that; so a false one registers the descriptor again, which gives the edge.
#pragma once

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <map>

#include <poll.h>
#include <pthread.h>
#include <sys/epoll.h>
#include <sys/socket.h>

#include "random.h"

namespace oxbow::test {

struct Syscalls {
  // What happened.
  uint32_t sends = 0;
  uint32_t receives = 0;
  uint32_t polls = 0;
  const void* last_sent = nullptr;
  uint32_t faults = 0;
  // What shall happen: one fault in so many calls, 0 for none.
  uint32_t one_in = 0;
  Random random{0};
  // Calls that may be refused, counted down: at 0 the one fails with this error, 0 for none.
  uint32_t until_refused = 0;
  int refusal = 0;
  bool refused = false;
  // Or one in so many, with an error of this list.
  uint32_t refuse_one_in = 0;
  // Errors for the very next call, 0 for none.
  int next_send = 0;
  int next_receive = 0;
  int next_accept = 0;

  struct Watch {
    int epoll;
    epoll_event event;
  };
  std::map<int, Watch> watched;

  bool fault() {
    const bool now = one_in > 0 && random.once_in(one_in);
    faults += now;
    return now;
  }
  // Whether this call fails, and errno then says why. Not every error makes sense to every call: an
  // interruption only where the call could have waited.
  bool refuse(bool may_wait) {
    int error = 0;
    if (refuse_one_in > 0) {
      constexpr int kErrors[] = {ECONNRESET, ENOBUFS, ENOMEM, EMFILE, EPIPE, ETIMEDOUT, EINTR};
      if (random.once_in(refuse_one_in)) error = kErrors[random.below(7)];
    } else if (refusal != 0 && !refused && (may_wait || refusal != EINTR)) {
      if (until_refused-- == 0) error = refusal;
    }
    if (error == 0 || (error == EINTR && !may_wait)) return false;
    refused = true;
    faults++;
    errno = error;
    return true;
  }
  static int take(int* error) {
    const int taken = *error;
    *error = 0;
    return taken;
  }
  void rearm(int descriptor);
};

inline Syscalls& syscalls() {
  static Syscalls instance;
  return instance;
}

// Of wakes; nothing else in the core writes. From any thread, so apart from the others.
inline std::atomic<uint32_t>& writes() {
  static std::atomic<uint32_t> count{0};
  return count;
}

// Threads of the core: how many came, and whether any more may.
struct Threads {
  std::atomic<uint32_t> started{0};
  std::atomic<bool> refused{false};
};

inline Threads& threads() {
  static Threads instance;
  return instance;
}

// poll(), which only other threads than the loop's wait in.
struct OtherPolls {
  // Of more than one descriptor: fails with this, 0 for none.
  std::atomic<int> refusal{0};
  std::atomic<uint32_t> refused{0};
  // Of one, with a time limit that the test does not wait for.
  std::atomic<uint32_t> limited{0};
};

inline OtherPolls& other_polls() {
  static OtherPolls instance;
  return instance;
}

}  // namespace oxbow::test

extern "C" {

ssize_t __real_send(int, const void*, size_t, int);
ssize_t __real_sendmsg(int, const msghdr*, int);
ssize_t __real_recv(int, void*, size_t, int);
int __real_sendmmsg(int, mmsghdr*, unsigned, int);
int __real_recvmmsg(int, mmsghdr*, unsigned, int, timespec*);
int __real_accept4(int, sockaddr*, socklen_t*, int);
int __real_epoll_wait(int, epoll_event*, int, int);
int __real_epoll_ctl(int, int, int, epoll_event*);
ssize_t __real_write(int, const void*, size_t);

int __real_pthread_create(pthread_t*, const pthread_attr_t*, void* (*)(void*), void*);
int __real_poll(pollfd*, nfds_t, int);
int __real_socket(int, int, int);
int __real_connect(int, const sockaddr*, socklen_t);
int __real_setsockopt(int, int, int, const void*, socklen_t);
int __real_getsockopt(int, int, int, void*, socklen_t*);

int __wrap_pthread_create(pthread_t* thread, const pthread_attr_t* attributes, void* (*body)(void*),
                          void* argument) {
  if (oxbow::test::threads().refused) return EAGAIN;
  oxbow::test::threads().started++;
  return __real_pthread_create(thread, attributes, body, argument);
}

int __wrap_poll(pollfd* waits, nfds_t count, int timeout) {
  auto& polls = oxbow::test::other_polls();
  if (count > 1 && polls.refusal != 0) {
    polls.refused++;
    errno = polls.refusal;
    return -1;
  }
  if (count > 1 || timeout <= 0) return __real_poll(waits, count, timeout);
  polls.limited++;
  return __real_poll(waits, count, 0);
}

int __wrap_socket(int family, int type, int protocol) {
  if (oxbow::test::syscalls().refuse(false)) return -1;
  return __real_socket(family, type, protocol);
}

int __wrap_connect(int descriptor, const sockaddr* address, socklen_t length) {
  if (!oxbow::test::syscalls().refuse(true)) return __real_connect(descriptor, address, length);
  // One that is interrupted goes on by itself.
  const int error = errno;
  if (error == EINTR) __real_connect(descriptor, address, length);
  errno = error;
  return -1;
}

int __wrap_setsockopt(int descriptor, int level, int name, const void* value, socklen_t length) {
  if (oxbow::test::syscalls().refuse(false)) return -1;
  return __real_setsockopt(descriptor, level, name, value, length);
}

int __wrap_getsockopt(int descriptor, int level, int name, void* value, socklen_t* length) {
  if (oxbow::test::syscalls().refuse(false)) return -1;
  return __real_getsockopt(descriptor, level, name, value, length);
}

int __wrap_epoll_ctl(int epoll, int action, int descriptor, epoll_event* event) {
  if (action != EPOLL_CTL_DEL && oxbow::test::syscalls().refuse(false)) return -1;
  auto& watched = oxbow::test::syscalls().watched;
  if (action == EPOLL_CTL_DEL) {
    watched.erase(descriptor);
  } else {
    watched[descriptor] = {epoll, *event};
  }
  return __real_epoll_ctl(epoll, action, descriptor, event);
}

ssize_t __wrap_write(int descriptor, const void* bytes, size_t size) {
  oxbow::test::writes()++;
  return __real_write(descriptor, bytes, size);
}

int __wrap_epoll_wait(int epoll, epoll_event* events, int count, int timeout) {
  oxbow::test::syscalls().polls++;
  if (oxbow::test::syscalls().fault()) {
    errno = EINTR;
    return -1;
  }
  return __real_epoll_wait(epoll, events, count, timeout);
}

int __wrap_accept4(int descriptor, sockaddr* address, socklen_t* length, int flags) {
  auto& calls = oxbow::test::syscalls();
  if (calls.refuse(true)) return -1;
  if (const int error = calls.take(&calls.next_accept)) {
    errno = error;
    return -1;
  }
  if (calls.fault()) {
    constexpr int kErrors[] = {EINTR, EAGAIN, ECONNABORTED};
    errno = kErrors[calls.random.below(3)];
    return -1;
  }
  return __real_accept4(descriptor, address, length, flags);
}

ssize_t __wrap_recv(int descriptor, void* bytes, size_t size, int flags) {
  auto& calls = oxbow::test::syscalls();
  calls.receives++;
  if (calls.refuse(true)) return -1;
  if (const int error = calls.take(&calls.next_receive)) {
    errno = error;
    return -1;
  }
  if (!calls.fault()) return __real_recv(descriptor, bytes, size, flags);
  const uint32_t what = calls.random.below(3);
  if (what == 0) {
    errno = EINTR;
    return -1;
  }
  calls.rearm(descriptor);
  if (what == 1) {
    errno = EAGAIN;
    return -1;
  }
  const uint32_t most = static_cast<uint32_t>(std::min<size_t>(size, 100));
  return __real_recv(descriptor, bytes, 1 + calls.random.below(most), flags);
}

ssize_t __wrap_send(int descriptor, const void* bytes, size_t size, int flags) {
  auto& calls = oxbow::test::syscalls();
  calls.sends++;
  calls.last_sent = bytes;
  if (calls.refuse(true)) return -1;
  if (const int error = calls.take(&calls.next_send)) {
    errno = error;
    return -1;
  }
  if (!calls.fault()) return __real_send(descriptor, bytes, size, flags);
  const uint32_t what = calls.random.below(3);
  if (what == 0) {
    errno = EINTR;
    return -1;
  }
  calls.rearm(descriptor);
  if (what == 1) {
    errno = EAGAIN;
    return -1;
  }
  return __real_send(descriptor, bytes, size < 2 ? size : 1 + size / 3, flags);
}

ssize_t __wrap_sendmsg(int descriptor, const msghdr* message, int flags) {
  // A fault for several pieces: the first of them alone goes the way above.
  auto& calls = oxbow::test::syscalls();
  if (calls.next_send != 0 || calls.fault()) {
    return __wrap_send(descriptor, message->msg_iov->iov_base, message->msg_iov->iov_len, flags);
  }
  calls.sends++;
  if (calls.refuse(true)) return -1;
  return __real_sendmsg(descriptor, message, flags);
}

// One datagram more than the kernel takes at once: EAGAIN, or a part of them.
int __wrap_sendmmsg(int descriptor, mmsghdr* messages, unsigned count, int flags) {
  auto& calls = oxbow::test::syscalls();
  calls.sends++;
  if (const int error = calls.take(&calls.next_send)) {
    if (error == EAGAIN) calls.rearm(descriptor);
    errno = error;
    return -1;
  }
  if (!calls.fault()) return __real_sendmmsg(descriptor, messages, count, flags);
  const uint32_t what = calls.random.below(3);
  if (what == 0) {
    errno = EINTR;
    return -1;
  }
  calls.rearm(descriptor);
  if (what == 1) {
    errno = EAGAIN;
    return -1;
  }
  return __real_sendmmsg(descriptor, messages, 1 + count / 3, flags);
}

int __wrap_recvmmsg(int descriptor, mmsghdr* messages, unsigned count, int flags, timespec* time) {
  auto& calls = oxbow::test::syscalls();
  calls.receives++;
  if (const int error = calls.take(&calls.next_receive)) {
    errno = error;
    return -1;
  }
  if (!calls.fault()) return __real_recvmmsg(descriptor, messages, count, flags, time);
  const uint32_t what = calls.random.below(3);
  if (what == 0) {
    errno = EINTR;
    return -1;
  }
  calls.rearm(descriptor);
  if (what == 1) {
    errno = EAGAIN;
    return -1;
  }
  return __real_recvmmsg(descriptor, messages, 1 + count / 3, flags, time);
}

}  // extern "C"

inline void oxbow::test::Syscalls::rearm(int descriptor) {
  const auto found = watched.find(descriptor);
  if (found == watched.end()) return;
  epoll_event event = found->second.event;
  __real_epoll_ctl(found->second.epoll, EPOLL_CTL_MOD, descriptor, &event);
}
