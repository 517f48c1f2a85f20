// What other threads post to a loop: a queue behind a mutex, and a wake for each burst.
//
// A post is either bytes for JavaScript, which begin with a header (kPost* in ring/layout.h), or
// a C function with its data. Any thread posts and cancels; one thread, the owner, takes.
//
// Order: first in, first out, over all posters. Bound: kWaitingMax posts; more are refused, so
// that a loop that hangs gives errors and not a process without memory. Answers are exempt, since
// each belongs to a call that was let in.
//
// Taking a post and cancelling it exclude each other, so after cancel() has said true the
// post is never taken.
//
// An inbox also remembers which calls it owes an answer (reply address and number), because when
// the loop goes away the callers must be told: close_inbox() of registry.h does that.
#pragma once

#include <atomic>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <set>
#include <utility>
#include <vector>

#include "include/oxbow.h"

namespace oxbow {

// Makes the owner look at its inbox.
class Waker {
 public:
  // From any thread, under the inbox's lock: it must be short and must not call the inbox.
  virtual void wake() = 0;

 protected:
  ~Waker() = default;
};

struct Posted {
  uint64_t number = 0;
  oxbow_callback callback = nullptr;  // or bytes
  void* data = nullptr;
  std::unique_ptr<uint8_t[]> bytes;
  uint32_t size = 0;
  bool cancelled = false;
};

class Inbox {
 public:
  static constexpr size_t kWaitingMax = 1u << 20;
  static constexpr size_t kBytesMax = INT32_MAX;

  // A call as its caller names it: the caller's inbox and a number of its own.
  using Call = std::pair<uint64_t, uint32_t>;

  // `waker` must live until close().
  Inbox(uint64_t id, Waker* waker) : id_(id), waker_(waker) {}
  Inbox(const Inbox&) = delete;
  Inbox& operator=(const Inbox&) = delete;

  uint64_t id() const { return id_; }

  // --- from any thread: OXBOW_OK or a code of oxbow.h ---

  int post(oxbow_callback callback, void* data);
  // `number` identifies the post for cancel().
  int post(const uint8_t* bytes, size_t size, uint64_t* number = nullptr);
  // True: it will never be taken. False: it was taken, or there is no such post.
  bool cancel(uint64_t number);
  bool closed() const;

  // --- from the owner ---

  // Whether something is there. Costs one atomic load.
  bool waiting() const { return waiting_.load(std::memory_order_acquire) > 0; }
  // What is there now, or the oldest `most` of it, is for the next take()s. What comes after this
  // wakes the owner again; what is left is for the owner to see: waiting() says so.
  void mark(uint64_t most = UINT64_MAX);
  // The oldest post of those that were marked. False: none is left.
  bool take(Posted* out);
  // The call was answered.
  void answered(const Call& call);
  // Nothing is taken in any more. Gives what was not taken, and the calls without an answer.
  void close(std::deque<Posted>* left, std::vector<Call>* unanswered);

 private:
  int add(Posted&& posted, uint64_t* number, bool is_answer);

  const uint64_t id_;
  mutable std::mutex mutex_;
  Waker* waker_;              // null once closed
  std::deque<Posted> queue_;  // numbers ascend
  std::set<Call> owed_;
  std::atomic<size_t> waiting_{0};
  uint64_t last_number_ = 0;
  uint64_t marked_ = 0;     // take() gives posts up to this number
  bool announced_ = false;  // the owner was woken and has not marked since
};

}  // namespace oxbow
