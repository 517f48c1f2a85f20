// The rules of kqueue(2) that the driver leans on, asked of the model: were the model wrong, what
// is tested on it would show nothing.
#include <cerrno>
#include <csignal>
#include <thread>

#include <netinet/in.h>
#include <sys/event.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check.h"

namespace {

constexpr timespec kAtOnce{0, 0};

struct Model {
  Model() : queue(kqueue()) {
    CHECK(queue >= 0);
    CHECK_EQ(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, ends), 0);
  }
  ~Model() {
    for (const int each : {queue, ends[0], ends[1]}) {
      if (each >= 0) close(each);
    }
  }

  int change(uintptr_t ident, short filter, unsigned short flags, unsigned notes = 0,
             int64_t data = 0) {
    struct kevent one;
    EV_SET(&one, ident, filter, flags, notes, data, nullptr);
    return kevent(queue, &one, 1, nullptr, 0, &kAtOnce);
  }

  int look(const timespec* timeout = &kAtOnce) {
    return kevent(queue, nullptr, 0, events, 8, timeout);
  }

  void close_end(int which) {
    close(ends[which]);
    ends[which] = -1;
  }

  int queue;
  int ends[2];
  struct kevent events[8];
};

}  // namespace

TEST(a_read_event_comes_with_the_number_of_bytes) {
  Model model;
  CHECK_EQ(model.change(model.ends[1], EVFILT_READ, EV_ADD | EV_CLEAR), 0);
  CHECK_EQ(model.look(), 0);
  CHECK_EQ(write(model.ends[0], "four", 4), 4);
  REQUIRE(model.look() == 1);
  CHECK_EQ(model.events[0].filter, EVFILT_READ);
  CHECK_EQ(model.events[0].ident, static_cast<uintptr_t>(model.ends[1]));
  CHECK_EQ(model.events[0].data, 4);
}

TEST(ev_clear_tells_once_until_more_comes) {
  Model model;
  model.change(model.ends[1], EVFILT_READ, EV_ADD | EV_CLEAR);
  CHECK_EQ(write(model.ends[0], "a", 1), 1);
  CHECK_EQ(model.look(), 1);
  CHECK_EQ(model.look(), 0);
  CHECK_EQ(write(model.ends[0], "b", 1), 1);
  CHECK_EQ(model.look(), 1);
}

TEST(without_ev_clear_it_tells_as_long_as_it_is_so) {
  Model model;
  model.change(model.ends[1], EVFILT_READ, EV_ADD);
  CHECK_EQ(write(model.ends[0], "a", 1), 1);
  CHECK_EQ(model.look(), 1);
  CHECK_EQ(model.look(), 1);
  char byte;
  CHECK_EQ(read(model.ends[1], &byte, 1), 1);
  CHECK_EQ(model.look(), 0);
}

TEST(what_is_so_when_it_is_added_is_told) {
  Model model;
  CHECK_EQ(write(model.ends[0], "a", 1), 1);
  model.change(model.ends[1], EVFILT_READ, EV_ADD | EV_CLEAR);
  CHECK_EQ(model.look(), 1);
}

TEST(the_two_filters_of_a_descriptor_are_two_events) {
  Model model;
  model.change(model.ends[1], EVFILT_READ, EV_ADD | EV_CLEAR);
  model.change(model.ends[1], EVFILT_WRITE, EV_ADD | EV_CLEAR);
  CHECK_EQ(write(model.ends[0], "a", 1), 1);
  REQUIRE(model.look() == 2);
  CHECK_EQ(model.events[0].filter + model.events[1].filter, EVFILT_READ + EVFILT_WRITE);
}

TEST(changes_are_made_before_the_look_of_the_same_call) {
  Model model;
  CHECK_EQ(write(model.ends[0], "a", 1), 1);
  struct kevent add;
  EV_SET(&add, model.ends[1], EVFILT_READ, EV_ADD | EV_CLEAR, 0, 0, &model);
  REQUIRE(kevent(model.queue, &add, 1, model.events, 8, &kAtOnce) == 1);
  CHECK(model.events[0].udata == &model);
}

TEST(ev_oneshot_tells_once_and_is_gone) {
  Model model;
  CHECK_EQ(write(model.ends[0], "a", 1), 1);
  model.change(model.ends[1], EVFILT_READ, EV_ADD | EV_ONESHOT);
  CHECK_EQ(model.look(), 1);
  CHECK_EQ(model.look(), 0);
  errno = 0;
  CHECK_EQ(model.change(model.ends[1], EVFILT_READ, EV_DELETE), -1);
  CHECK_EQ(errno, ENOENT);
}

