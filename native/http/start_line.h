// Parses the first line of a head. Called with the memory of the whole head, because the line's end
// is found by parsing it: in the common case every byte is looked at only once.
#pragma once

#include "http/errors.h"
#include "http/types.h"

namespace oxbow::http {

// Parses the line at base into head. Returns the byte after its CRLF, or nullptr with the refusal
// set; if the line is not complete yet the refusal is meaningless (see read_head).
const uint8_t* parse_request_line(const uint8_t* base, const uint8_t* end, Head& head,
                                  Refusal& refusal);
const uint8_t* parse_status_line(const uint8_t* base, const uint8_t* end, Head& head,
                                 Refusal& refusal);

// Whether the target has a form that is allowed for its method (RFC 9112 section 3.2).
bool target_fits(const uint8_t* target, uint32_t size, Method method);

}  // namespace oxbow::http
