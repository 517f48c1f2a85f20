#include "process/reaper.h"

#include <cerrno>
#include <ctime>
#include <mutex>
#include <vector>

#include <poll.h>
#include <unistd.h>

#include "os/exit_watch.h"
#include "os/threads.h"
#include "os/wake.h"

namespace oxbow {
namespace {

// How often all orphans are asked whether they have ended, while the system cannot wait for them.
constexpr int kAskEveryMs = 1000;

struct Orphan {
  pid_t pid;
  int watch;
};

// Waits until one of them is readable. If the system cannot wait for so many (EINVAL: more than
// descriptors are allowed, if that limit was lowered; ENOMEM), waits for a second or for the first
// of them, and then marks all others.
void wait_for(std::vector<pollfd>* waits) {
  int ready;
  do {
    ready = poll(waits->data(), waits->size(), -1);
  } while (ready < 0 && errno == EINTR);
  if (ready >= 0) return;
  if (poll(waits->data(), 1, kAskEveryMs) < 0) {
    const timespec pause{kAskEveryMs / 1000, 0};
    nanosleep(&pause, nullptr);
    waits->front().revents = POLLIN;
  }
  for (size_t n = 1; n < waits->size(); n++) (*waits)[n].revents = POLLIN;
}

// One thread for all orphans, which ends when none are left. It uses only this object, which is
// never freed: the process, or the addon's last environment, may end while it waits.
class Reaper {
 public:
  void add(Orphan orphan) {
    const std::lock_guard<std::mutex> lock(mutex_);
    fresh_.push_back(orphan);
    if (running_)
      wake_.wake();
    else
      running_ = start();
  }

 private:
  bool start();
  void run();
  // False: there are none left, and the thread ends.
  bool take_fresh(std::vector<Orphan>* orphans);

  std::mutex mutex_;
  std::vector<Orphan> fresh_;
  WakeDescriptor wake_;
  bool awake_ = false;  // wake_ is open
  bool running_ = false;
};

// If no thread can be started, the next orphan tries again.
bool Reaper::start() {
  if (!awake_ && wake_.open() != 0) return false;
  awake_ = true;
  const auto body = [](void* reaper) -> void* {
    static_cast<Reaper*>(reaper)->run();
    return nullptr;
  };
  return start_thread(body, this) == 0;
}

bool Reaper::take_fresh(std::vector<Orphan>* orphans) {
  const std::lock_guard<std::mutex> lock(mutex_);
  orphans->insert(orphans->end(), fresh_.begin(), fresh_.end());
  fresh_.clear();
  running_ = !orphans->empty();
  return running_;
}

void Reaper::run() {
  std::vector<Orphan> orphans;
  while (take_fresh(&orphans)) {
    std::vector<pollfd> waits;
    waits.push_back({.fd = wake_.descriptor(), .events = POLLIN, .revents = 0});
    for (const Orphan& each : orphans) {
      waits.push_back({.fd = each.watch, .events = POLLIN, .revents = 0});
    }
    wait_for(&waits);
    if (waits[0].revents != 0) wake_.clear();
    std::vector<Orphan> left;
    for (size_t n = 0; n < orphans.size(); n++) {
      const Orphan& each = orphans[n];
      Exit ignored;
      if (waits[n + 1].revents == 0 || take_exit(each.pid, &ignored) == -EAGAIN) {
        left.push_back(each);
      } else {
        ::close(each.watch);
      }
    }
    orphans.swap(left);
  }
}

}  // namespace

void reap_elsewhere(pid_t pid, int watch) {
  static Reaper* const reaper = new Reaper;
  reaper->add({pid, watch});
}

}  // namespace oxbow
