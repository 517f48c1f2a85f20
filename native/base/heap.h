// How the C library's heap treats the large pieces that bytes travel in: receive chunks, and blocks
// of send queues.
//
// Freed ones stay in the process instead of going back to the system one by one: taking them again
// would cost a page fault and a cleared page for each 4 KiB, which was a seventh of the CPU time of
// a 16 KiB echo. But no more than kFreeKept stays: code that frees large pieces, or takes them,
// says so, and every kLookEvery bytes the heap is looked at and what is too much goes back.
//
// Chunks are freed by the garbage collector, which tells nobody: what it frees is seen with the
// next bytes that are received or sent. All of this is for glibc; elsewhere it does nothing.
#pragma once

#include <cstddef>

namespace oxbow {

constexpr size_t kFreeKept = 64u << 20;
constexpr size_t kLookEvery = 8u << 20;

// Sets the heap up. Once a process.
void keep_freed_pieces();

// This many bytes of large pieces were freed or taken. From any thread.
void note_pieces(size_t bytes);

}  // namespace oxbow
