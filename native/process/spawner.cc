#include "process/spawner.h"

#include <condition_variable>
#include <csignal>
#include <mutex>
#include <utility>

#include "os/exit_watch.h"
#include "os/sockets.h"
#include "os/threads.h"
#include "process/reaper.h"

namespace oxbow {

// Shared by the loop's thread and the spawning thread; the last owner frees it.
struct Spawner::Shared {
  std::mutex mutex;
  std::deque<Answer> answers;
  Driver* driver = nullptr;  // null once the loop has gone
};

namespace {

struct Start {
  std::shared_ptr<Spawner::Shared> owner;
  uint32_t request;
  bool stays;
  SpawnRequest program;
};

// The spawning thread, one for all loops. It never ends, because Linux regards the thread that
// created a child as its parent: a child that asked to die with its parent (PR_SET_PDEATHSIG) would
// be killed when this thread ends, although the process continues. The object is never freed,
// because the process may end while the thread waits.
class SpawnThread {
 public:
  static SpawnThread& get() {
    static SpawnThread* const only = new SpawnThread;
    return *only;
  }

  // False: there is no thread, and none can be started.
  bool add(Start* start) {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (!running_) running_ = begin();
    if (!running_) return false;
    starts_.push_back(std::move(*start));
    came_.notify_one();
    return true;
  }

  // Returns whether it was still queued.
  bool remove(const Spawner::Shared* owner, uint32_t request) {
    const std::lock_guard<std::mutex> lock(mutex_);
    return std::erase_if(starts_, [owner, request](const Start& each) {
             return each.owner.get() == owner && each.request == request;
           }) > 0;
  }

  void remove_all(const Spawner::Shared* owner) {
    const std::lock_guard<std::mutex> lock(mutex_);
    std::erase_if(starts_, [owner](const Start& each) { return each.owner.get() == owner; });
  }

 private:
  bool begin();
  [[noreturn]] void run();

  std::mutex mutex_;
  std::condition_variable came_;
  std::deque<Start> starts_;
  bool running_ = false;
};

bool SpawnThread::begin() {
  const auto body = [](void* self) -> void* {
    static_cast<SpawnThread*>(self)->run();
    return nullptr;
  };
  return start_thread(body, this) == 0;
}

// Under the lock, so that the driver cannot be destroyed meanwhile.
void tell(Spawner::Shared* owner, Spawner::Answer* answer) {
  const std::lock_guard<std::mutex> lock(owner->mutex);
  if (owner->driver == nullptr) {
    Spawner::drop(answer);
    return;
  }
  owner->answers.push_back(*answer);
  owner->driver->wake();
}

void carry_out(const Start& start) {
  Spawner::Answer answer;
  answer.request = start.request;
  answer.stays = start.stays;
  answer.error = spawn(start.program, &answer.child, &answer.stage);
  tell(start.owner.get(), &answer);
}

void SpawnThread::run() {
  std::unique_lock<std::mutex> lock(mutex_);
  for (;;) {
    while (starts_.empty()) came_.wait(lock);
    {
      const Start start = std::move(starts_.front());
      starts_.pop_front();
      lock.unlock();
      carry_out(start);
    }
    lock.lock();
  }
}

}  // namespace

Spawner::~Spawner() {
  if (shared_ == nullptr) return;
  SpawnThread::get().remove_all(shared_.get());
  const std::lock_guard<std::mutex> lock(shared_->mutex);
  shared_->driver = nullptr;
  for (Answer& answer : shared_->answers) drop(&answer);
  shared_->answers.clear();
}

void Spawner::drop(Answer* answer) {
  if (answer->error != 0) return;
  for (const int pipe : answer->child.pipes) {
    if (pipe >= 0) close_descriptor(pipe);
  }
  signal_child(answer->child.pid, answer->child.watch, SIGKILL);
  reap_elsewhere(answer->child.pid, answer->child.watch);
}

uint32_t Spawner::start(SpawnRequest request, bool stays) {
  if (shared_ == nullptr) {
    shared_ = std::make_shared<Shared>();
    shared_->driver = driver_;
  }
  const uint32_t number = next_request_;
  // Never 0, which means no request.
  next_request_ = number >= layout::kGenerationMask ? 1 : number + 1;
  pending_++;
  Start start{shared_, number, stays, std::move(request)};
  if (!SpawnThread::get().add(&start)) carry_out(start);
  return number;
}

bool Spawner::cancel(uint32_t request) {
  if (shared_ == nullptr || !SpawnThread::get().remove(shared_.get(), request)) return false;
  pending_--;
  return true;
}

void Spawner::take_answers(std::deque<Answer>* out) {
  if (pending_ == 0) return;
  const std::lock_guard<std::mutex> lock(shared_->mutex);
  pending_ -= static_cast<uint32_t>(shared_->answers.size());
  for (Answer& answer : shared_->answers) out->push_back(answer);
  shared_->answers.clear();
}

}  // namespace oxbow