TEST(ev_delete_takes_away_what_has_not_been_told) {
  Model model;
  model.change(model.ends[1], EVFILT_READ, EV_ADD | EV_CLEAR);
  CHECK_EQ(write(model.ends[0], "a", 1), 1);
  CHECK_EQ(model.change(model.ends[1], EVFILT_READ, EV_DELETE), 0);
  CHECK_EQ(model.look(), 0);
}

TEST(a_descriptor_that_is_closed_is_not_watched_any_more) {
  Model model;
  model.change(model.ends[1], EVFILT_READ, EV_ADD | EV_CLEAR);
  const int copy = dup(model.ends[1]);
  CHECK_EQ(write(model.ends[0], "a", 1), 1);
  model.close_end(1);
  CHECK_EQ(model.look(), 0);
  close(copy);
}

TEST(adding_again_changes_and_does_not_double) {
  Model model;
  model.change(model.ends[1], EVFILT_READ, EV_ADD | EV_CLEAR);
  model.change(model.ends[1], EVFILT_READ, EV_ADD | EV_CLEAR);
  CHECK_EQ(write(model.ends[0], "a", 1), 1);
  CHECK_EQ(model.look(), 1);
}

TEST(ev_eof_may_come_with_bytes_still_to_be_read) {
  Model model;
  model.change(model.ends[1], EVFILT_READ, EV_ADD | EV_CLEAR);
  CHECK_EQ(write(model.ends[0], "last", 4), 4);
  shutdown(model.ends[0], SHUT_WR);
  REQUIRE(model.look() == 1);
  CHECK((model.events[0].flags & EV_EOF) != 0);
  CHECK_EQ(model.events[0].data, 4);
}

TEST(a_refused_connect_is_a_write_event_with_ev_eof_and_no_error) {
  Model model;
  const int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof(address);
  // Bound and not listening: nobody else gets the port, and a connect is refused.
  CHECK_EQ(bind(listener, reinterpret_cast<sockaddr*>(&address), size), 0);
  getsockname(listener, reinterpret_cast<sockaddr*>(&address), &size);
  const int client = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  connect(client, reinterpret_cast<sockaddr*>(&address), size);
  model.change(client, EVFILT_WRITE, EV_ADD | EV_CLEAR);
  REQUIRE(model.look(nullptr) == 1);
  CHECK_EQ(model.events[0].filter, EVFILT_WRITE);
  CHECK((model.events[0].flags & EV_EOF) != 0);
  CHECK((model.events[0].flags & EV_ERROR) == 0);
  int error = 0;
  size = sizeof(error);
  getsockopt(client, SOL_SOCKET, SO_ERROR, &error, &size);
  CHECK_EQ(error, ECONNREFUSED);
  close(client);
  close(listener);
}

TEST(an_error_of_a_change_is_an_event_and_the_other_changes_are_made) {
  Model model;
  CHECK_EQ(write(model.ends[0], "a", 1), 1);
  struct kevent changes[2];
  EV_SET(&changes[0], 9999, EVFILT_READ, EV_ADD, 0, 0, nullptr);
  EV_SET(&changes[1], model.ends[1], EVFILT_READ, EV_ADD, 0, 0, nullptr);
  // Errors alone: the events that there are come with the next call.
  REQUIRE(kevent(model.queue, changes, 2, model.events, 8, nullptr) == 1);
  CHECK((model.events[0].flags & EV_ERROR) != 0);
  CHECK_EQ(model.events[0].data, EBADF);
  CHECK_EQ(model.events[0].ident, 9999u);
  CHECK_EQ(model.look(), 1);
}

TEST(an_error_without_room_to_tell_it_is_that_of_the_call) {
  Model model;
  errno = 0;
  CHECK_EQ(model.change(9999, EVFILT_READ, EV_ADD), -1);
  CHECK_EQ(errno, EBADF);
}

TEST(ev_receipt_answers_each_change_and_takes_no_event) {
  Model model;
  CHECK_EQ(write(model.ends[0], "a", 1), 1);
  struct kevent add;
  EV_SET(&add, model.ends[1], EVFILT_READ, EV_ADD | EV_CLEAR | EV_RECEIPT, 0, 0, nullptr);
  REQUIRE(kevent(model.queue, &add, 1, model.events, 8, nullptr) == 1);
  CHECK((model.events[0].flags & EV_ERROR) != 0);
  CHECK_EQ(model.events[0].data, 0);
  REQUIRE(model.look() == 1);
  CHECK_EQ(model.events[0].filter, EVFILT_READ);
}

