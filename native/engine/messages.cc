// HTTP connections: received bytes -> parser -> completions.
//
// The parser reads where the bytes landed, so a head and a body are told as places in the receive
// chunk, without a copy. What cannot be told now (paused, or no room) is kept aside and its
// pieces are copied into the current chunk when their time comes.
#include <cerrno>
#include <cstring>

#include "engine/engine.h"

namespace oxbow {

using http::Event;
using layout::CompletionOp;

namespace {

// Entries that one step of a parser may fill.
constexpr uint32_t kRoomMin = 4;
// Room in the receive chunks for the largest head and its record, or for the largest piece of body.
constexpr uint32_t kChunkRoomMin = 1u << 17;
// Heads of one connection that are told in a turn; the rest waits, so that JavaScript can pause: a
// read of 64 KiB has room for two thousand requests, each of which costs more than its bytes.
constexpr int kHeadsMax = 32;
// What a peer may still send after a message that was refused. It is dropped, so that the answer
// is not lost in a reset (RFC 9112, 9.6); then its sending is stopped.
constexpr uint32_t kDroppedMax = 64u << 20;

uint32_t head_flags(const http::Head& head) {
  return (head.keep_alive ? layout::kHeadKeepAlive : 0) |
         (head.chunked ? layout::kHeadChunked : 0) |
         (head.content_length >= 0 ? layout::kHeadHasLength : 0) |
         (head.upgrade ? layout::kHeadUpgrade : 0) |
         (head.expect_continue ? layout::kHeadExpectContinue : 0) |
         (head.has_body ? layout::kHeadHasBody : 0) |
         (head.version_minor == 0 ? layout::kHeadVersion10 : 0);
}

void write_head(const http::Head& head, uint32_t bytes_offset, uint32_t* words) {
  const uint64_t length = head.content_length < 0 ? 0 : static_cast<uint64_t>(head.content_length);
  words[layout::kHeadMethod] = static_cast<uint32_t>(head.method_id);
  words[layout::kHeadStatus] = head.status;
  words[layout::kHeadFlags] = head_flags(head);
  words[layout::kHeadMethodLength] = head.method.length;
  words[layout::kHeadTargetOffset] = head.target.offset;
  words[layout::kHeadTargetLength] = head.target.length;
  words[layout::kHeadFieldCount] = head.field_count;
  words[layout::kHeadBytesOffset] = bytes_offset;
  words[layout::kHeadLengthLow] = static_cast<uint32_t>(length);
  words[layout::kHeadLengthHigh] = static_cast<uint32_t>(length >> 32);
  words[layout::kHeadReasonOffset] = head.reason.offset;
  words[layout::kHeadReasonLength] = head.reason.length;
  words[layout::kHeadMethodOffset] = head.method.offset;
  uint32_t* field = words + layout::kHeadWords;
  for (uint32_t n = 0; n < head.field_count; n++, field += layout::kFieldWords) {
    const http::Field& from = head.fields[n];
    field[0] = from.name_offset | (from.name_length << 16);
    field[1] = from.value_offset | (from.value_length << 16);
  }
}

}  // namespace

void Engine::take_message_bytes(Connection* connection, const uint8_t* data, uint32_t size) {
  MessageState& state = *connection->messages;
  if (state.stopped) {
    state.dropped += size;
    if (state.dropped > kDroppedMax) connection->stop_reading();
    return;
  }
  if (state.parser.unread() == 0) {
    state.parser.feed(data, size);
    pump(connection);
    return;
  }
  // Still behind: these bytes wait their turn.
  keep_unread(connection, data, size);
  list_messages(connection);
}

// Tells events until the bytes are used up, there is no more room, or JavaScript has paused.
void Engine::pump(Connection* connection) {
  MessageState& state = *connection->messages;
  int heads = 0;
  while ((heads < kHeadsMax || state.parser.unread() == 0) && pump_one(connection, &heads)) {
  }
  if (state.stopped || connection->closed) return;
  if (state.parser.unread() > 0) {
    keep_unread(connection, nullptr, 0);
    list_messages(connection);
  } else {
    state.kept.reset();
    if (state.ended && !connection->paused) finish_messages(connection);
  }
}

// False: stop here.
bool Engine::pump_one(Connection* connection, int* heads) {
  MessageState& state = *connection->messages;
  if (state.stopped || connection->closed || connection->paused) return false;
  // With all bytes used, only the end of a message may be left to tell. No byte that is still to
  // come would bring us back to it, so it takes one of the entries that kRoomMin has kept free.
  const bool has_bytes = state.parser.unread() > 0;
  if (has_bytes && (completion_room() < kRoomMin || !arena_.has_room(kChunkRoomMin))) return false;
  // What comes behind a response, or before a request, would be taken for the next answer.
  if (has_bytes && state.asks && !state.asked) {
    refuse_message(connection, http::Refusal::kUnasked);
    return false;
  }
  Event event = state.parser.next(scratch_);
  if (event == Event::kBody) {
    const http::Parser::Bytes body = join_chunks(connection, &event);
    if (!tell_body(connection, body)) return false;
    // A read that ends with a body, and no more is known.
    if (event == Event::kBody) return true;
  }
  switch (event) {
    case Event::kNeedMore:
    case Event::kBody:
      return false;
    case Event::kHead:
      ++*heads;
      return tell_head(connection, scratch_.head);
    case Event::kEnd:
      if (state.final_response) state.asked = false;
      // A message without a body is over with its head.
      if (state.body_expected) complete(CompletionOp::kMessageEnd, connection);
      return true;
    case Event::kError:
      refuse_message(connection, state.parser.refusal());
      return false;
  }
  return false;
}

// The piece of body that the parser has found, with the chunks that follow it in the same bytes:
// they move down over what framed them, which nobody needs any more. So a body in chunks of a byte
// is one piece for each read, instead of thousands. `event` is left at what comes next, or at kBody
// when nothing was asked.
http::Parser::Bytes Engine::join_chunks(Connection* connection, Event* event) {
  http::Parser& parser = connection->messages->parser;
  http::Parser::Bytes body = parser.body();
  while (parser.in_chunked_body() && parser.unread() > 0) {
    *event = parser.next(scratch_);
    if (*event != Event::kBody) break;
    const http::Parser::Bytes next = parser.body();
    // The bytes are in a receive chunk or were kept aside: both are ours to change.
    std::memmove(const_cast<uint8_t*>(body.data) + body.size, next.data, next.size);
    body.size += next.size;
  }
  return body;
}

void Engine::refuse_message(Connection* connection, http::Refusal refusal) {
  connection->messages->stopped = true;
  connection->messages->refusal = refusal;
  connection->events |= kEventMessageFailed;
  if (connection->messages->ended) connection->on_receive_end(0);
  note(connection);
}

bool Engine::tell_head(Connection* connection, const http::Head& head) {
  const uint32_t record = (layout::kHeadWords + head.field_count * layout::kFieldWords) * 4;
  ReceiveArena::Place bytes = arena_.find(head.base);
  const bool in_place = bytes.data != nullptr && bytes.chunk == arena_.chunk() &&
                        arena_.room_in_chunk() >= record + 4;
  const ReceiveArena::Place place = arena_.allocate(in_place ? record : record + head.size);
  if (place.data == nullptr) {
    connection->fail(-ENOMEM);
    return false;
  }
  uint32_t bytes_offset = bytes.offset;
  if (!in_place) {
    bytes_offset = place.offset + record;
    std::memcpy(place.data + record, head.base, head.size);
  }
  write_head(head, bytes_offset, reinterpret_cast<uint32_t*>(place.data));
  Completion* completion = complete(CompletionOp::kMessageHead, connection);
  completion->chunk = place.chunk;
  completion->offset = place.offset;
  completion->length = record;
  connection->messages->body_expected = head.has_body;
  connection->messages->final_response = head.status >= 200 || head.status == 101;
  return true;
}

bool Engine::tell_body(Connection* connection, http::Parser::Bytes body) {
  const uint32_t size = static_cast<uint32_t>(body.size);
  ReceiveArena::Place place = arena_.find(body.data);
  if (place.data == nullptr) {
    place = arena_.allocate(size);
    if (place.data == nullptr) {
      connection->fail(-ENOMEM);
      return false;
    }
    std::memcpy(place.data, body.data, size);
  }
  Completion* completion = complete(CompletionOp::kMessageBody, connection);
  completion->chunk = place.chunk;
  completion->offset = place.offset;
  completion->length = size;
  return true;
}

// The peer has closed: a body that lasts until then is complete, any other is cut off. Also when no
// event is told any more: whoever answers a refused message waits for this end.
void Engine::finish_messages(Connection* connection) {
  MessageState& state = *connection->messages;
  state.ended = true;
  connection->reading = false;
  if (!state.stopped) {
    if (state.parser.unread() > 0) return;
    const Event event = state.parser.finish();
    if (event == Event::kEnd) complete(CompletionOp::kMessageEnd, connection);
    if (event == Event::kError) {
      refuse_message(connection, state.parser.refusal());
      return;
    }
    state.stopped = true;
  }
  connection->on_receive_end(0);
  note(connection);
}

// Parsers that have unread bytes go on, unless they are paused.
void Engine::resume_messages() {
  std::vector<Connection*> turn;
  turn.swap(parsing_);
  for (Connection* connection : turn) {
    connection->messages->listed = false;
    if (!connection->closed) pump(connection);
  }
}

// Moves the unread bytes, and `size` more, to memory of the connection's own.
void Engine::keep_unread(Connection* connection, const uint8_t* data, uint32_t size) {
  MessageState& state = *connection->messages;
  const size_t left = state.parser.unread();
  if (size == 0 && state.kept != nullptr) return;  // they stand there already
  std::unique_ptr<uint8_t[]> kept(new uint8_t[left + size]);
  std::memcpy(kept.get(), state.parser.unread_data(), left);
  if (size > 0) std::memcpy(kept.get() + left, data, size);
  state.parser.feed(kept.get(), left + size);
  state.kept = std::move(kept);
}

void Engine::list_messages(Connection* connection) {
  MessageState& state = *connection->messages;
  if (state.listed || connection->paused || state.stopped) return;
  if (state.parser.unread() == 0 && !state.ended) return;
  state.listed = true;
  parsing_.push_back(connection);
}

}  // namespace oxbow
