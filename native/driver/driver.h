// The driver contract: what the core asks of an operating system (or of a simulation of one).
//
// It is completion-shaped. The core starts an operation (`Op`) and later finds it in the list of
// completed ones, with a result. io_uring works like this by itself; epoll and kqueue imitate it
// through Readiness; Simulation simulates it.
//
// Rules, the same for every driver:
//  - An Op belongs to its caller. Between start() and completion (or a cancel() that returns true)
//    the driver may hold a pointer to it, and it must not move.
//  - kSend, kConnect, kReadable, kWritable and kPoll complete once. kAccept and kReceive go on
//  until they are
//    cancelled or complete with an error or an end; one is never in the completed list twice.
//  - start() may complete an operation at once, but need not: the caller is ready for both.
//  - Any number of operations may be under way, on one descriptor one of each direction.
//  - Results are bytes or 0, or a negative errno. EINTR never shows.
//  - Nothing is called back: wait() only fills the list, so user code cannot re-enter a driver.
//  - A driver is used by one thread; only wake() may be called from any.
#pragma once

#include <cerrno>
#include <cstdint>
#include <memory>
#include <vector>

#include <sys/socket.h>
#include <sys/uio.h>

#include "base/intrusive_queue.h"
#include "base/random.h"
#include "driver/clock.h"
#include "driver/network.h"
#include "os/datagrams.h"

namespace oxbow {

enum class OpKind : uint8_t { kAccept, kReceive, kReadable, kSend, kConnect, kPoll, kWritable };

struct Op {
  explicit Op(OpKind k) : kind(k) {}
  OpKind kind;
  bool started = false;    // the driver may hold it
  bool completed = false;  // it is in a completed list
  bool queued = false;     // the driver's own: in its list of things to try again
  int32_t result = 0;
  int descriptor = -1;
  uint32_t events = 0;      // kPoll: layout::kPollIn | kPollOut wanted; `result` has what is true
  uint8_t* data = nullptr;  // kReceive: where the bytes are
  void* owner = nullptr;    // the caller's own: whose operation this is
  Op* next = nullptr;       // the completed list
  Op* retry_next = nullptr;
};

using OpList = IntrusiveQueue<Op>;

// kSend: completes when at least one byte was taken. Vectors and bytes must stay where they are
// until then.
struct SendOp : Op {
  SendOp() : Op(OpKind::kSend) {}
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
  Address address;
};

// Where received bytes go. acquire() sets memory aside (`much`: as much as there is at once), or
// refuses (empty): then the driver keeps the operation and tries again at the next wait(). commit()
// says how much of it was filled; the rest may be given out again. Several may be set aside at
// once.
class ReceiveBuffers {
 public:
  struct Room {
    uint8_t* data;
    uint32_t size;
  };
  virtual Room acquire(bool much) = 0;
  virtual void commit(const Room& room, uint32_t bytes) = 0;

 protected:
  ~ReceiveBuffers() = default;
};

class Driver {
 public:
  static constexpr int64_t kNow = 0;                  // wait(): do not block
  static constexpr int64_t kForever = Clock::kNever;  // wait(): until something happens
  static constexpr int64_t kPollEveryNs = 10'000;

  virtual ~Driver() = default;
  virtual const char* name() const = 0;

  // 0, or the negative errno of what the system refused.
  virtual int open(ReceiveBuffers* buffers) = 0;

  virtual const Clock& clock() const = 0;
  virtual Network& network() = 0;
  int64_t now_ns() const { return clock().now_ns(); }

  // Starts an operation. True: it completed at once, its result stands in it, and it will not
  // be in a list. False: it will be.
  virtual bool start(Op* op) = 0;

  // True: the operation is the caller's again. False: it will complete with -ECANCELED.
  virtual bool cancel(Op* op) = 0;

  // Shortcuts past an operation, for a driver that has them; -EAGAIN where it has none, or where
  // nothing can be done now. The bytes are free when they return.
  // Sends what is taken at once.
  virtual int32_t try_send(int descriptor, iovec* vectors, int count) = 0;
  // Receives what is there into the caller's own memory; 0 at the end. kReadable completes when
  // this is worth a try, which every driver has.
  virtual int32_t try_receive(int descriptor, uint8_t* into, uint32_t size) = 0;

  // Sends from a file what is taken at once, of at most `count` bytes at `offset`; 0 at its end.
  // After -EAGAIN, kWritable completes when it is worth another try. -EOPNOTSUPP where the driver,
  // the descriptor or the file cannot do this.
  virtual int32_t try_send_file(int, int /*file*/, int64_t /*offset*/, uint32_t /*count*/) {
    return -EOPNOTSUPP;
  }

  // Takes in a stream of bytes that others have made: a pipe, a terminal, a file, a socket.
  // `traits` (layout::kDescriptor*) say what it is, in which directions it is used, and whether it
  // is shared. From then on kReceive, kReadable, kSend and the shortcuts go through it. On one that
  // is only written to, kReadable completes when nobody reads any more. The number to use it by,
  // which is another one if it is shared, or negative errno.
  virtual int adopt(int descriptor, uint32_t traits) = 0;
  // Datagrams (os/datagrams.h), after kReadable and kWritable have said that it is worth a try.
  virtual int try_receive_datagrams(int descriptor, DatagramBatch* batch) = 0;
  virtual int try_send_datagrams(int descriptor, const OutgoingDatagram* list, int count,
                                 SendRuns* runs) = 0;

  // Forgets the descriptor, whose operations have been cancelled, and closes it if it `owns` it.
  virtual void release(int descriptor, bool owns) = 0;

  // Adds what has completed to the list; blocks until something has, or until `deadline_ns` on
  // this driver's clock (kNow and kForever as above). Returns 0, or -EDEADLK where it can tell
  // that nothing could ever complete.
  virtual int wait(int64_t deadline_ns, OpList* completed) = 0;

  // Makes the next or current wait() return. From any thread; a burst costs one system call.
  virtual void wake() = 0;

  // For a host loop: a descriptor that becomes readable when wait() has something, at the latest
  // when the armed deadline is reached; kForever arms none. A host arms before each sleep, and a
  // driver may leave an earlier alarm as it is.
  virtual int poll_descriptor() const = 0;
  virtual void arm(int64_t deadline_ns) = 0;
  // Whether a turn would find something although the descriptor does not say so.
  virtual bool has_more() const { return false; }
  // Whether the clock advances in wait() only. A host that has nothing to do then calls wait()
  // with the next deadline instead of sleeping.
  virtual bool advances_in_wait() const { return false; }
  // When such a clock has something of the driver's own next, whatever the deadline; kForever for
  // never. A host waits until then at the latest.
  virtual int64_t next_arrival_ns() const { return kForever; }
  // Whether only a new operation could make a wait() without a deadline return.
  virtual bool waits_in_vain() const { return false; }

  // While there is always something ready, the driver is asked no more often than this: an empty
  // poll costs more than a whole turn of a coroutine, and an event that waits so long is not late.
  virtual int64_t poll_every_ns() const { return kPollEveryNs; }

  // What decides the order of what happens at one moment; null for the order in which it came.
  virtual Random* random() { return nullptr; }

  // A thread will wake() us: +1 when it starts to work, -1 when its answer was taken. A clock that
  // advances in wait() stands still meanwhile.
  virtual void expect_wake(int) {}
  // A thread may wake() us: +1, -1. Such a clock goes on, but to wait without a deadline is right.
  virtual void allow_wake(int) {}
};

}  // namespace oxbow
