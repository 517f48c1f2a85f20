// Descriptors that others have made, through the driver: pipes, terminals, files, devices, sockets.
#include <array>
#include <csignal>
#include <cstdlib>
#include <functional>

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

#include "check.h"
#include "driver_harness.h"
#include "ring/layout.h"

using namespace oxbow;
using test::DriverUnderTest;
using test::Sending;

namespace {

constexpr uint32_t kIn = layout::kDescriptorReadable;
constexpr uint32_t kOut = layout::kDescriptorWritable;
constexpr uint32_t kShared = layout::kDescriptorShared;

struct Under : DriverUnderTest {
  explicit Under(uint32_t buffer_bytes = 4096) : DriverUnderTest("auto", buffer_bytes) {}

  // With what examine() says of it, in these directions.
  int adopt(int descriptor, uint32_t use) {
    const int traits = driver->network().examine(descriptor);
    if (traits < 0) return traits;
    return driver->adopt(descriptor,
                         (static_cast<uint32_t>(traits) & layout::kDescriptorKind) | use);
  }
};

uint32_t kind_of(Under& test, int descriptor) {
  return static_cast<uint32_t>(test.driver->network().examine(descriptor)) &
         layout::kDescriptorKind;
}

bool is_blocking(int descriptor) { return (fcntl(descriptor, F_GETFL) & O_NONBLOCK) == 0; }

struct Pipe {
  Pipe() { CHECK_EQ(pipe(ends), 0); }
  ~Pipe() {
    for (const int end : ends) {
      if (end >= 0) ::close(end);
    }
  }
  // The end is somebody else's from now on.
  int take(int which) {
    const int end = ends[which];
    ends[which] = -1;
    return end;
  }
  void close(int which) { ::close(take(which)); }
  int ends[2];
};

// A terminal without a screen: what is written to `screen` was typed.
struct Terminal {
  Terminal() {
    screen = posix_openpt(O_RDWR | O_NOCTTY);
    CHECK(screen >= 0);
    CHECK_EQ(grantpt(screen) + unlockpt(screen), 0);
    keyboard = ::open(ptsname(screen), O_RDWR | O_NOCTTY);
    CHECK(keyboard >= 0);
    termios modes;
    CHECK_EQ(tcgetattr(keyboard, &modes), 0);
    modes.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    modes.c_oflag &= ~static_cast<tcflag_t>(OPOST);
    CHECK_EQ(tcsetattr(keyboard, TCSANOW, &modes), 0);
  }
  ~Terminal() {
    for (const int each : {screen, keyboard}) {
      if (each >= 0) ::close(each);
    }
  }
  int screen;
  int keyboard;
};

void type(int descriptor, const std::string& text) {
  CHECK_EQ(::write(descriptor, text.data(), text.size()), static_cast<ssize_t>(text.size()));
}

}  // namespace

