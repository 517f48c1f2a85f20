#include "inbox/c_api.h"

#include <cstring>
#include <new>

#include "inbox/registry.h"
#include "ring/layout.h"

// A reference that C holds.
struct oxbow_loop {
  explicit oxbow_loop(std::shared_ptr<oxbow::Inbox> found) : inbox(std::move(found)) {}
  const std::shared_ptr<oxbow::Inbox> inbox;
  std::atomic<uint32_t> references{1};
};

namespace oxbow {
namespace {

oxbow_loop* loop_find(uint64_t id) {
  std::shared_ptr<Inbox> inbox = find_inbox(id);
  return inbox == nullptr ? nullptr : new (std::nothrow) oxbow_loop(std::move(inbox));
}

void loop_ref(oxbow_loop* loop) {
  if (loop != nullptr) loop->references.fetch_add(1, std::memory_order_relaxed);
}

void loop_unref(oxbow_loop* loop) {
  if (loop == nullptr) return;
  if (loop->references.fetch_sub(1, std::memory_order_acq_rel) == 1) delete loop;
}

int loop_is_closed(oxbow_loop* loop) { return loop == nullptr || loop->inbox->closed() ? 1 : 0; }

int post(oxbow_loop* loop, oxbow_callback callback, void* data) {
  return loop == nullptr ? OXBOW_INVALID : loop->inbox->post(callback, data);
}

int post_call(oxbow_loop* loop, uint32_t function, const void* bytes, size_t size) {
  if (loop == nullptr || (bytes == nullptr && size > 0)) return OXBOW_INVALID;
  if (size > Inbox::kBytesMax - layout::kPostHeaderBytes) return OXBOW_INVALID;
  const size_t total = layout::kPostHeaderBytes + size;
  const std::unique_ptr<uint8_t[]> post(new (std::nothrow) uint8_t[total]);
  if (post == nullptr) return OXBOW_NO_MEMORY;
  std::memset(post.get(), 0, layout::kPostHeaderBytes);
  const uint32_t kind = static_cast<uint32_t>(layout::PostKind::kBytes);
  std::memcpy(post.get() + layout::kPostKind * 4, &kind, 4);
  std::memcpy(post.get() + layout::kPostFunction * 4, &function, 4);
  if (size > 0) std::memcpy(post.get() + layout::kPostHeaderBytes, bytes, size);
  return loop->inbox->post(post.get(), total);
}

const char* error_text(int code) {
  switch (code) {
    case OXBOW_OK:
      return "no error";
    case OXBOW_CLOSED:
      return "the event loop is closed";
    case OXBOW_FULL:
      return "too many messages are waiting for the event loop";
    case OXBOW_INVALID:
      return "an argument makes no sense";
    case OXBOW_NO_MEMORY:
      return "out of memory";
    case OXBOW_VERSION:
      return "this is no table of oxbow.h, or one of another version";
    default:
      return "an unknown error";
  }
}

constexpr oxbow_api kApi = {
    OXBOW_API_MAGIC, OXBOW_ABI_VERSION, sizeof(oxbow_api), loop_find,
    loop_ref,        loop_unref,        loop_is_closed,    post,
    post_call,       error_text,
};

}  // namespace

const oxbow_api* c_api() { return &kApi; }

}  // namespace oxbow
