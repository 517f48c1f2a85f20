#include "inbox/registry.h"

#include <cstring>
#include <random>
#include <unordered_map>

#include "ring/layout.h"

namespace oxbow {
namespace {

struct Registry {
  Registry() {
    std::random_device random;
    const char* digits = "0123456789abcdef";
    for (int n = 0; n < 16; n++) tag += digits[random() % 16];
  }
  std::mutex mutex;
  std::unordered_map<uint64_t, std::shared_ptr<Inbox>> inboxes;
  uint64_t last_id = 0;
  std::string tag;
};

// Never destroyed: threads that are still running when the process ends may look into it.
Registry& registry() {
  static Registry* const instance = new Registry;
  return *instance;
}

void tell_lost(const Inbox::Call& call) {
  const std::shared_ptr<Inbox> caller = find_inbox(call.first);
  if (caller == nullptr) return;
  uint8_t bytes[layout::kPostHeaderBytes] = {};
  const uint32_t kind = static_cast<uint32_t>(layout::PostKind::kLost);
  std::memcpy(bytes + layout::kPostKind * 4, &kind, 4);
  std::memcpy(bytes + layout::kPostCall * 4, &call.second, 4);
  caller->post(bytes, sizeof(bytes));
}

}  // namespace

std::shared_ptr<Inbox> open_inbox(Waker* waker) {
  Registry& all = registry();
  const std::lock_guard<std::mutex> lock(all.mutex);
  const uint64_t id = ++all.last_id;
  std::shared_ptr<Inbox> inbox = std::make_shared<Inbox>(id, waker);
  all.inboxes[id] = inbox;
  return inbox;
}

std::shared_ptr<Inbox> find_inbox(uint64_t id) {
  Registry& all = registry();
  const std::lock_guard<std::mutex> lock(all.mutex);
  const auto found = all.inboxes.find(id);
  return found == all.inboxes.end() ? nullptr : found->second;
}

void close_inbox(const std::shared_ptr<Inbox>& inbox) {
  {
    Registry& all = registry();
    const std::lock_guard<std::mutex> lock(all.mutex);
    all.inboxes.erase(inbox->id());
  }
  std::deque<Posted> left;
  std::vector<Inbox::Call> unanswered;
  inbox->close(&left, &unanswered);
  // Without a lock from here on: a callback may post, and another inbox has a lock of its own.
  for (const Inbox::Call& call : unanswered) tell_lost(call);
  for (const Posted& posted : left) {
    if (posted.callback != nullptr) posted.callback(posted.data, OXBOW_CLOSED);
  }
}

const std::string& process_tag() { return registry().tag; }

}  // namespace oxbow
