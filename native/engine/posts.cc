// Posts from other threads: one kWake for each burst, then JavaScript takes them one by one.
#include "engine/engine.h"

namespace oxbow {
namespace {

// Posts that one turn runs at most, so that a flood of them cannot starve events and timers.
constexpr uint64_t kPostsPerTurn = 1024;

}  // namespace

const std::shared_ptr<Inbox>& Engine::inbox() {
  if (inbox_ == nullptr) {
    waker_.driver = driver_.get();
    inbox_ = open_inbox(&waker_);
  }
  return inbox_;
}

void Engine::close_inbox() {
  if (inbox_ != nullptr) oxbow::close_inbox(inbox_);
}

// Every turn comes by here: without an inbox this costs a comparison, with one an atomic load.
bool Engine::has_unreported_posts() const {
  return inbox_ != nullptr && !posts_reported_ && inbox_->waiting();
}

void Engine::report_posts() {
  if (completion_room() == 0) return;
  inbox_->mark(kPostsPerTurn);
  complete(layout::CompletionOp::kWake, nullptr);
  posts_reported_ = true;
}

// What is left when the dispatch ends early is announced again in the next turn.
bool Engine::take_posted(Posted* out) {
  posts_reported_ = false;
  return inbox_ != nullptr && inbox_->take(out);
}

}  // namespace oxbow
