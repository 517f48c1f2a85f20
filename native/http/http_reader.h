// Received bytes -> parser -> completions: the reader of an HTTP connection.
//
// The parser reads the bytes where they were received, so heads and bodies are reported as
// positions in the receive chunk, without a copy. What cannot be reported now (paused, or no room)
// is kept elsewhere, and copied into the current chunk when it is reported.
#pragma once

#include <memory>

#include "http/parser.h"
#include "net/reader.h"

namespace oxbow::http {

// Makes readers of one kind with one set of limits, for listen() and connect(). The limits are
// reduced to what fits in a head record.
std::shared_ptr<const ReaderMaker> make_readers(Kind kind, Limits limits = {});

}  // namespace oxbow::http
