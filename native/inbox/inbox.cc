#include "inbox/inbox.h"

#include <algorithm>
#include <cstring>
#include <new>

#include "ring/layout.h"

namespace oxbow {
namespace {

using layout::PostKind;

uint32_t word(const uint8_t* bytes, uint32_t index) {
  uint32_t value;
  std::memcpy(&value, bytes + index * 4, sizeof(value));
  return value;
}

// Who is owed the answer of this call. Addresses are whole numbers below 2^53.
Inbox::Call call_of(const uint8_t* bytes) {
  double reply_to;
  std::memcpy(&reply_to, bytes + layout::kPostReplyTo * 8, sizeof(reply_to));
  const bool sane = reply_to >= 1 && reply_to < 9007199254740992.0;
  return {sane ? static_cast<uint64_t>(reply_to) : 0, word(bytes, layout::kPostCall)};
}

}  // namespace

int Inbox::post(oxbow_callback callback, void* data) {
  if (callback == nullptr) return OXBOW_INVALID;
  Posted posted;
  posted.callback = callback;
  posted.data = data;
  return add(std::move(posted), nullptr, false);
}

int Inbox::post(const uint8_t* bytes, size_t size, uint64_t* number) {
  if (bytes == nullptr || size < layout::kPostHeaderBytes || size > kBytesMax) {
    return OXBOW_INVALID;
  }
  Posted posted;
  // Copied before the lock is taken: a large post holds no other thread up.
  posted.bytes.reset(new (std::nothrow) uint8_t[size]);
  if (posted.bytes == nullptr) return OXBOW_NO_MEMORY;
  std::memcpy(posted.bytes.get(), bytes, size);
  posted.size = static_cast<uint32_t>(size);
  const PostKind kind = static_cast<PostKind>(word(bytes, layout::kPostKind));
  const bool is_answer = kind == PostKind::kResult || kind == PostKind::kError ||
                         kind == PostKind::kLost || kind == PostKind::kCancel;
  return add(std::move(posted), number, is_answer);
}

int Inbox::add(Posted&& posted, uint64_t* number, bool is_answer) {
  const uint8_t* bytes = posted.bytes.get();
  const bool owes =
      bytes != nullptr && word(bytes, layout::kPostKind) == static_cast<uint32_t>(PostKind::kStart);
  const std::lock_guard<std::mutex> lock(mutex_);
  if (waker_ == nullptr) return OXBOW_CLOSED;
  if (!is_answer && queue_.size() >= kWaitingMax) return OXBOW_FULL;
  posted.number = ++last_number_;
  if (number != nullptr) *number = posted.number;
  if (owes) owed_.insert(call_of(bytes));
  queue_.push_back(std::move(posted));
  waiting_.fetch_add(1, std::memory_order_release);
  // Under the lock: close() takes the waker away under it too.
  if (!announced_) {
    announced_ = true;
    waker_->wake();
  }
  return OXBOW_OK;
}

bool Inbox::cancel(uint64_t number) {
  std::unique_ptr<uint8_t[]> freed;  // after the lock
  const std::lock_guard<std::mutex> lock(mutex_);
  const auto older = [](const Posted& posted, uint64_t wanted) { return posted.number < wanted; };
  const auto found = std::lower_bound(queue_.begin(), queue_.end(), number, older);
  if (found == queue_.end() || found->number != number || found->cancelled) return false;
  if (found->callback != nullptr) return false;
  owed_.erase(call_of(found->bytes.get()));
  found->cancelled = true;
  freed = std::move(found->bytes);
  return true;
}

bool Inbox::closed() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return waker_ == nullptr;
}

void Inbox::mark(uint64_t most) {
  const std::lock_guard<std::mutex> lock(mutex_);
  announced_ = false;
  if (queue_.empty()) return;
  // Numbers have no gaps: a cancelled post keeps its place.
  marked_ = queue_.size() <= most ? last_number_ : queue_.front().number + most - 1;
}

bool Inbox::take(Posted* out) {
  const std::lock_guard<std::mutex> lock(mutex_);
  while (!queue_.empty() && queue_.front().number <= marked_) {
    *out = std::move(queue_.front());
    queue_.pop_front();
    waiting_.fetch_sub(1, std::memory_order_release);
    if (!out->cancelled) return true;
  }
  return false;
}

void Inbox::answered(const Call& call) {
  const std::lock_guard<std::mutex> lock(mutex_);
  owed_.erase(call);
}

void Inbox::close(std::deque<Posted>* left, std::vector<Call>* unanswered) {
  const std::lock_guard<std::mutex> lock(mutex_);
  waker_ = nullptr;
  left->swap(queue_);
  waiting_.store(0, std::memory_order_release);
  unanswered->assign(owed_.begin(), owed_.end());
  owed_.clear();
}

}  // namespace oxbow
