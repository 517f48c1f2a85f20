// Connections that have left HTTP for plain bytes, through the rings: what came before is told
// first, and while there is no room for it the peer waits.
#include "check.h"
#include "engine_harness.h"
#include "http/http_reader.h"
#include "net/bytes_reader.h"
#include "tcp_peer.h"

using namespace oxbow;
using layout::CompletionOp;
using layout::SubmissionOp;
using test::End;
using test::Peer;
using test::TcpHarness;

namespace {

const std::string kAsk = "GET / HTTP/1.1\r\nHost: h\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n";

// The reader of plain bytes, and the host that it was made for.
struct KnownHost final : ReaderMaker {
  std::unique_ptr<Reader> make(Stream* stream, HandleHost* its_host) const override {
    host = its_host;
    return bytes_readers().make(stream, its_host);
  }
  mutable HandleHost* host = nullptr;
};

struct Server : TcpHarness {
  explicit Server(uint32_t ready_capacity = 1024)
      : TcpHarness(http::make_readers(http::Kind::kRequest), ready_capacity), peer(address) {
    end = accept(true);
  }

  void leave() {
    CHECK(run_until([&] { return told(end).count(CompletionOp::kMessageHead) == 1; }));
    CHECK_EQ(engine().set_reader(end.handle, end.generation, readers), 0);
  }
  void expect(const std::string& expected) {
    CHECK(run_until([&] { return told(end).data.size() >= expected.size(); }));
    CHECK(told(end).data == expected);
  }
  // Everything that C++ itself may write between two turns.
  void fill_arena() {
    ReceiveArena& arena = readers.host->arena();
    while (arena.has_room(1u << 16)) CHECK(arena.allocate(1u << 16).data != nullptr);
  }

  KnownHost readers;
  Peer peer;
  End end;
};

std::string numbers(size_t size) {
  std::string all;
  for (int n = 0; all.size() < size; n++) all += std::to_string(n) + ",";
  return all.substr(0, size);
}

}  // namespace

TEST(what_came_before_is_told_first_and_the_end_behind_everything) {
  Server js;
  js.peer.send(kAsk + "early");
  js.leave();
  js.expect("early");
  js.peer.send(" late");
  js.peer.end();
  js.expect("early late");
  CHECK(js.run_until([&] { return js.told(js.end).count(CompletionOp::kEnd) == 1; }));
}

TEST(a_peer_that_floods_waits_while_there_is_no_room) {
  // More than the kernel takes; its period is no divisor of any buffer.
  std::string flood;
  for (const std::string part = numbers(99'991); flood.size() < (32u << 20);) flood += part;
  Server js;
  size_t sent = 0;
  js.peer.send(kAsk + flood.substr(0, 50'000));
  sent = 50'000;
  js.leave();
  // JavaScript is busy: the completions stay, so no memory is free again, and all of it is used.
  js.push_item();
  size_t before;
  int turns = 0;
  do {
    before = sent;
    for (int n = 0; n < 20; n++) {
      js.fill_arena();
      CHECK_EQ(js.engine().turn(false), 0);
      sent += js.peer.send_some(flood, sent);
    }
  } while (sent > before && ++turns < 1000);
  CHECK(sent < flood.size());
  // It goes on where it was.
  while (js.told(js.end).data.size() < flood.size() && js.last_outcome == 0) {
    sent += js.peer.send_some(flood, sent);
    js.turn(sent == flood.size());
  }
  CHECK(js.told(js.end).data == flood);
  CHECK_EQ(js.told(js.end).failure, 0);
}

TEST(bytes_that_were_received_and_find_no_room_follow_those_before) {
  Server js(4);
  const std::string early = numbers(40'000);
  js.peer.send(kAsk + early);
  js.leave();
  const std::string late = numbers(60'000);
  js.peer.send(late);
  // Received, but not told: the ring is full.
  js.push_item();
  for (int n = 0; n < 5; n++) CHECK_EQ(js.engine().turn(false), 0);
  // Then there is a place in the ring and no memory.
  js.fill_arena();
  js.turn();
  js.expect(early + late);
  js.peer.send("more");
  js.expect(early + late + "more");
  CHECK_EQ(js.told(js.end).failure, 0);
}

TEST(a_paused_connection_keeps_what_it_has_and_goes_on) {
  Server js(4);
  js.peer.send(kAsk + "early");
  js.leave();
  js.submit(SubmissionOp::kReadStop, js.end);
  js.peer.send(" late");
  for (int n = 0; n < 5; n++) js.turn();
  CHECK_EQ(js.told(js.end).data, std::string());
  js.submit(SubmissionOp::kReadStart, js.end);
  js.expect("early late");
}

CHECK_MAIN()
