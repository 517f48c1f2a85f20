// What the load generators know of WebSocket: the handshake, and frames as a client masks them and
// as a server sends them back.
#pragma once

#include <string>
#include <string_view>

#include "channel.h"

namespace oxbow::bench {

enum class MessageKind : unsigned char { kText = 0x81, kBinary = 0x82 };

// Asks for a WebSocket on a connection whose connect may still be under way, and waits until it is
// granted.
void upgrade(Channel& channel, int fd, std::string_view path);

std::string masked_frame(MessageKind kind, std::string_view payload);
std::string plain_frame(MessageKind kind, std::string_view payload);

}  // namespace oxbow::bench
