// A libFuzzer target for the TLS layer: a client and a server in memory, and somebody between them
// who cuts, changes, repeats, drops and adds bytes as the input says. Built with
// -DOXBOW_FUZZ=ON (and OXBOW_SANITIZE=address).
//
// What must hold: nothing crashes or hangs; what comes out of one end is what went into the other,
// from the beginning, as far as it came; a layer that is broken stays so and sends no more than an
// alert.
#include <cstdlib>
#include <iostream>

#include "tls_peers.h"

using namespace oxbow;
using test::Contexts;
using test::Peers;
using test::Side;

namespace {

void require(bool condition, const char* what) {
  if (condition) return;
  std::cerr << "broken: " << what << "\n";
  std::abort();
}

// The rest of the input, as far as it goes.
struct Script {
  const uint8_t* data;
  size_t size;
  uint8_t next() {
    if (size == 0) return 0;
    size--;
    return *data++;
  }
};

void step(Script* script, Side* from, Side* to, std::string* said) {
  std::string& wire = from->cable.sent;
  switch (script->next() % 10) {
    case 0:
      if (from->layer->open()) {
        const std::string text(1 + script->next() * 40u, static_cast<char>(script->next()));
        if (from->layer->state() != -EPROTO) *said += text;
        from->write(text);
      }
      break;
    case 1:
      if (!wire.empty()) wire[script->next() % wire.size()] ^= static_cast<char>(script->next());
      break;
    case 2:
      wire.insert(wire.begin(), static_cast<char>(script->next()));
      break;
    case 3:
      if (!wire.empty()) wire.erase(0, 1u + script->next() % 64);
      break;
    case 4:
      wire += wire.substr(0, script->next() * 8u);
      break;
    case 5:
      to->layer->take_end();
      break;
    case 6:
      if (from->layer->open()) from->layer->end();
      break;
    default:
      to->take(&from->cable, 1u + script->next() * 16u);
      break;
  }
  to->read(1u + script->next() * 4u);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static const Contexts contexts[] = {Contexts(TLS1_2_VERSION), Contexts(TLS1_3_VERSION)};
  Script script{data, size};
  const uint8_t setting = script.next();
  Peers peers(contexts[setting & 1], (setting & 2) != 0 ? "server" : "");
  // Most begin where a handshake is through.
  if ((setting & 4) != 0) peers.run();
  std::string said_by_client;
  std::string said_by_server;
  while (script.size > 0) {
    if ((script.next() & 1) != 0) {
      step(&script, &peers.client, &peers.server, &said_by_client);
    } else {
      step(&script, &peers.server, &peers.client, &said_by_server);
    }
    const std::string& at_server = peers.server.heard;
    const std::string& at_client = peers.client.heard;
    require(said_by_client.compare(0, at_server.size(), at_server) == 0, "heard what was said");
    require(said_by_server.compare(0, at_client.size(), at_client) == 0, "heard what was said");
  }
  for (Side* each : {&peers.client, &peers.server}) {
    const int32_t state = each->layer->state();
    for (uint32_t what = 0; what < 9; what++) each->layer->tell(what);
    each->read(100);
    if (state != -EAGAIN) require(each->layer->state() == state, "broken stays broken");
  }
  return 0;
}
