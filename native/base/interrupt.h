// Ctrl-C while a loop owns the thread. Node hears of signals in its own loop only, which does not
// turn then; so they are listened to here, and the turn tells of them.
#pragma once

namespace oxbow {

// Listens for SIGINT. Signals belong to the process, so one at a time may listen: the loop that
// owns the main thread.
class InterruptWatch {
 public:
  // Called by the signal's handler, on any thread: it may do only what such a handler may.
  using Wake = void (*)(void* context);

  ~InterruptWatch() { end(); }

  // Listens from now on. False where somebody does already: then it goes to that one.
  bool begin(Wake wake, void* context);

  // Everything is as it was before. When it returns, `wake` is not running and will not run again.
  void end();

  // Whether SIGINT came since the last call. One that comes before this is called again finds a
  // program that does not get round to it, and ends the process as if nobody listened.
  bool take();

 private:
  bool listening_ = false;
};

}  // namespace oxbow