TEST(what_a_descriptor_is_can_be_asked) {
  Under test;
  Pipe pipe;
  Terminal terminal;
  int sockets[2];
  CHECK_EQ(socketpair(AF_UNIX, SOCK_STREAM, 0, sockets), 0);
  char path[] = "/tmp/oxbow-channel-XXXXXX";
  const int file = mkstemp(path);
  unlink(path);
  const int null = ::open("/dev/null", O_WRONLY);
  const int folder = ::open("/", O_RDONLY);
  const int datagrams = socket(AF_UNIX, SOCK_DGRAM, 0);
  CHECK_EQ(kind_of(test, pipe.ends[0]), layout::kDescriptorPipe);
  CHECK_EQ(test.driver->network().examine(pipe.ends[0]),
           static_cast<int>(layout::kDescriptorPipe | kIn));
  CHECK_EQ(test.driver->network().examine(pipe.ends[1]),
           static_cast<int>(layout::kDescriptorPipe | kOut));
  CHECK_EQ(kind_of(test, terminal.keyboard), layout::kDescriptorTerminal);
  CHECK_EQ(kind_of(test, sockets[0]), layout::kDescriptorSocket);
  CHECK_EQ(kind_of(test, file), layout::kDescriptorFile);
  CHECK_EQ(kind_of(test, null), layout::kDescriptorDevice);
  CHECK_EQ(kind_of(test, folder), layout::kDescriptorOther);
  CHECK_EQ(kind_of(test, datagrams), layout::kDescriptorOther);
  CHECK_EQ(test.driver->network().examine(999'999), -EBADF);
  for (const int each : {sockets[0], sockets[1], file, null, folder, datagrams}) ::close(each);
}

TEST(a_pipe_is_read_to_its_end) {
  Under test(4);
  Pipe pipe;
  Op receive(OpKind::kReceive);
  receive.descriptor = test.adopt(pipe.take(0), kIn);
  CHECK(!is_blocking(receive.descriptor));
  CHECK(!test.driver->start(&receive));
  type(pipe.ends[1], "more than fits a buffer");
  pipe.close(1);
  int32_t last = -1;
  CHECK_EQ(test.receive_all(&receive, &last), std::string("more than fits a buffer"));
  CHECK_EQ(last, 0);
  test.release(receive.descriptor);
}

#if defined(F_SETPIPE_SZ)
TEST(a_pipe_that_was_found_full_is_made_larger) {
  Under test(1 << 16);
  Pipe pipe;
  Pipe allowed;
  const int usual = fcntl(pipe.ends[1], F_GETPIPE_SZ);
  // All pipes of a user share a limit.
  const bool may = fcntl(allowed.ends[0], F_SETPIPE_SZ, 4 * usual) > 0;
  Op receive(OpKind::kReceive);
  receive.descriptor = test.adopt(pipe.take(0), kIn);
  CHECK(!test.driver->start(&receive));
  const auto put = [&](size_t size) {
    type(pipe.ends[1], std::string(size, 'x'));
    CHECK_EQ(test.finish(&receive), static_cast<int32_t>(size));
  };
  put(static_cast<size_t>(usual) - 1);
  CHECK_EQ(fcntl(pipe.ends[1], F_GETPIPE_SZ), usual);
  put(static_cast<size_t>(usual));
  CHECK_EQ(fcntl(pipe.ends[1], F_GETPIPE_SZ), may ? 4 * usual : usual);
  test.driver->cancel(&receive);
  test.release(receive.descriptor);
}
#endif

TEST(a_pipe_takes_what_fits_and_goes_on_when_it_is_read) {
  Under test;
  Pipe pipe;
  fcntl(pipe.ends[0], F_SETFL, O_NONBLOCK);
  const int writer = test.adopt(pipe.take(1), kOut);
  const std::string much(1 << 20, 'x');
  iovec vector{const_cast<char*>(much.data()), much.size()};
  int32_t taken = 0;
  uint64_t sent = 0;
  while ((taken = test.driver->try_send(writer, &vector, 1)) > 0)
    sent += static_cast<uint64_t>(taken);
  CHECK_EQ(taken, -EAGAIN);
  Sending rest(writer, "the rest");
  CHECK(!test.driver->start(&rest));
  CHECK(test.wait(Driver::kNow).empty());
  std::array<char, 4096> bytes;
  uint64_t got = 0;
  while (got < sent) {
    const ssize_t size = ::read(pipe.ends[0], bytes.data(), bytes.size());
    CHECK(size > 0);
    if (size <= 0) break;
    got += static_cast<uint64_t>(size);
  }
  CHECK_EQ(test.finish(&rest), 8);
  CHECK_EQ(::read(pipe.ends[0], bytes.data(), bytes.size()), 8);
  test.release(writer);
}

TEST(a_writer_is_told_when_nobody_reads_any_more_and_no_signal_comes) {
  signal(SIGPIPE, SIG_DFL);
  Under test;
  Pipe pipe;
  Op gone(OpKind::kReadable);
  gone.descriptor = test.adopt(pipe.take(1), kOut);
  CHECK(!test.driver->start(&gone));
  CHECK(test.wait(Driver::kNow).empty());
  pipe.close(0);
  CHECK_EQ(test.finish(&gone), 0);
  Sending late(gone.descriptor, "late");
  CHECK(test.driver->start(&late));
  CHECK_EQ(late.result, -EPIPE);
  test.release(gone.descriptor);
}

TEST(a_writer_is_told_too_when_nobody_has_read_from_the_start) {
  Under test;
  Pipe pipe;
  pipe.close(0);
  Op gone(OpKind::kReadable);
  gone.descriptor = test.adopt(pipe.take(1), kOut);
  CHECK(!test.driver->start(&gone));
  CHECK_EQ(test.finish(&gone), 0);
  test.release(gone.descriptor);
}

TEST(a_shared_pipe_keeps_its_flags_and_stays_open) {
  Under test;
  Pipe pipe;
  type(pipe.ends[1], "before ");
  Op receive(OpKind::kReceive);
  receive.descriptor = test.adopt(pipe.ends[0], kIn | kShared);
  const int writer = test.adopt(pipe.ends[1], kOut | kShared);
  CHECK(receive.descriptor != pipe.ends[0] && writer != pipe.ends[1]);
  CHECK(!test.driver->start(&receive));
  Sending sending(writer, "after");
  CHECK(test.driver->start(&sending));
  CHECK(is_blocking(pipe.ends[0]) && is_blocking(pipe.ends[1]));
  test.release(writer);
  pipe.close(1);
  CHECK_EQ(test.receive_all(&receive), std::string("before after"));
  test.release(receive.descriptor);
  CHECK(fcntl(pipe.ends[0], F_GETFD) >= 0);
}

TEST(a_shared_writer_is_not_told_of_an_end_that_has_not_come) {
  Under test;
  Pipe pipe;
  Op gone(OpKind::kReadable);
  gone.descriptor = test.adopt(pipe.ends[1], kOut | kShared);
  CHECK(!test.driver->start(&gone));
  CHECK(test.wait(Driver::kNow).empty());
  pipe.close(0);
  CHECK_EQ(test.finish(&gone), 0);
  test.release(gone.descriptor);
}

TEST(the_end_of_a_shared_pipe_that_came_before_is_told) {
  Under test;
  Pipe pipe;
  pipe.close(1);
  Op receive(OpKind::kReceive);
  receive.descriptor = test.adopt(pipe.ends[0], kIn | kShared);
  test.driver->start(&receive);
  CHECK_EQ(test.finish(&receive), 0);
  test.release(receive.descriptor);
}

TEST(a_terminal_gives_its_lines_and_does_not_become_non_blocking) {
  Under test;
  Terminal terminal;
  const int other = dup(terminal.keyboard);
  Op receive(OpKind::kReceive);
  receive.descriptor = test.adopt(terminal.keyboard, kIn | kOut);
  CHECK_EQ(receive.descriptor, terminal.keyboard);
  CHECK(is_blocking(other));
  CHECK(!test.driver->start(&receive));
  // Lines that are typed at once are read one by one.
  type(terminal.screen, "one\ntwo\nthree\n");
  std::string lines;
  while (lines.size() < 14) {
    for (const auto& done : test.wait()) lines += done.bytes;
  }
  CHECK_EQ(lines, std::string("one\ntwo\nthree\n"));
  Sending sending(receive.descriptor, "shown");
  CHECK(test.driver->start(&sending));
  char shown[16];
  CHECK_EQ(::read(terminal.screen, shown, sizeof(shown)), 5);
  CHECK(is_blocking(other));
  CHECK(test.driver->cancel(&receive));
  test.release(receive.descriptor);
  terminal.keyboard = other;
}

TEST(a_terminal_that_is_shared_stays_open_and_blocking) {
  Under test;
  Terminal terminal;
  Op receive(OpKind::kReceive);
  receive.descriptor = test.adopt(terminal.keyboard, kIn | kShared);
  CHECK(receive.descriptor != terminal.keyboard);
  CHECK(!test.driver->start(&receive));
  type(terminal.screen, "typed\n");
  std::string line;
  while (line.size() < 6) {
    for (const auto& done : test.wait()) line += done.bytes;
  }
  CHECK_EQ(line, std::string("typed\n"));
  CHECK(test.wait(Driver::kNow).empty());
  CHECK(is_blocking(terminal.keyboard));
  CHECK(test.driver->cancel(&receive));
  test.release(receive.descriptor);
  CHECK(is_blocking(terminal.keyboard));
}

// It cannot be opened again: that would be another terminal.
TEST(the_screens_side_is_used_as_it_is_and_its_end_is_an_end) {
  Under test;
  Terminal terminal;
  Op receive(OpKind::kReceive);
  receive.descriptor = test.adopt(terminal.screen, kIn | kShared);
  terminal.screen = -1;
  CHECK(!test.driver->start(&receive));
  CHECK(test.wait(Driver::kNow).empty());
  type(terminal.keyboard, "shown");
  ::close(terminal.keyboard);
  terminal.keyboard = -1;
  int32_t last = -1;
  CHECK_EQ(test.receive_all(&receive, &last), std::string("shown"));
  CHECK_EQ(last, 0);
  test.release(receive.descriptor);
}

TEST(a_file_is_read_to_its_end_and_written) {
  Under test(4);
  char path[] = "/tmp/oxbow-channel-XXXXXX";
  const int file = mkstemp(path);
  unlink(path);
  const int writer = test.adopt(file, kOut | kShared);
  for (const char* text : {"a line\n", "another\n"}) {
    Sending sending(writer, text);
    CHECK(test.driver->start(&sending));
    CHECK_EQ(sending.result, static_cast<int32_t>(std::string(text).size()));
  }
  test.release(writer);
  lseek(file, 0, SEEK_SET);
  Op receive(OpKind::kReceive);
  receive.descriptor = test.adopt(file, kIn);
  CHECK(!test.driver->start(&receive));
  int32_t last = -1;
  CHECK_EQ(test.receive_all(&receive, &last), std::string("a line\nanother\n"));
  CHECK_EQ(last, 0);
  test.release(receive.descriptor);
}

TEST(a_device_that_cannot_be_waited_for_is_always_ready) {
  Under test;
  Op receive(OpKind::kReceive);
  receive.descriptor = test.adopt(::open("/dev/null", O_RDWR), kIn | kOut);
  CHECK(!test.driver->start(&receive));
  CHECK_EQ(test.finish(&receive), 0);
  Sending sending(receive.descriptor, "gone");
  CHECK(test.driver->start(&sending));
  CHECK_EQ(sending.result, 4);
  test.release(receive.descriptor);
}

TEST(a_socket_that_blocks_is_used_without_blocking) {
  Under test;
  int ends[2];
  CHECK_EQ(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
  Op receive(OpKind::kReceive);
  receive.descriptor = test.adopt(ends[0], kIn | kOut | kShared);
  CHECK(is_blocking(ends[0]));
  CHECK(!test.driver->start(&receive));
  CHECK(test.wait(Driver::kNow).empty());
  type(ends[1], "text");
  ::close(ends[1]);
  CHECK_EQ(test.receive_all(&receive), std::string("text"));
  Sending late(receive.descriptor, "late");
  CHECK(test.driver->start(&late));
  CHECK_EQ(late.result, -EPIPE);
  test.release(receive.descriptor);
  ::close(ends[0]);
}

TEST(virtual_time_takes_nothing_in) {
  DriverUnderTest test("virtual");
  Pipe pipe;
  CHECK_EQ(test.driver->adopt(pipe.ends[0], layout::kDescriptorPipe | kIn), -EOPNOTSUPP);
}

CHECK_MAIN()
