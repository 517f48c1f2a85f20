#include "engine/engine.h"

#include <algorithm>
#include <cerrno>

#include "engine/choose_driver.h"
#include "os/sockets.h"

namespace oxbow {
namespace {

size_t region_bytes_min(uint32_t region) {
  switch (region) {
    case layout::kRegionControl:
      return layout::kControlWords * 4;
    case layout::kRegionSubmission:
      return layout::kSubmissionBytes * layout::kSubmissionCapacity;
    case layout::kRegionCompletion:
      return layout::kCompletionBytes * layout::kCompletionCapacity;
    case layout::kRegionTransmit:
      return layout::kTransmitBytes;
    default:
      return sizeof(double);
  }
}

}  // namespace

Engine::~Engine() {
  if (driver_ == nullptr) return;
  close_inbox();
  // Threads first: they wake the driver. Then handles, which the driver's operations point into.
  resolver_.reset();
  spawner_.reset();
  for (Spawner::Answer& answer : untold_) Spawner::drop(&answer);
  for (auto& [request, answer] : spawned_) Spawner::drop(&answer);
  for (const int pipe : pipes_) close_descriptor(pipe);
  while (Op* op = completed_.pop()) op->completed = false;
  std::vector<Handle*> left = dying_;
  handles_.each([&left](Handle* handle) { left.push_back(handle); });
  for (Handle* handle : left) destroy(handle);
}

int Engine::open(const std::string& driver_name, double seed) {
  driver_ = choose_driver(driver_name, seed);
  if (driver_ == nullptr) return -EINVAL;
  const int error = driver_->open(&arena_);
  if (error != 0) return error;
  turn_ = std::make_unique<Turn>(driver_.get(), this, &completed_);
  resolver_ = std::make_unique<Resolver>(driver_.get(), first_request_);
  spawner_ = std::make_unique<Spawner>(driver_.get(), first_request_);
  return 0;
}

bool Engine::bind(uint32_t region, void* memory, size_t bytes) {
  if (region >= layout::kRegionCount || bytes < region_bytes_min(region)) return false;
  switch (region) {
    case layout::kRegionControl:
      // The ready queue counts in there too, so one that is bound keeps the block it knows.
      if (memory_.control != nullptr) return false;
      memory_.control = static_cast<uint32_t*>(memory);
      turn_->bind(memory_.control);
      turn_->statistics.bind(memory_.control, &turn_->timers.lag);
      break;
    case layout::kRegionSubmission:
      memory_.submissions = static_cast<Submission*>(memory);
      break;
    case layout::kRegionCompletion:
      memory_.completions = static_cast<Completion*>(memory);
      break;
    case layout::kRegionReady: {
      const size_t capacity = bytes / 4;
      if ((capacity & (capacity - 1)) != 0 || memory_.control == nullptr) return false;
      turn_->ready.bind(static_cast<uint32_t*>(memory), static_cast<uint32_t>(capacity),
                        memory_.control);
      break;
    }
    case layout::kRegionTransmit:
      memory_.transmit = static_cast<uint8_t*>(memory);
      break;
    case layout::kRegionTimerState:
      turn_->timers.bind(static_cast<uint8_t*>(memory), static_cast<uint32_t>(bytes));
      break;
    case layout::kRegionBacklog:
      memory_.backlog = static_cast<double*>(memory);
      memory_.backlog_capacity = static_cast<uint32_t>(bytes / 8);
      break;
  }
  memory_.bound |= 1u << region;
  return true;
}

int Engine::turn(bool may_wait, int64_t longest_ns) {
  // Nothing that JavaScript has not seen points into the receive chunks: their slots are free.
  const bool all_seen =
      control(layout::kControlCompletionTail) == control(layout::kControlCompletionHead);
  if (all_seen && completed_.empty()) arena_.rewind();
  arena_.doubt();
  const int outcome = turn_->run(may_wait, longest_ns);
  count_live();
  return outcome;
}

void Engine::count_live() {
  memory_.control[layout::kControlTimerCount] = turn_->timers.size();
  memory_.control[layout::kControlHandleCount] = handles_.count();
}

void Engine::measure() {
  turn_->statistics.catch_up(driver_->now_ns());
  count_live();
}

bool Engine::has_unreaped() const {
  return !completed_.empty() || !listed_.empty() || !resuming_.empty() || !answers_.empty() ||
         !untold_.empty() || has_unreported_posts();
}

bool Engine::expects_events() const {
  return control(layout::kControlReferences) > 0 || resolver_->busy();
}

int Engine::add_handle(Handle* handle) {
  handles_.recycle(control(layout::kControlCompletionHead));
  handles_.add(handle);
  claim(handle);
  if (handle->index < memory_.backlog_capacity) memory_.backlog[handle->index] = 0;
  memory_.control[layout::kControlLastGeneration] = handle->generation;
  return static_cast<int>(handle->index);
}

Handle* Engine::owner_of(int descriptor) const {
  const size_t place = static_cast<size_t>(descriptor);
  if (place >= owners_.size()) return nullptr;
  Handle* owner = handles_.find(owners_[place].index, owners_[place].generation);
  return owner != nullptr && owner->descriptor == descriptor ? owner : nullptr;
}

// The kernel gives a descriptor out once. If a handle still seems to have it, user code has closed
// it under them (a watched one without removeReader, or one taken from fileno()): it is not theirs
// any more, and what they wait for on it will not come.
void Engine::claim(const Handle* handle) {
  if (Handle* robbed = owner_of(handle->descriptor)) {
    robbed->abandon();
    queue_events(robbed);
  }
  const size_t place = static_cast<size_t>(handle->descriptor);
  if (place >= owners_.size()) owners_.resize(place + place / 2 + 64);
  owners_[place] = {handle->index, handle->generation};
}

// Closes what is open and frees. The handle is in no list of events any more.
void Engine::destroy(Handle* handle) {
  handle->abort();
  if (handle->resumes) std::erase(resuming_, handle);
  delete handle;
}

}  // namespace oxbow
