// Received bytes -> frames -> completions: the reader of a WebSocket.
//
// A part of a message is reported as a position in the receive chunk, without a copy. What cannot
// be reported now (paused, no room, or too much for one turn) is kept, and nothing more is received
// until it has been reported: so even a peer that sends endless frames is read only as fast as
// JavaScript takes them.
#pragma once

#include <memory>

#include "net/reader.h"
#include "websocket/frame_reader.h"

namespace oxbow::websocket {

std::shared_ptr<const ReaderMaker> make_readers(const Settings& settings);

}  // namespace oxbow::websocket
