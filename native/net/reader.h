// Interprets the bytes that a stream receives: a reader takes them and reports what they mean (an
// HTTP message, a WebSocket frame). A stream without one reports the bytes unchanged.
//
// A reader only writes completions and never calls JavaScript. It may have to stop in the middle,
// because JavaScript pauses or there is no room for more completions; then it keeps the remaining
// bytes and continues when it is resumed.
#pragma once

#include <cstdint>
#include <memory>

#include "net/handle_host.h"
#include "ring/entries.h"

namespace oxbow {

class Stream;

class Reader {
 public:
  virtual ~Reader() = default;

  // Received bytes. They are valid until this returns.
  virtual void take(const uint8_t* data, uint32_t size) = 0;
  // The peer has closed its side, after all received bytes. This is reported once they have been.
  virtual void end() = 0;
  // Continues with the bytes that it kept.
  virtual void resume() = 0;
  // JavaScript has resumed reading: what was kept is to be reported, in a later turn.
  virtual void reading_again() = 0;
  // Whether the end was received, so that nothing more will follow.
  virtual bool ended() const = 0;
  // How many bytes may be received past it, directly into JavaScript's memory, because it would
  // report them unchanged anyway. 0 for none, and as long as it holds bytes itself.
  virtual uint64_t direct_left() const { return 0; }
  // `size` of those bytes were received. When they were the last ones the reader does not report
  // their end: JavaScript counts them too.
  virtual void received(uint32_t size) { static_cast<void>(size); }
  // Whether everything received has been reported.
  virtual bool quiet() const = 0;
  // A submission that only this kind of reader understands.
  virtual void control(const Submission& entry) = 0;
  // Fills in the completion of kEventRefused: why the bytes were refused.
  virtual void tell_refusal(Completion* completion) const = 0;
  // Another reader replaces it: passes on the bytes that were received and not reported.
  virtual void hand_over(Reader* next) { static_cast<void>(next); }
  // The bytes that the previous reader passes on. `at_end`: the peer has closed its side after
  // them.
  virtual void inherit(const uint8_t* data, uint32_t size, bool at_end) {
    static_cast<void>(data);
    static_cast<void>(size);
    static_cast<void>(at_end);
  }
};

// Makes the readers of a listener's streams, or of one client's.
class ReaderMaker {
 public:
  virtual ~ReaderMaker() = default;
  virtual std::unique_ptr<Reader> make(Stream* stream, HandleHost* host) const = 0;
};

}  // namespace oxbow
