// A model of kqueue over epoll, written from the manual pages of FreeBSD and macOS, so that the
// kqueue driver runs, and is tested, on Linux. For tests only: what the driver does not use is not
// here, and using it ends the program with a word (kqueue_model.cc). kqueue_model_test.cc has a
// test for each rule of the pages that the driver leans on.
#pragma once

#include <cstdint>
#include <ctime>

struct kevent {
  uintptr_t ident;
  short filter;
  unsigned short flags;
  unsigned int fflags;
  int64_t data;
  void* udata;
};

#define EVFILT_READ (-1)
#define EVFILT_WRITE (-2)
#define EVFILT_PROC (-5)
#define EVFILT_TIMER (-7)
#define EVFILT_USER (-11)

#define EV_ADD 0x0001
#define EV_DELETE 0x0002
#define EV_ONESHOT 0x0010
#define EV_CLEAR 0x0020
#define EV_RECEIPT 0x0040
#define EV_ERROR 0x4000
#define EV_EOF 0x8000

#define NOTE_TRIGGER 0x01000000
#define NOTE_NSECONDS 0x00000008
#define NOTE_EXIT 0x80000000

#define EV_SET(event, ident_, filter_, flags_, fflags_, data_, udata_) \
  do {                                                                 \
    struct kevent* const to = (event);                                 \
    to->ident = static_cast<uintptr_t>(ident_);                        \
    to->filter = (filter_);                                            \
    to->flags = (flags_);                                              \
    to->fflags = (fflags_);                                            \
    to->data = (data_);                                                \
    to->udata = (udata_);                                              \
  } while (0)

// kevent(2) is the name of a structure and of a function, as on the systems that have it.
int kqueue();
int kevent(int queue, const struct kevent* changes, int change_count, struct kevent* events,
           int event_count, const struct timespec* timeout);
