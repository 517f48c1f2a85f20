#include "engine/engine.h"

#include <cerrno>

#include "driver/choose.h"

namespace oxbow {

Engine::~Engine() {
  if (driver_ == nullptr) return;
  // Threads first: they wake the driver. Then handles, which the driver's operations point into.
  resolver_.reset();
  while (Op* op = completed_.pop()) op->completed = false;
  std::vector<Handle*> left = dying_;
  handles_.each([&left](Handle* handle) { left.push_back(handle); });
  for (Handle* handle : left) destroy(handle);
}

int Engine::open(const std::string& driver_name) {
  driver_ = choose_driver(driver_name);
  if (driver_ == nullptr) return -EINVAL;
  const int error = driver_->open(&arena_);
  if (error != 0) return error;
  turn_ = std::make_unique<Turn>(driver_.get(), this, &completed_);
  resolver_ = std::make_unique<Resolver>(driver_.get());
  return 0;
}

bool Engine::bind(uint32_t region, void* memory, size_t bytes) {
  switch (region) {
    case layout::kRegionControl:
      memory_.control = static_cast<uint32_t*>(memory);
      return bytes >= layout::kControlWords * 4;
    case layout::kRegionSubmission:
      memory_.submissions = static_cast<Submission*>(memory);
      return bytes >= layout::kSubmissionBytes * layout::kSubmissionCapacity;
    case layout::kRegionCompletion:
      memory_.completions = static_cast<Completion*>(memory);
      return bytes >= layout::kCompletionBytes * layout::kCompletionCapacity;
    case layout::kRegionReady: {
      const size_t capacity = bytes / 4;
      if (capacity == 0 || (capacity & (capacity - 1)) != 0 || memory_.control == nullptr) {
        return false;
      }
      turn_->ready.bind(static_cast<uint32_t*>(memory), static_cast<uint32_t>(capacity),
                        memory_.control);
      return true;
    }
    case layout::kRegionTransmit:
      memory_.transmit = static_cast<uint8_t*>(memory);
      return bytes >= layout::kTransmitBytes;
    case layout::kRegionTimerState:
      turn_->timers.bind(static_cast<uint8_t*>(memory), static_cast<uint32_t>(bytes));
      return true;
    case layout::kRegionBacklog:
      memory_.backlog = static_cast<double*>(memory);
      memory_.backlog_capacity = static_cast<uint32_t>(bytes / 8);
      return true;
    default:
      return false;
  }
}

int Engine::turn(bool may_wait) {
  memory_.control[layout::kControlTurns]++;
  // Nothing that JavaScript has not seen points into the receive chunks: their slots are free.
  const bool all_seen = control(layout::kControlCompletionTail) ==
                        control(layout::kControlCompletionHead);
  if (all_seen && completed_.empty()) arena_.rewind();
  const int outcome = turn_->run(may_wait);
  memory_.control[layout::kControlTimerCount] = turn_->timers.size();
  memory_.control[layout::kControlHandleCount] = handles_.count();
  return outcome;
}

bool Engine::has_unreaped() const {
  return !completed_.empty() || !listed_.empty() || !parsing_.empty() || !answers_.empty();
}

bool Engine::expects_events() const {
  return control(layout::kControlReferences) > 0 || resolver_->busy();
}

Connection* Engine::find_connection(uint32_t index, uint32_t generation) {
  Handle* handle = handles_.find(index, generation);
  if (handle == nullptr || handle->kind != HandleKind::kConnection) return nullptr;
  Connection* connection = static_cast<Connection*>(handle);
  return connection->closed ? nullptr : connection;
}

int Engine::add_handle(Handle* handle) {
  handles_.recycle(control(layout::kControlCompletionHead));
  handles_.add(handle);
  if (handle->index < memory_.backlog_capacity) memory_.backlog[handle->index] = 0;
  memory_.control[layout::kControlLastGeneration] = handle->generation;
  return static_cast<int>(handle->index);
}

Connection* Engine::make_connection(int descriptor, uint32_t flags) {
  Connection* connection = new Connection(driver_.get(), descriptor);
  if ((flags & layout::kSocketHttpServer) != 0) {
    connection->messages = std::make_unique<MessageState>(http::Kind::kRequest, &limits_);
  } else if ((flags & layout::kSocketHttpClient) != 0) {
    connection->messages = std::make_unique<MessageState>(http::Kind::kResponse, &limits_);
  }
  add_handle(connection);
  return connection;
}

// Closes what is open and frees. The handle is in no list any more.
void Engine::destroy(Handle* handle) {
  if (handle->kind == HandleKind::kConnection) {
    Connection* connection = static_cast<Connection*>(handle);
    connection->abort();
    std::erase(parsing_, connection);
    delete connection;
  } else if (handle->kind == HandleKind::kListener) {
    Listener* listener = static_cast<Listener*>(handle);
    for (const int descriptor : listener->op.accepted) driver_->release(descriptor, true);
    driver_->cancel(&listener->op);
    if (listener->descriptor >= 0) driver_->release(listener->descriptor, true);
    delete listener;
  } else {
    Watcher* watcher = static_cast<Watcher*>(handle);
    driver_->cancel(&watcher->op);
    if (watcher->descriptor >= 0) driver_->release(watcher->descriptor, false);
    delete watcher;
  }
}

}  // namespace oxbow
