// How the model works: the descriptor that kqueue() gives is an epoll, so it can be polled like the
// real one. A descriptor can be in one epoll only once, but has two filters here, so the two
// filters of descriptors have an epoll each, inside the first one; timers, user events and
// processes are descriptors of their own in it (timerfd, eventfd, pidfd).
//
// close() is wrapped by the linker (--wrap=close): closing the queue closes what is in it, and
// closing a watched descriptor deletes its events, as kqueue(2) says.
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

#include <poll.h>
#include <sys/epoll.h>
#include <sys/event.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/timerfd.h>
#include <sys/wait.h>
#include <unistd.h>

extern "C" int __real_close(int descriptor);
extern "C" int __wrap_close(int descriptor);

namespace {

using Key = std::pair<short, uintptr_t>;

struct Note {
  struct kevent event;
  int own = -1;  // the timerfd, eventfd or pidfd that stands for it
};

struct Queue {
  int outer = -1;
  int readers = -1;
  int writers = -1;
  std::map<Key, Note> notes;
};

// wake() comes from other threads, and workers have queues of their own.
std::mutex lock;

std::map<int, std::unique_ptr<Queue>>& queues() {
  static std::map<int, std::unique_ptr<Queue>> all;
  return all;
}

[[noreturn]] void unmodelled(const char* what) {
  std::fprintf(stderr, "the model of kqueue does not know %s\n", what);
  std::abort();
}

bool is_descriptor_filter(short filter) { return filter == EVFILT_READ || filter == EVFILT_WRITE; }

int add_inside(int epoll, int descriptor, uint32_t events, uint64_t data) {
  epoll_event event{};
  event.events = events;
  event.data.u64 = data;
  return epoll_ctl(epoll, EPOLL_CTL_ADD, descriptor, &event) == 0 ? 0 : errno;
}

uint64_t pack(short filter, uintptr_t ident) {
  return static_cast<uint64_t>(static_cast<uint16_t>(filter)) << 48 | ident;
}

Key unpack(uint64_t data) {
  return {static_cast<short>(static_cast<uint16_t>(data >> 48)), data & 0xffffffffffff};
}

int watch_descriptor(Queue& queue, const struct kevent& change, bool known) {
  const bool reads = change.filter == EVFILT_READ;
  epoll_event event{};
  event.events = reads ? EPOLLIN | EPOLLRDHUP : EPOLLOUT;
  if ((change.flags & EV_CLEAR) != 0) event.events |= EPOLLET;
  event.data.fd = static_cast<int>(change.ident);
  const int epoll = reads ? queue.readers : queue.writers;
  const int action = known ? EPOLL_CTL_MOD : EPOLL_CTL_ADD;
  return epoll_ctl(epoll, action, event.data.fd, &event) == 0 ? 0 : errno;
}

// A timer that is added again starts anew.
int start_timer(Note& note, const struct kevent& change) {
  if ((change.fflags & ~NOTE_NSECONDS) != 0) unmodelled("such a timer");
  const int64_t unit_ns = (change.fflags & NOTE_NSECONDS) != 0 ? 1 : 1'000'000;
  const int64_t ns = change.data * unit_ns > 0 ? change.data * unit_ns : 1;
  // FreeBSD adds it to a clock of 32 bits of seconds, and what overflows comes at once.
  if (ns / 1'000'000'000 > INT32_MAX / 2) unmodelled("a timer that takes longer than its clock");
  itimerspec alarm{};
  alarm.it_value.tv_sec = ns / 1'000'000'000;
  alarm.it_value.tv_nsec = ns % 1'000'000'000;
  if ((change.flags & EV_ONESHOT) == 0) alarm.it_interval = alarm.it_value;
  return timerfd_settime(note.own, 0, &alarm, nullptr) == 0 ? 0 : errno;
}

int open_own(const struct kevent& change) {
  switch (change.filter) {
    case EVFILT_TIMER:
      return timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
    case EVFILT_USER:
      return eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    case EVFILT_PROC:
      return static_cast<int>(syscall(SYS_pidfd_open, change.ident, 0));
    default:
      unmodelled("this filter");
  }
}

void remove(Queue& queue, std::map<Key, Note>::iterator at) {
  const auto [filter, ident] = at->first;
  if (is_descriptor_filter(filter)) {
    const int epoll = filter == EVFILT_READ ? queue.readers : queue.writers;
    epoll_ctl(epoll, EPOLL_CTL_DEL, static_cast<int>(ident), nullptr);
  } else {
    __real_close(at->second.own);
  }
  queue.notes.erase(at);
}

int add(Queue& queue, const struct kevent& change) {
  const Key key{change.filter, change.ident};
  auto at = queue.notes.find(key);
  const bool known = at != queue.notes.end();
  Note note = known ? at->second : Note{change};
  // The way of triggering is that of the first time; the rest is replaced.
  if (known) note.event.udata = change.udata;
  if (is_descriptor_filter(change.filter)) {
    if (const int error = watch_descriptor(queue, note.event, known)) return error;
  } else {
    if (!known) {
      note.own = open_own(change);
      if (note.own < 0) return errno;
      const uint64_t data = pack(change.filter, change.ident);
      if (const int error = add_inside(queue.outer, note.own, EPOLLIN, data)) return error;
    }
    if (change.filter == EVFILT_TIMER) {
      if (const int error = start_timer(note, change)) return error;
    }
  }
  queue.notes[key] = note;
  return 0;
}

int apply(Queue& queue, const struct kevent& change) {
  constexpr unsigned kKnown = EV_ADD | EV_DELETE | EV_ONESHOT | EV_CLEAR | EV_RECEIPT;
  if ((change.flags & ~kKnown) != 0) unmodelled("this flag");
  if ((change.flags & EV_ADD) != 0) return add(queue, change);
  const auto at = queue.notes.find({change.filter, change.ident});
  if (at == queue.notes.end()) return ENOENT;
  if ((change.flags & EV_DELETE) != 0) {
    remove(queue, at);
    return 0;
  }
  if (change.filter != EVFILT_USER) unmodelled("a change of this filter");
  const uint64_t one = 1;
  if ((change.fflags & NOTE_TRIGGER) != 0 &&
      write(at->second.own, &one, sizeof(one)) != sizeof(one)) {
    return errno;
  }
  return 0;
}

// What the pages say of `data`, and of EV_EOF: the peer will send nothing more (read), or takes
// nothing more (write).
void describe(struct kevent* event, uint32_t seen) {
  const int descriptor = static_cast<int>(event->ident);
  if (event->filter == EVFILT_READ) {
    int bytes = 0;
    if (ioctl(descriptor, FIONREAD, &bytes) == 0) event->data = bytes;
    if ((seen & (EPOLLRDHUP | EPOLLHUP | EPOLLERR)) != 0) event->flags |= EV_EOF;
  } else if ((seen & (EPOLLHUP | EPOLLERR)) != 0) {
    event->flags |= EV_EOF;
  }
}

// Takes from one of the two inner epolls.
int take_descriptors(Queue& queue, int epoll, short filter, struct kevent* out, int room) {
  if (room <= 0) return 0;
  std::vector<epoll_event> seen(static_cast<size_t>(room));
  const int count = epoll_wait(epoll, seen.data(), room, 0);
  int taken = 0;
  for (int n = 0; n < count; n++) {
    const auto at = queue.notes.find({filter, static_cast<uintptr_t>(seen[n].data.fd)});
    if (at == queue.notes.end()) continue;
    struct kevent& event = out[taken++];
    event = at->second.event;
    event.flags &= EV_CLEAR | EV_ONESHOT;
    describe(&event, seen[n].events);
    if ((event.flags & EV_ONESHOT) != 0) remove(queue, at);
  }
  return taken;
}

bool take_own(Queue& queue, Key key, struct kevent* out) {
  const auto at = queue.notes.find(key);
  if (at == queue.notes.end()) return false;
  *out = at->second.event;
  out->flags &= EV_CLEAR | EV_ONESHOT;
  uint64_t times = 0;
  if (key.first == EVFILT_PROC) {
    siginfo_t child{};
    // Whoever started it waits for it: the status stays there.
    waitid(P_PID, static_cast<id_t>(key.second), &child, WEXITED | WNOHANG | WNOWAIT);
    out->flags |= EV_EOF;
    out->data = child.si_code == CLD_EXITED ? child.si_status << 8 : child.si_status;
    remove(queue, at);
    return true;
  }
  const bool stays = key.first == EVFILT_USER && (out->flags & EV_CLEAR) == 0;
  if (!stays && read(at->second.own, &times, sizeof(times)) != sizeof(times)) return false;
  if (key.first == EVFILT_TIMER) out->data = static_cast<int64_t>(times);
  if ((out->flags & EV_ONESHOT) != 0) remove(queue, at);
  return true;
}

int collect(Queue& queue, struct kevent* events, int event_count) {
  epoll_event seen[64];
  const int count = epoll_wait(queue.outer, seen, 64, 0);
  int taken = 0;
  for (int n = 0; n < count && taken < event_count; n++) {
    if (seen[n].data.u64 == 0) {
      taken +=
          take_descriptors(queue, queue.readers, EVFILT_READ, events + taken, event_count - taken);
    } else if (seen[n].data.u64 == 1) {
      taken +=
          take_descriptors(queue, queue.writers, EVFILT_WRITE, events + taken, event_count - taken);
    } else if (take_own(queue, unpack(seen[n].data.u64), events + taken)) {
      taken++;
    }
  }
  return taken;
}

Queue* find(int queue) {
  const auto at = queues().find(queue);
  return at == queues().end() ? nullptr : at->second.get();
}

// The errors of changes, and the receipts that were asked for, or -1 with errno where there is no
// room to tell of one.
int apply_all(Queue& queue, const struct kevent* changes, int change_count, struct kevent* events,
              int event_count) {
  int told = 0;
  for (int n = 0; n < change_count; n++) {
    const struct kevent change = changes[n];
    const int error = apply(queue, change);
    if (error == 0 && (change.flags & EV_RECEIPT) == 0) continue;
    if (told >= event_count) {
      if (error == 0) continue;
      errno = error;
      return -1;
    }
    events[told] = change;
    events[told].flags = EV_ERROR;
    events[told].data = error;
    told++;
  }
  return told;
}

}  // namespace

int kqueue() {
  auto made = std::make_unique<Queue>();
  made->outer = epoll_create1(EPOLL_CLOEXEC);
  made->readers = epoll_create1(EPOLL_CLOEXEC);
  made->writers = epoll_create1(EPOLL_CLOEXEC);
  if (made->outer < 0 || made->readers < 0 || made->writers < 0 ||
      add_inside(made->outer, made->readers, EPOLLIN, 0) != 0 ||
      add_inside(made->outer, made->writers, EPOLLIN, 1) != 0) {
    const int error = errno;
    for (const int each : {made->outer, made->readers, made->writers}) {
      if (each >= 0) __real_close(each);
    }
    errno = error;
    return -1;
  }
  const std::lock_guard guard(lock);
  const int outer = made->outer;
  queues()[outer] = std::move(made);
  return outer;
}

int kevent(int descriptor, const struct kevent* changes, int change_count, struct kevent* events,
           int event_count, const struct timespec* timeout) {
  {
    const std::lock_guard guard(lock);
    Queue* queue = find(descriptor);
    if (queue == nullptr) {
      errno = EBADF;
      return -1;
    }
    const int told = apply_all(*queue, changes, change_count, events, event_count);
    if (told != 0) return told;
  }
  if (event_count == 0) return 0;
  // As macOS does (itimerfix), which takes no longer wait.
  if (timeout != nullptr && timeout->tv_sec > 100'000'000) {
    errno = EINVAL;
    return -1;
  }
  pollfd ready{descriptor, POLLIN, 0};
  // Interrupted, the changes have been made all the same.
  if (ppoll(&ready, 1, timeout, nullptr) < 0) return -1;
  const std::lock_guard guard(lock);
  Queue* queue = find(descriptor);
  return queue == nullptr ? 0 : collect(*queue, events, event_count);
}

int __wrap_close(int descriptor) {
  {
    const std::lock_guard guard(lock);
    const auto at = queues().find(descriptor);
    if (at != queues().end()) {
      Queue& queue = *at->second;
      while (!queue.notes.empty()) remove(queue, queue.notes.begin());
      __real_close(queue.readers);
      __real_close(queue.writers);
      queues().erase(at);
    } else {
      for (auto& [outer, queue] : queues()) {
        for (const short filter : {EVFILT_READ, EVFILT_WRITE}) {
          const auto note = queue->notes.find({filter, static_cast<uintptr_t>(descriptor)});
          if (note != queue->notes.end()) remove(*queue, note);
        }
      }
    }
  }
  return __real_close(descriptor);
}
