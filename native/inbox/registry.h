// Every open inbox of this process, by number.
//
// This is the one static of the core. Everything else belongs to one loop in one thread; but a
// thread that wants to reach a loop has nothing of it but a number (a JavaScript object cannot
// cross, and a pointer could be stale or made up), so somewhere the process must know which
// numbers are good. Numbers are never used again, and `process_tag` tells those of another process
// (or of a second copy of this library) apart.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "inbox/inbox.h"

namespace oxbow {

// A new inbox. `waker` must live until close_inbox().
std::shared_ptr<Inbox> open_inbox(Waker* waker);

// The inbox with this number, or null: it never was, or it is closed.
std::shared_ptr<Inbox> find_inbox(uint64_t id);

// Closes it: what waits in it is dropped (C callbacks are told), and the callers of what it has not
// answered get kLost. Call it from the owner's thread, without locks. A second time does nothing.
void close_inbox(const std::shared_ptr<Inbox>& inbox);

// 16 hexadecimal digits, drawn when the library is loaded.
const std::string& process_tag();

}  // namespace oxbow
