#include "websocket.h"

#include <cerrno>

#include "support.h"

namespace oxbow::bench {

void upgrade(Channel& channel, int fd, std::string_view path) {
  const std::string request = "GET " + std::string(path) +
                              " HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: Upgrade\r\n"
                              "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
                              "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
  wait_writable(fd);
  finish_connect(fd);
  const ssize_t sent = channel.send(request.data(), request.size());
  if (sent != static_cast<ssize_t>(request.size())) fail_errno("send");
  std::string answer;
  while (!answer.ends_with("\r\n\r\n")) {
    char buffer[1024];
    const ssize_t count = channel.receive(buffer, sizeof buffer);
    if (count < 0 && (errno == EAGAIN || errno == EINTR)) {
      wait_readable(fd);
      continue;
    }
    if (count <= 0) fail("recv", "the server closed a connection");
    answer.append(buffer, static_cast<size_t>(count));
  }
  if (!answer.starts_with("HTTP/1.1 101 ")) fail("upgrade", "the server refused it");
}

static std::string header(MessageKind kind, size_t size, unsigned char mask_bit) {
  std::string bytes(1, static_cast<char>(kind));
  if (size < 126) {
    bytes.push_back(static_cast<char>(mask_bit | size));
    return bytes;
  }
  const int width = size < 65536 ? 2 : 8;
  bytes.push_back(static_cast<char>(mask_bit | (width == 2 ? 126 : 127)));
  for (int n = width - 1; n >= 0; n--) bytes.push_back(static_cast<char>(size >> (n * 8)));
  return bytes;
}

std::string masked_frame(MessageKind kind, std::string_view payload) {
  constexpr std::string_view kMask = "\x37\xfa\x21\x3d";
  std::string frame = header(kind, payload.size(), 0x80);
  frame += kMask;
  for (size_t n = 0; n < payload.size(); n++) {
    frame.push_back(static_cast<char>(payload[n] ^ kMask[n & 3]));
  }
  return frame;
}

std::string plain_frame(MessageKind kind, std::string_view payload) {
  return header(kind, payload.size(), 0) += payload;
}

}  // namespace oxbow::bench
