// Received bytes -> parser -> completions: the reader of an HTTP connection.
//
// The parser reads where the bytes landed, so a head and a body are reported as places in the
// receive chunk, without a copy. What cannot be reported now (paused, or no room) is kept aside and
// its pieces are copied into the current chunk when their time comes.
#pragma once

#include <memory>

#include "http/parser.h"
#include "net/reader.h"

namespace oxbow::http {

// Readers of one kind within one set of limits, for listen() and connect(). Limits are cut down to
// what a head record can tell.
std::shared_ptr<const ReaderMaker> make_readers(Kind kind, Limits limits = {});

}  // namespace oxbow::http
