#include "net/datagrams.h"

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "base/assert.h"

namespace oxbow {

using layout::CompletionOp;
using layout::SubmissionOp;

namespace {

constexpr uint32_t kRecordBytes = layout::kDatagramWords * 4;
constexpr uint32_t kPeerBytesMax = layout::kPeerWordsMax * 4;
// Added to the size of each waiting datagram, as in asyncio: an empty one uses memory, too.
constexpr uint64_t kHeaderBytes = 8;
// How many datagrams of maximum size fit in a chunk with their records.
constexpr uint32_t kLargestPerChunk = 3;
static_assert(kLargestPerChunk * (DatagramBatch::kBytesMax + kRecordBytes + kPeerBytesMax + 8) <=
              layout::kChunkBytes);
// Bounds the list of failures to report. JavaScript gets them in the same turn, so the list can
// only grow while the completion ring is full.
constexpr size_t kFailuresMax = 64;
// A larger list of collected datagrams is freed after the flush; up to this size it is kept for
// reuse.
constexpr size_t kFreshKept = 256;

bool same(const Address& one, const Address& other) {
  return one.length == other.length && std::memcmp(one.get(), other.get(), one.length) == 0;
}

}  // namespace

Datagrams::Datagrams(HandleHost* h, int d, bool connected, bool local)
    : Handle(HandleKind::kDatagrams, h, d),
      read_op_(OpKind::kReadable),
      write_op_(OpKind::kWritable),
      connected_(connected),
      local_(local) {
  if (local_) runs_.longest = SendRuns::kNever;
  for (Op* op : {&read_op_, &write_op_}) {
    op->descriptor = d;
    op->owner = static_cast<Handle*>(this);
  }
}

void Datagrams::take(const Submission& entry) {
  if (!alive()) return;
  switch (static_cast<SubmissionOp>(entry.op)) {
    case SubmissionOp::kSendDatagram:
      add(entry);
      break;
    case SubmissionOp::kReadStart:
      reading_ = true;
      start_reading();
      return;
    case SubmissionOp::kReadStop:
      stop_reading();
      return;
    case SubmissionOp::kNotifyDrain:
      drain_below_ = entry.value;
      break;
    case SubmissionOp::kClose:
      close_asked_ = true;
      stop_reading();
      break;
    case SubmissionOp::kAbort:
      abort();
      host->queue_events(this);
      return;
    default:
      return;
  }
  host->flush_later(this);
}

// --- receiving ---

void Datagrams::start_reading() {
  if (read_op_.started || read_op_.completed) return;
  if (!host->driver()->start(&read_op_)) return;
  reading_ = false;
  fail(read_op_.result);
}

void Datagrams::stop_reading() {
  reading_ = false;
  host->driver()->cancel(&read_op_);
}

bool Datagrams::reap(Op* op) {
  if (!alive()) return true;
  if (op == &write_op_) {
    send_waiting();
    return true;
  }
  if (!reading_) return true;
  receive();
  if (alive() && reading_) start_reading();
  return true;
}

// As many as certainly fit in the receive chunks and the completion ring, but not many more than
// arrived last time: preparing a batch of 64 costs as much as receiving several datagrams.
int Datagrams::wanted() const {
  const uint32_t chunks = host->arena().chunks_left();
  const uint32_t sure = std::min(chunks, host->completion_room()) * kLargestPerChunk;
  return static_cast<int>(std::min({sure, static_cast<uint32_t>(expected_ * 2 + 2),
                                    static_cast<uint32_t>(DatagramBatch::kMax)}));
}

void Datagrams::receive() {
  DatagramBatch* batch = host->datagram_batch();
  batch->wanted = wanted();
  batch->connected = connected_;
  batch->bare = local_;
  if (batch->wanted == 0) return;
  const int count = host->driver()->try_receive_datagrams(descriptor, batch);
  if (count < 0) {
    if (count != -EAGAIN) fail(count);
    return;
  }
  expected_ = count;
  for (int told = 0; told < count;) {
    if (batch->entries[told].cut) {
      // A truncated datagram is useless.
      fail(-EMSGSIZE);
      told++;
    } else {
      told += tell_group(batch, told, count - told);
    }
  }
}

// Reports as many as fit in one chunk. Consecutive datagrams from one address share one copy of it.
int Datagrams::tell_group(DatagramBatch* batch, int from, int count) {
  const DatagramBatch::Entry* entries = batch->entries + from;
  uint32_t bytes = 0;
  int told = 0;
  for (; told < count && !entries[told].cut; told++) {
    const bool known = told > 0 && same(entries[told].from, entries[told - 1].from);
    const uint32_t peer_bytes = known ? 0 : packed_words(entries[told].from) * 4;
    const uint32_t more = kRecordBytes + entries[told].length + peer_bytes;
    if (bytes + more > layout::kChunkBytes) break;
    bytes += more;
  }
  const ReceiveArena::Place place = host->arena().allocate(bytes);
  if (place.data == nullptr) {
    // No memory for a chunk: the datagrams are lost, as when the kernel has no room for them.
    fail(-ENOMEM);
    return told;
  }
  uint8_t* const chunk = place.data - place.offset;
  uint32_t* record = reinterpret_cast<uint32_t*>(place.data);
  uint32_t at = place.offset + static_cast<uint32_t>(told) * kRecordBytes;
  uint32_t peer = 0;
  // The records and addresses come before the bytes, because they are words and must be aligned.
  for (int n = 0; n < told; n++, record += layout::kDatagramWords) {
    if (n == 0 || !same(entries[n].from, entries[n - 1].from)) {
      peer = at;
      pack_address(entries[n].from, reinterpret_cast<uint32_t*>(chunk + at));
      at += packed_words(entries[n].from) * 4;
    }
    record[layout::kDatagramLength] = entries[n].length;
    record[layout::kDatagramSegment] = entries[n].segment;
    record[layout::kDatagramPeer] = peer;
  }
  record = reinterpret_cast<uint32_t*>(place.data);
  for (int n = 0; n < told; n++, record += layout::kDatagramWords) {
    record[layout::kDatagramOffset] = at;
    std::memcpy(chunk + at, batch->data(from + n), entries[n].length);
    at += entries[n].length;
  }
  OXBOW_ASSERT(at == place.offset + bytes);
  Completion* completion = host->complete(CompletionOp::kDatagrams, this);
  completion->chunk = place.chunk;
  completion->offset = place.offset;
  completion->length = static_cast<uint32_t>(told);
  return told;
}

// --- sending ---

void Datagrams::add(const Submission& entry) {
  const uint8_t* data = host->bytes_to_send(entry);
  if (close_asked_) return;
  const int32_t to = (entry.flags & layout::kSendTo) == 0 ? -1 : target_of(entry);
  fresh_.push_back({data, entry.length, to});
}

void Datagrams::copy_target(const Submission& entry, uint32_t* packed, uint32_t words) const {
  Submission place = entry;
  place.offset = static_cast<uint32_t>(entry.value);
  place.length = words * 4;
  std::memcpy(packed, host->bytes_to_send(place), place.length);
}

// Consecutive datagrams to one address usually share one copy of it in the arena.
int32_t Datagrams::target_of(const Submission& entry) {
  if (entry.value != last_target_ || targets_.empty()) {
    uint32_t packed[layout::kPeerWordsMax];
    copy_target(entry, packed, layout::kPeerBytes);
    const uint32_t words = packed_words(packed);
    OXBOW_ASSERT(words <= layout::kPeerWordsMax);
    copy_target(entry, packed, words);
    targets_.emplace_back();
    const bool known = unpack_address(packed, &targets_.back());
    OXBOW_ASSERT(known);
    last_target_ = entry.value;
  }
  return static_cast<int32_t>(targets_.size()) - 1;
}

void Datagrams::flush() {
  if (alive() && local_ && !waiting_.empty()) send_waiting();
  if (alive() && !fresh_.empty()) {
    std::vector<OutgoingDatagram> list;
    list.reserve(fresh_.size());
    for (const Fresh& each : fresh_) {
      const Address* to = each.to < 0 ? nullptr : &targets_[static_cast<size_t>(each.to)];
      list.push_back({each.data, each.length, to});
    }
    const size_t sent = waiting_.empty() ? send(list) : 0;
    for (size_t n = sent; alive() && n < list.size(); n++) keep(list[n]);
  }
  fresh_.clear();
  if (fresh_.capacity() > kFreshKept) fresh_.shrink_to_fit();
  targets_.clear();
  last_target_ = -1;
  settle();
}

// Returns how many are finished: sent or failed. The kernel has no room for the rest.
size_t Datagrams::send(const std::vector<OutgoingDatagram>& list) {
  size_t done = 0;
  while (done < list.size()) {
    const int sent = host->driver()->try_send_datagrams(
        descriptor, list.data() + done, static_cast<int>(list.size() - done), &runs_);
    if (sent == -EAGAIN) break;
    if (sent < 0) fail(sent);
    done += sent < 0 ? 1 : static_cast<size_t>(sent);
  }
  return done;
}

void Datagrams::keep(const OutgoingDatagram& datagram) {
  const bool connected = datagram.to == nullptr;
  waiting_.push_back({std::vector<uint8_t>(datagram.data, datagram.data + datagram.length),
                      connected ? Address{} : *datagram.to, connected});
  waiting_bytes_ += datagram.length + kHeaderBytes;
}

void Datagrams::send_waiting() {
  std::vector<OutgoingDatagram> list;
  list.reserve(waiting_.size());
  for (const Waiting& each : waiting_) {
    list.push_back({each.bytes.data(), static_cast<uint32_t>(each.bytes.size()),
                    each.connected ? nullptr : &each.to});
  }
  for (size_t done = send(list); done > 0; done--) {
    waiting_bytes_ -= waiting_.front().bytes.size() + kHeaderBytes;
    waiting_.pop_front();
  }
  settle();
}

// Does whatever was waiting for the queue to become shorter or empty.
void Datagrams::settle() {
  if (!alive()) return;
  if (drain_below_ >= 0 && static_cast<double>(waiting_bytes_) <= drain_below_) {
    drain_below_ = -1;
    events |= kEventDrain;
  }
  if (waiting_.empty()) {
    if (close_asked_) close(true);
    return;
  }
  // An unconnected Unix socket is always writable, whether its receiver has room or not, so waiting
  // for that would retry in every turn. JavaScript triggers a flush from time to time instead.
  if (local_ && !connected_) return;
  if (write_op_.started || write_op_.completed) return;
  if (!host->driver()->start(&write_op_)) return;
  // The socket cannot be polled, so the waiting datagrams can never be sent.
  fail(write_op_.result);
  waiting_.clear();
  waiting_bytes_ = 0;
  settle();
}

// --- the end ---

void Datagrams::fail(int32_t error) {
  if (!failures_.empty() && failures_.back().error == error) {
    failures_.back().times++;
  } else if (failures_.size() < kFailuresMax) {
    failures_.push_back({error, 1});
  }
  host->resume_later(this);
}

// Reports failures.
void Datagrams::resume() {
  while (!failures_.empty() && host->completion_room() > kRoomMin) {
    Completion* completion = host->complete(CompletionOp::kDatagramError, this);
    completion->result = failures_.front().error;
    completion->length = failures_.front().times;
    failures_.pop_front();
  }
  if (!failures_.empty()) host->resume_later(this);
}

void Datagrams::close(bool owns) {
  if (descriptor < 0) return;
  for (Op* op : {&read_op_, &write_op_}) host->driver()->cancel(op);
  host->driver()->release(descriptor, owns);
  descriptor = -1;
  reading_ = false;
  waiting_.clear();
  waiting_bytes_ = 0;
  failures_.clear();
  // A pending "drained" event is reported before the end.
  events = static_cast<uint16_t>((events & kEventDrain) | kEventClosed);
}

}  // namespace oxbow
