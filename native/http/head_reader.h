// Reads the lines of a head: checks their syntax and limits. What the fields mean together is
// decided afterwards (meaning.h), so a refusal never depends on how the bytes were split.
#pragma once

#include "http/errors.h"
#include "http/types.h"

namespace oxbow::http {

enum class HeadStatus : uint8_t { kComplete, kIncomplete, kRefused };

// How far a head has been read: whole lines only.
struct HeadProgress {
  uint32_t line_start = 0;   // start of the next line; 0: the first line is still to come
  uint32_t field_count = 0;  // field lines before it
};

// Reads lines of the head at base, continuing at progress. size is at most limits.head_max.
// kComplete fills scratch.head, and its fields if reading began at the first line. In an incomplete
// line only the length is checked.
HeadStatus read_head(Kind kind, const uint8_t* base, uint32_t size, const Limits& limits,
                     HeadProgress& progress, HeadScratch& scratch, Refusal& refusal);

// Refuses an incomplete line at line_start if its pending bytes, which have no line feed, exceed
// the limit.
Refusal check_pending_line(const Limits& limits, uint32_t line_start, uint32_t pending);

}  // namespace oxbow::http
