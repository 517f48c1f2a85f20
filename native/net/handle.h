// What a handle number stands for: a listener, a connection or a watched descriptor. The engine
// owns handles and tells JavaScript of their events.
#pragma once

#include <cstdint>

namespace oxbow {

enum class HandleKind : uint8_t { kListener, kConnection, kWatcher };

// Events that are told once, in this order, as soon as the completion ring has room. Data is not
// among them: it is told when it is reaped, and so always before the end.
enum HandleEvent : uint16_t {
  kEventConnect = 1 << 0,
  kEventReadable = 1 << 1,
  kEventEnd = 1 << 2,
  kEventRefused = 1 << 3,     // by the reader
  kEventFailed = 1 << 4,
  kEventDrain = 1 << 5,
  kEventPoll = 1 << 6,
  kEventClosed = 1 << 7,
};

// The index of a handle whose number has been given back.
constexpr uint32_t kNoHandle = UINT32_MAX;

struct Handle {
  Handle(HandleKind k, int d) : kind(k), descriptor(d) {}

  HandleKind kind;
  bool listed = false;       // in the list of handles with events to tell
  uint16_t events = 0;
  uint32_t index = 0;
  uint32_t generation = 0;
  int descriptor;
  int32_t connect_result = 0;
  int32_t failure = 0;       // result of kEventFailed and kEventPoll
  Handle* next_listed = nullptr;
};

}  // namespace oxbow
