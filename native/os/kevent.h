// The calls of kqueue under one name for all systems. macOS also has kevent64(), with a flag for
// polling without a wait that costs 160 ns; an empty kevent() with a zero timeout costs 11 us or
// more.
#pragma once

#include <cstdint>

#include <sys/event.h>
#include <sys/time.h>

namespace oxbow::kernel {

#if defined(__APPLE__)

using Event = struct kevent64_s;
// NOTE_CRITICAL: the system does not delay the timer to save energy.
constexpr uint32_t kTimerFlags = NOTE_NSECONDS | NOTE_CRITICAL;

inline Event make_event(uint64_t ident, int16_t filter, uint16_t flags, uint32_t notes,
                        int64_t data, uintptr_t tag) {
  return {ident, filter, flags, notes, data, tag, {0, 0}};
}

inline int queue_events(int queue, const Event* changes, int change_count, Event* events,
                        int event_count, const timespec* timeout) {
  const bool now = timeout != nullptr && timeout->tv_sec == 0 && timeout->tv_nsec == 0;
  return ::kevent64(queue, changes, change_count, events, event_count,
                    now ? KEVENT_FLAG_IMMEDIATE : 0, now ? nullptr : timeout);
}

inline uintptr_t tag_of(const Event& event) { return static_cast<uintptr_t>(event.udata); }

#else

using Event = struct kevent;
constexpr uint32_t kTimerFlags = NOTE_NSECONDS;

inline Event make_event(uint64_t ident, int16_t filter, uint16_t flags, uint32_t notes,
                        int64_t data, uintptr_t tag) {
  Event event{};
  // A number stored as a pointer that is never dereferenced.
  // NOLINTNEXTLINE(performance-no-int-to-ptr)
  void* const tagged = reinterpret_cast<void*>(tag);
  EV_SET(&event, static_cast<uintptr_t>(ident), filter, flags, notes, data, tagged);
  return event;
}

inline int queue_events(int queue, const Event* changes, int change_count, Event* events,
                        int event_count, const timespec* timeout) {
  return ::kevent(queue, changes, change_count, events, event_count, timeout);
}

inline uintptr_t tag_of(const Event& event) { return reinterpret_cast<uintptr_t>(event.udata); }

#endif

}  // namespace oxbow::kernel
