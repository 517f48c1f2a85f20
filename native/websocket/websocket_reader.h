// Received bytes -> frames -> completions: the reader of a WebSocket.
//
// A part of a message is reported as a place in the receive chunk, without a copy. What cannot be
// reported now (paused, no room, or too much for one turn) is kept aside, and nothing is received
// until that has been: a peer that sends frames without end is read as fast as they are taken.
#pragma once

#include <memory>

#include "net/reader.h"
#include "websocket/frame_reader.h"

namespace oxbow::websocket {

std::shared_ptr<const ReaderMaker> make_readers(const Settings& settings);

}  // namespace oxbow::websocket
