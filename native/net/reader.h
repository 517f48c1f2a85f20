// What a stream does with the bytes that it receives, where they are not reported as they are: a
// reader takes them and reports what they mean (an HTTP message, a frame of a WebSocket).
//
// A reader writes completions only, as everything in a turn does. It may be stopped in the middle,
// because JavaScript pauses or there is no room to tell more; then it keeps what it was given, and
// goes on when it is resumed.
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

  // Bytes came. They stay where they are until this returns.
  virtual void take(const uint8_t* data, uint32_t size) = 0;
  // The peer has ended its side, behind all bytes. What that means is reported once they have been.
  virtual void end() = 0;
  // Goes on with what was kept.
  virtual void resume() = 0;
  // JavaScript reads again: what was kept is to be reported, in a turn.
  virtual void reading_again() = 0;
  // Whether the end has come: there is nothing more to receive.
  virtual bool ended() const = 0;
  // Bytes that may be received past it, into memory that JavaScript gives: they are what it would
  // tell as they are, whatever they may be. 0 for none; and so as long as it keeps something.
  virtual uint64_t direct_left() const { return 0; }
  // So many of them were. Of the last ones the counter of them knows what it means: that is
  // not told.
  virtual void received(uint32_t size) { static_cast<void>(size); }
  // Whether everything that came has been reported.
  virtual bool quiet() const = 0;
  // A submission that only this kind of reader understands.
  virtual void control(const Submission& entry) = 0;
  // Completes a completion of kEventRefused: what was wrong with the bytes.
  virtual void tell_refusal(Completion* completion) const = 0;
  // Another reader takes its place, and gets what came and was not told.
  virtual void hand_over(Reader* next) { static_cast<void>(next); }
  // What the one before it has left. `at_end`: the peer has ended its side behind it.
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
