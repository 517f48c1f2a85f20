// Signals while a loop owns the thread. Node reports them in its own loop only, which does not
// turn then; so they are listened to here, and the turn reports them. A handler that was there
// before (Node's, for its own listeners) is called as well, and Node reports them when its loop
// turns again.
#pragma once

#include <cstdint>

namespace oxbow {

// Signals belong to the process, so one at a time may listen: the loop that owns the main thread.
class SignalWatch {
 public:
  // Called by the signal's handler, on any thread: it may do only what such a handler may.
  using Wake = void (*)(void* context);

  ~SignalWatch() { end(); }

  // Listens from now on to what `listen` names; repeating it changes nothing. False where another
  // loop does already: then signals go to that one.
  bool begin(Wake wake, void* context);
  // `ends`: one that comes before take() has reported the last finds a program that does not get
  // round to it, and ends the process as if nobody listened.
  void listen(int signal, bool ends);
  // As before, for this signal.
  void forget(int signal);
  // Everything is as it was before. When it returns, `wake` is not running and will not run again.
  void end();

  // Whether there is something to take.
  bool has_any() const;
  // A pending signal, once for each arrival, lowest number first; 0 when none is left.
  int take();

 private:
  bool listening_ = false;
};

}  // namespace oxbow
