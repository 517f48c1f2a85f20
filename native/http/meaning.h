// What the fields of a head mean together: framing, and the fate of the connection. This is where
// request smuggling is refused: whatever two readers could frame differently is an error.
#pragma once

#include "http/errors.h"
#include "http/types.h"

namespace oxbow::http {

// What the parser knows about a response from its request.
struct ResponseTo {
  bool head_request = false;
  bool connect = false;
};

// Sets content_length and the flags of scratch.head, whose syntax was accepted. A response without
// framing has has_body, not chunked, and content_length -1: its body ends with the connection.
Refusal interpret(Kind kind, ResponseTo response_to, const Limits& limits, HeadScratch& scratch);

}  // namespace oxbow::http
