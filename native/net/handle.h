// What a handle number stands for: a stream, a listener, a socket for datagrams, a watched
// descriptor. The engine owns
// handles, gives them what JavaScript submits and what the driver completes, and tells JavaScript
// of their events; what that means to a handle only the handle knows.
#pragma once

#include <cstdint>

#include "net/handle_host.h"
#include "ring/entries.h"

namespace oxbow {

// For the calls that are for one kind only.
enum class HandleKind : uint8_t { kListener, kStream, kWatcher, kChild, kDatagrams };

// Events that are reported once, in this order, as soon as the completion ring has room. Data is
// not among them: it is reported when it is reaped, and so always before the end.
enum HandleEvent : uint16_t {
  kEventConnect = 1 << 0,
  kEventReadable = 1 << 1,
  kEventEnd = 1 << 2,
  kEventRefused = 1 << 3,  // by the reader
  kEventFailed = 1 << 4,
  kEventDrain = 1 << 5,
  kEventPoll = 1 << 6,
  kEventClosed = 1 << 7,
  kEventLayer = 1 << 8,  // its layer has a question
  kEventExited = 1 << 9,
};

// The index of a handle whose number has been given back.
constexpr uint32_t kNoHandle = UINT32_MAX;

class Handle {
 public:
  Handle(HandleKind k, HandleHost* h, int d) : kind(k), descriptor(d), host(h) {}
  // What it has open was closed before, with abort().
  virtual ~Handle() = default;
  Handle(const Handle&) = delete;
  Handle& operator=(const Handle&) = delete;

  // A submission for it.
  virtual void take(const Submission& entry) = 0;
  // Sends what was collected in this submit; after HandleHost::flush_later().
  virtual void flush() {}
  // One of its operations has completed. False: there was no room for all completions, and
  // it is asked again with the same operation.
  virtual bool reap(Op* op) = 0;
  // Goes on with what was kept; after HandleHost::resume_later().
  virtual void resume() {}
  // Completes the completion of an event.
  virtual void report(HandleEvent event, Completion* completion) const {
    if (event == kEventConnect)
      completion->result = connect_result;
    else if (event != kEventClosed)
      completion->result = failure;
  }
  // Bytes that wait to be sent.
  virtual uint64_t unsent() const { return 0; }
  // Whether an operation of it is still in a list of completed ones.
  virtual bool in_use() const = 0;
  // Drops what is unsent and closes. Once more, it does nothing.
  virtual void abort() = 0;
  // The same, but the descriptor has another owner by now.
  virtual void abandon() = 0;

  const HandleKind kind;
  bool listed = false;   // in the engine's list of handles with events to tell
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