TEST(a_user_event_is_triggered_from_any_thread_and_cleared_when_it_is_taken) {
  Model model;
  CHECK_EQ(model.change(0, EVFILT_USER, EV_ADD | EV_CLEAR), 0);
  CHECK_EQ(model.look(), 0);
  std::thread other([&] { CHECK_EQ(model.change(0, EVFILT_USER, 0, NOTE_TRIGGER), 0); });
  CHECK_EQ(model.look(nullptr), 1);
  other.join();
  CHECK_EQ(model.events[0].filter, EVFILT_USER);
  CHECK_EQ(model.look(), 0);
  model.change(0, EVFILT_USER, 0, NOTE_TRIGGER);
  model.change(0, EVFILT_USER, 0, NOTE_TRIGGER);
  CHECK_EQ(model.look(), 1);
}

TEST(a_timer_of_one_shot_comes_once_and_adding_it_again_starts_it_anew) {
  Model model;
  const unsigned short flags = EV_ADD | EV_ONESHOT;
  CHECK_EQ(model.change(0, EVFILT_TIMER, flags, NOTE_NSECONDS, 3'600'000'000'000), 0);
  CHECK_EQ(model.look(), 0);
  CHECK_EQ(model.change(0, EVFILT_TIMER, flags, NOTE_NSECONDS, 1), 0);
  REQUIRE(model.look(nullptr) == 1);
  CHECK_EQ(model.events[0].filter, EVFILT_TIMER);
  CHECK_EQ(model.look(), 0);
}

TEST(the_same_ident_in_two_filters_is_two_events) {
  Model model;
  model.change(0, EVFILT_USER, EV_ADD | EV_CLEAR);
  model.change(0, EVFILT_TIMER, EV_ADD | EV_ONESHOT, NOTE_NSECONDS, 3'600'000'000'000);
  CHECK_EQ(model.change(0, EVFILT_TIMER, EV_DELETE), 0);
  CHECK_EQ(model.change(0, EVFILT_USER, 0, NOTE_TRIGGER), 0);
  CHECK_EQ(model.look(), 1);
}

TEST(the_timeout_is_kept_in_nanoseconds) {
  Model model;
  const timespec wait{0, 2'000'000};
  timespec before;
  timespec after;
  clock_gettime(CLOCK_MONOTONIC, &before);
  CHECK_EQ(model.look(&wait), 0);
  clock_gettime(CLOCK_MONOTONIC, &after);
  const int64_t took_ns =
      (after.tv_sec - before.tv_sec) * 1'000'000'000 + after.tv_nsec - before.tv_nsec;
  CHECK(took_ns >= 2'000'000);
}

TEST(interrupted_by_a_signal_it_has_made_its_changes) {
  Model model;
  struct sigaction action {};
  struct sigaction before {};
  action.sa_handler = [](int) {};
  sigaction(SIGALRM, &action, &before);
  // Again and again: the first may come before the call.
  const itimerval often{{0, 1000}, {0, 1000}};
  setitimer(ITIMER_REAL, &often, nullptr);
  struct kevent add;
  EV_SET(&add, model.ends[1], EVFILT_READ, EV_ADD | EV_CLEAR, 0, 0, nullptr);
  errno = 0;
  CHECK_EQ(kevent(model.queue, &add, 1, model.events, 8, nullptr), -1);
  CHECK_EQ(errno, EINTR);
  const itimerval never{};
  setitimer(ITIMER_REAL, &never, nullptr);
  sigaction(SIGALRM, &before, nullptr);
  CHECK_EQ(write(model.ends[0], "a", 1), 1);
  CHECK_EQ(model.look(), 1);
}

TEST(the_end_of_a_process_is_told_once_with_its_status) {
  Model model;
  const pid_t child = fork();
  if (child == 0) _exit(7);
  CHECK_EQ(model.change(static_cast<uintptr_t>(child), EVFILT_PROC, EV_ADD | EV_ONESHOT, NOTE_EXIT),
           0);
  REQUIRE(model.look(nullptr) == 1);
  CHECK_EQ(model.events[0].ident, static_cast<uintptr_t>(child));
  CHECK_EQ(WEXITSTATUS(static_cast<int>(model.events[0].data)), 7);
  int status = 0;
  CHECK_EQ(waitpid(child, &status, 0), child);
  CHECK_EQ(WEXITSTATUS(status), 7);
  CHECK_EQ(model.look(), 0);
}

TEST(no_more_events_than_there_is_room_for_and_the_rest_later) {
  Model model;
  model.change(model.ends[0], EVFILT_WRITE, EV_ADD);
  model.change(model.ends[1], EVFILT_WRITE, EV_ADD);
  CHECK_EQ(kevent(model.queue, nullptr, 0, model.events, 1, &kAtOnce), 1);
  CHECK_EQ(model.look(), 2);
}

CHECK_MAIN()
