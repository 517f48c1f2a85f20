// The entries of the rings (ring/layout.h), as C++ sees them.
#pragma once

#include <cstddef>
#include <cstdint>

#include "ring/layout.h"

namespace oxbow {

struct Submission {
  uint32_t op;
  uint32_t handle;
  uint32_t generation;
  uint32_t flags;
  uint32_t offset;
  uint32_t length;
  double value;
};
static_assert(sizeof(Submission) == layout::kSubmissionBytes);
static_assert(offsetof(Submission, op) == layout::kSubmissionOp * 4);
static_assert(offsetof(Submission, handle) == layout::kSubmissionHandle * 4);
static_assert(offsetof(Submission, generation) == layout::kSubmissionGeneration * 4);
static_assert(offsetof(Submission, offset) == layout::kSubmissionOffset * 4);
static_assert(offsetof(Submission, length) == layout::kSubmissionLength * 4);
static_assert(offsetof(Submission, flags) == layout::kSubmissionFlags * 4);
static_assert(offsetof(Submission, value) == layout::kSubmissionValue * 8);

struct Completion {
  layout::CompletionOp op;
  uint32_t handle;
  uint32_t generation;
  int32_t result;
  uint32_t chunk;
  uint32_t offset;
  uint32_t length;
  uint32_t rest;
};
static_assert(sizeof(Completion) == layout::kCompletionBytes);
static_assert(offsetof(Completion, result) == layout::kCompletionResult * 4);
static_assert(offsetof(Completion, length) == layout::kCompletionLength * 4);
static_assert(offsetof(Completion, rest) == layout::kCompletionRest * 4);

}  // namespace oxbow
