// The first line of a head. Called with the whole head's memory, because the line's end is found by
// parsing it: the common case looks at every byte once.
#pragma once

#include "http/errors.h"
#include "http/types.h"

namespace oxbow::http {

// Parses the line at base into head. Returns the byte after its CRLF, or nullptr with the refusal
// set; when the line is not complete yet the refusal means nothing (see read_head).
const uint8_t* parse_request_line(const uint8_t* base, const uint8_t* end, Head& head,
                                  Refusal& refusal);
const uint8_t* parse_status_line(const uint8_t* base, const uint8_t* end, Head& head,
                                 Refusal& refusal);

// Whether the target has the form its method asks for (RFC 9112 section 3.2).
bool target_fits(const uint8_t* target, uint32_t size, Method method);

}  // namespace oxbow::http
