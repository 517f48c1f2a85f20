// The driver contract: what the core asks of an operating system (or of a simulation of one).
//
// It is completion-shaped. The core starts an operation (`Op`) and later finds it in the list of
// completed ones, with a result; it never hears of readiness. io_uring works like this by itself;
// epoll and kqueue imitate it through Readiness; VirtualDriver simulates it.
//
// Rules, the same for every driver:
//  - An Op belongs to its caller. Between start() and completion (or a cancel() that returns true)
//    the driver may hold a pointer to it, and it must not move.
//  - kSend, kConnect and kPoll complete once. kAccept and kReceive go on until they are cancelled
//    or complete with an error or an end; one is never in the completed list twice.
//  - Results are bytes or 0, or a negative errno. EINTR never shows.
//  - Nothing is called back: wait() only fills the list, so user code cannot re-enter a driver.
//  - A driver is used by one thread; only wake() may be called from any.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include <sys/socket.h>
#include <sys/uio.h>

#include "base/intrusive_queue.h"

namespace oxbow {

enum class OpKind : uint8_t { kAccept, kReceive, kReadable, kSend, kConnect, kPoll };

struct Op {
  explicit Op(OpKind k) : kind(k) {}
  OpKind kind;
  bool started = false;    // the driver may hold it
  bool completed = false;  // it is in a completed list
  bool queued = false;     // the driver's own: in its list of things to try again
  int32_t result = 0;
  int descriptor = -1;
  uint32_t events = 0;     // kPoll: layout::kPollIn | kPollOut wanted
  uint8_t* data = nullptr; // kReceive: where the bytes are
  void* owner = nullptr;   // the caller's own: whose operation this is
  Op* next = nullptr;      // the completed list
  Op* retry_next = nullptr;
};

using OpList = IntrusiveQueue<Op>;

// kSend, in two ways. Not patient: tried and completed during start(), with -EAGAIN if nothing
// could be taken; the bytes are free afterwards. Patient: waits until something is taken, and
// vectors and bytes must stay where they are until it completes.
struct SendOp : Op {
  SendOp() : Op(OpKind::kSend) {}
  bool patient = false;
  iovec* vectors = nullptr;
  int vector_count = 0;
};

// kAccept. Descriptors pile up in `accepted`; `result` is 0, or why accepting stopped.
struct AcceptOp : Op {
  AcceptOp() : Op(OpKind::kAccept) {}
  std::vector<int> accepted;
};

// kConnect. The address is read during start().
struct ConnectOp : Op {
  ConnectOp() : Op(OpKind::kConnect) {}
  const sockaddr* address = nullptr;
  socklen_t address_length = 0;
};

// Where received bytes go. acquire() may refuse (empty): the driver keeps the operation and tries
// again at the next wait().
class ReceiveBuffers {
 public:
  struct Room {
    uint8_t* data;
    uint32_t size;
  };
  virtual Room acquire() = 0;
  virtual void commit(uint32_t bytes) = 0;

 protected:
  ~ReceiveBuffers() = default;
};

class Driver {
 public:
  static constexpr int64_t kNow = 0;              // wait(): do not block
  static constexpr int64_t kForever = INT64_MAX;  // wait(): until something happens

  virtual ~Driver() = default;
  virtual const char* name() const = 0;

  // 0, or the negative errno of what the system refused.
  virtual int open(ReceiveBuffers* buffers) = 0;

  // Nanoseconds of this driver's monotonic clock.
  virtual int64_t now_ns() const = 0;

  // Starts an operation. True: it completed at once, its result stands in it, and it will not
  // be in a list. False: it will be.
  virtual bool start(Op* op) = 0;

  // True: the operation is the caller's again. False: it will complete with -ECANCELED.
  virtual bool cancel(Op* op) = 0;

  // Reads at once into the caller's memory, after kReadable: bytes, 0 at the end, or -EAGAIN.
  virtual int32_t receive(int descriptor, uint8_t* into, uint32_t size) = 0;

  // Whether a read would find bytes, the end or an error right now, announced or not.
  virtual bool has_input(int descriptor) = 0;

  // Ends the sending direction: the peer reads the end after what was sent. 0 or negative errno.
  virtual int shutdown(int descriptor) = 0;

  // Forgets the descriptor, whose operations have been cancelled, and closes it if it `owns` it.
  virtual void release(int descriptor, bool owns) = 0;

  // Both ends of a connection in memory (virtual) or of a socket pair. 0 or negative errno.
  virtual int pair(int ends[2]) = 0;

  // Adds what has completed to the list; blocks until something has, or until `deadline_ns` on
  // this driver's clock (kNow and kForever as above). Returns 0, or -EDEADLK where it can tell
  // that nothing could ever complete.
  virtual int wait(int64_t deadline_ns, OpList* completed) = 0;

  // Makes the next or current wait() return. From any thread; a burst costs one system call.
  virtual void wake() = 0;

  // For a host loop: a descriptor that becomes readable when wait() has something, at the latest
  // when the armed deadline is reached (kForever disarms). A driver whose time does not
  // pass by itself says so: its host must call wait() with a deadline to make it pass.
  virtual int poll_descriptor() const = 0;
  virtual void arm(int64_t deadline_ns) = 0;
  // Whether a turn would find something although the descriptor does not say so.
  virtual bool has_more() const { return false; }
  virtual bool time_is_virtual() const { return false; }

  // A thread will wake() us: +1 when it starts to work, -1 when its answer was taken. Virtual time
  // stands still meanwhile.
  virtual void expect_wake(int) {}
  // Whether one will. A host then lets its own loop sleep until it comes.
  virtual bool expects_wake() const { return false; }
  // A thread may wake() us: +1, -1. Virtual time goes on, but to wait without a deadline is right.
  virtual void allow_wake(int) {}
};

}  // namespace oxbow
