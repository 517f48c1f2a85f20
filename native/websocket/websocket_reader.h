// Received bytes -> frames -> completions: the reader of a WebSocket.
//
// A part of a message is told as a place in the receive chunk, without a copy. What cannot be told
// now (paused, no room, or too much for one turn) is kept aside, and nothing more is received until
// that has been told: a peer that sends frames without end is read as fast as they are taken.
#pragma once

#include <memory>

#include "net/reader.h"
#include "websocket/frame_reader.h"

namespace oxbow::websocket {

std::shared_ptr<const ReaderMaker> make_readers(const Settings& settings);

}  // namespace oxbow::websocket
