// Signals while a loop owns the main thread. Node reports signals only in its own loop, which does
// not run then; so they are caught here, and the turn reports them. An earlier handler (Node's, for
// its own listeners) is called as well, and Node reports them when its loop runs again.
#pragma once

#include <cstdint>

namespace oxbow {

// Signals belong to the process, so only one can listen at a time: the loop that owns the main
// thread.
class SignalWatch {
 public:
  // Called by the signal handler, on any thread: it must be async-signal-safe.
  using Wake = void (*)(void* context);

  ~SignalWatch() { end(); }

  // Starts listening to the signals named with `listen`; calling it again changes nothing. False if
  // another loop is already listening: then signals go to that one.
  bool begin(Wake wake, void* context);
  // `ends`: if the signal arrives again before take() has reported the last one, the program is not
  // responding, and the process ends as if nobody listened.
  void listen(int signal, bool ends);
  // Restores the earlier handling of this signal.
  void forget(int signal);
  // Restores everything. Once it returns, `wake` is not running and will not be called again.
  void end();

  // Whether there is something to take.
  bool has_any() const;
  // A pending signal, once for each arrival, lowest number first; 0 when none is left.
  int take();

 private:
  bool listening_ = false;
};

}  // namespace oxbow
