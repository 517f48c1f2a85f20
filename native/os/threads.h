// Starts the threads of the core. They block all signals, because the program's handlers may expect
// to run on its own threads.
#pragma once

#include <csignal>

#include <pthread.h>

namespace oxbow {

// Runs body(argument) on a thread that nobody waits for. Returns 0 or a negative errno: there is no
// such thread, and `argument` is still the caller's. (std::thread would end the process then.)
inline int start_thread(void* (*body)(void*), void* argument) {
  sigset_t all;
  sigset_t before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  pthread_t thread;
  const int error = pthread_create(&thread, nullptr, body, argument);
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
  if (error == 0) pthread_detach(thread);
  return -error;
}

}  // namespace oxbow
