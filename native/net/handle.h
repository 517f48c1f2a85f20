// The object behind a handle number: a stream, a listener, a datagram socket, a watched descriptor
// or a child process. The engine owns handles, passes them submissions of JavaScript and
// completions of the driver, and reports their events to JavaScript; what these mean is up to the
// handle.
#pragma once

#include <cstdint>

#include "net/handle_host.h"
#include "ring/entries.h"

namespace oxbow {

// Lets calls that apply to only one kind check it.
enum class HandleKind : uint8_t { kListener, kStream, kWatcher, kChild, kDatagrams };

// Events that are reported once, in this order, as soon as the completion ring has room. Data is
// not among them: it is reported when it is reaped, and therefore always before the end.
enum HandleEvent : uint16_t {
  kEventConnect = 1 << 0,
  kEventReadable = 1 << 1,
  kEventEnd = 1 << 2,
  kEventRefused = 1 << 3,  // by the reader
  kEventFailed = 1 << 4,
  kEventDrain = 1 << 5,
  kEventPoll = 1 << 6,
  kEventClosed = 1 << 7,
  kEventLayer = 1 << 8,  // its layer waits for JavaScript
  kEventExited = 1 << 9,
};

// The index of a handle whose number has been released.
constexpr uint32_t kNoHandle = UINT32_MAX;

class Handle {
 public:
  Handle(HandleKind k, HandleHost* h, int d) : kind(k), descriptor(d), host(h) {}
  // Everything it had open must have been closed before, with abort().
  virtual ~Handle() = default;
  Handle(const Handle&) = delete;
  Handle& operator=(const Handle&) = delete;

  // Handles a submission addressed to it.
  virtual void take(const Submission& entry) = 0;
  // Sends what was collected in this submit; called after HandleHost::flush_later().
  virtual void flush() {}
  // Handles a completed operation. False: there was no room for all its completions; reap() is
  // called again with the same operation.
  virtual bool reap(Op* op) = 0;
  // Continues with what was deferred; called after HandleHost::resume_later().
  virtual void resume() {}
  // Fills in the completion of an event.
  virtual void report(HandleEvent event, Completion* completion) const {
    if (event == kEventConnect)
      completion->result = connect_result;
    else if (event != kEventClosed)
      completion->result = failure;
  }
  // Bytes that are queued to be sent.
  virtual uint64_t unsent() const { return 0; }
  // Whether one of its operations is still in a list of completed ones.
  virtual bool in_use() const = 0;
  // Drops unsent data and closes. Calling it again does nothing.
  virtual void abort() = 0;
  // As abort(), but leaves the descriptor open: it has another owner by now.
  virtual void abandon() = 0;

  const HandleKind kind;
  bool listed = false;   // in the engine's list of handles with events to report
  bool dirty = false;    // in the engine's list of handles to flush
  bool resumes = false;  // in the engine's list of handles to resume
  uint16_t events = 0;
  uint32_t index = 0;
  uint32_t generation = 0;
  int descriptor;
  int32_t connect_result = 0;
  int32_t failure = 0;  // result of kEventFailed and kEventPoll
  Handle* next_listed = nullptr;

 protected:
  HandleHost* const host;
};

}  // namespace oxbow
