// Interprets the fields of a head together: framing, and whether the connection persists. This is
// where request smuggling is prevented: anything that two readers could frame differently is an
// error.
#pragma once

#include "http/errors.h"
#include "http/types.h"

namespace oxbow::http {

// What the parser must know about the request to interpret its response.
struct ResponseTo {
  bool head_request = false;
  bool connect = false;
};

// Sets content_length and the flags of scratch.head, whose syntax was accepted. A response without
// framing has has_body set, chunked unset, and content_length -1: its body ends with the
// connection.
Refusal interpret(Kind kind, ResponseTo response_to, const Limits& limits, HeadScratch& scratch);

}  // namespace oxbow::http
