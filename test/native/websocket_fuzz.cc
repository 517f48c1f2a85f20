// A libFuzzer target for the reader of WebSocket frames. Built with address and undefined
// sanitizers:
//
//   clang++ -std=c++20 -g -O1 -fsanitize=fuzzer,address,undefined -I native -I test/native
//     test/native/websocket_fuzz.cc native/websocket/{frame_reader,utf8}.cc -o websocket_fuzz
//
// The first byte chooses who the peer is and how large a message may be, the second where the input
// is cut; the rest is the bytes of the peer. What must hold: what is told is the same whole, byte
// by byte and cut in two; a text that is told is UTF-8; no message is larger than it may be.
#include <cstdlib>
#include <iostream>

#include "websocket_frames.h"

using namespace oxbow::websocket;
using oxbow::websocket::test::Story;

namespace {

void require(bool condition, const char* what) {
  if (condition) return;
  std::cerr << "broken: " << what << "\n";
  std::abort();
}

void check_whole(const std::string& bytes, const Settings& settings) {
  std::vector<uint8_t> own(bytes.begin(), bytes.end());
  FrameReader reader(settings);
  reader.feed(own.data(), own.size());
  Utf8Check text;
  uint64_t size = 0;
  while (true) {
    const Event event = reader.next();
    if (event == Event::kRefused) {
      require(reader.refusal() != Refusal::kNone, "a refusal has a reason");
      return;
    }
    if (event == Event::kNeedMore) {
      require(reader.unread() == 0, "everything fed is used");
      return;
    }
    if (event == Event::kControl) {
      require(reader.control().size <= 125, "a control frame is short");
      continue;
    }
    const Piece& piece = reader.piece();
    const bool inside = piece.size == 0 || (piece.data >= own.data() &&
                                            piece.data + piece.size <= own.data() + own.size());
    require(inside, "a piece is in the feed");
    if (piece.first) {
      size = 0;
      text.begin();
    }
    size += piece.size;
    require(size <= settings.message_max + (piece.packed ? 1024 : 0), "message_max holds");
    if (!piece.text || piece.packed) continue;
    require(text.take(piece.data, piece.size), "text is UTF-8");
    if (piece.ascii) require(text.complete(), "ASCII has no characters of two bytes");
    if (piece.last) require(text.complete(), "text ends with a character");
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size < 2) return 0;
  Settings settings;
  settings.masked = (data[0] & 1) != 0;
  settings.deflate = (data[0] & 2) != 0;
  if ((data[0] & 4) != 0) settings.message_max = 7;
  const std::string bytes(reinterpret_cast<const char*>(data) + 2, size - 2);
  check_whole(bytes, settings);
  Story whole(settings);
  whole.feed(bytes);
  require(whole.broken() == nullptr, "pieces follow each other");
  Story slow(settings);
  for (const char byte : bytes) slow.feed(std::string(1, byte));
  require(slow.told() == whole.told(), "cut at every byte");
  const size_t cut = bytes.empty() ? 0 : data[1] % bytes.size();
  Story halves(settings);
  halves.feed(bytes.substr(0, cut)).feed(bytes.substr(cut));
  require(halves.told() == whole.told(), "cut in two");
  return 0;
}
