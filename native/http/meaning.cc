#include "http/meaning.h"

#include "http/chars.h"
#include "http/host.h"

namespace oxbow::http {
namespace {

struct Value {
  const uint8_t* data;
  uint32_t size;
};

// The relevant content of the fields, before checking whether it is consistent.
struct Seen {
  uint32_t hosts = 0;
  uint32_t encodings = 0;
  int64_t length = -1;
  bool close = false;
  bool keep_alive = false;
  bool connection_upgrade = false;
  bool upgrade = false;
  Refusal encoding = Refusal::kNone;
  bool expect_continue = false;
};

// Calls visit(data, size) for each member of a comma-separated list, without surrounding white
// space. Empty members are visited too, because some callers must refuse them.
template <typename Visit>
void each_member(Value value, Visit visit) {
  const uint8_t* p = value.data;
  const uint8_t* end = p + value.size;
  while (true) {
    while (p < end && is_space(*p)) ++p;
    const uint8_t* member = p;
    while (p < end && *p != ',') ++p;
    const uint8_t* member_end = p;
    while (member_end > member && is_space(member_end[-1])) --member_end;
    visit(member, static_cast<size_t>(member_end - member));
    if (p == end) return;
    ++p;
  }
}

void see_connection(Value value, Seen& seen) {
  each_member(value, [&seen](const uint8_t* p, size_t size) {
    if (matches(p, size, "keep-alive")) seen.keep_alive = true;
    if (matches(p, size, "close")) seen.close = true;
    if (matches(p, size, "upgrade")) seen.connection_upgrade = true;
  });
}

// Digits only: a sign, a list ("5, 5") or inner white space could be interpreted in two ways.
Refusal see_length(Value value, Seen& seen) {
  if (seen.length >= 0) return Refusal::kLengthRepeated;
  if (value.size == 0) return Refusal::kLengthValue;
  uint64_t length = 0;
  for (uint32_t i = 0; i < value.size; ++i) {
    if (!is_digit(value.data[i])) return Refusal::kLengthValue;
    length = length * 10 + (value.data[i] - '0');
    if (length > kLengthMax) return Refusal::kLengthValue;
  }
  seen.length = static_cast<int64_t>(length);
  return Refusal::kNone;
}

// Only a single "chunked" is supported; other values differ in the status of the refusal. A
// response may repeat it: when a framework and its server both add it, the body was encoded only
// once, and nobody after us would frame it differently.
void see_encoding(Kind kind, Value value, Seen& seen) {
  if (++seen.encodings > 1 && (kind == Kind::kRequest || seen.encoding != Refusal::kNone)) {
    seen.encoding = Refusal::kEncodingValue;
    return;
  }
  uint32_t members = 0;
  uint32_t chunked = 0;
  bool malformed = false;
  bool last_is_chunked = false;
  each_member(value, [&](const uint8_t* p, size_t size) {
    ++members;
    malformed |= size == 0;
    last_is_chunked = matches(p, size, "chunked");
    chunked += last_is_chunked;
  });
  const bool repeated = chunked > 1 && (kind == Kind::kRequest || chunked < members);
  if (malformed || repeated) {
    seen.encoding = Refusal::kEncodingValue;
  } else if (!last_is_chunked) {
    seen.encoding = Refusal::kEncodingFinal;
  } else if (members > chunked) {
    seen.encoding = Refusal::kEncodingUnknown;
  }
}

// An empty value is valid: it means that the target has no authority.
Refusal see_host(Value value, KnownText& known, Seen& seen) {
  if (++seen.hosts > 1) return Refusal::kHostRepeated;
  if (value.size == 0 || known.is(value.data, value.size)) return Refusal::kNone;
  if (!is_authority(value.data, value.data + value.size, Port::kOptional)) {
    return Refusal::kHostValue;
  }
  known.note(value.data, value.size);
  return Refusal::kNone;
}

// The length of the name selects the field to compare with, so most fields cost one comparison.
Refusal see_field(Kind kind, const uint8_t* name, uint32_t name_size, Value value,
                  KnownText& known_host, Seen& seen) {
  switch (name_size) {
    case 4:
      if (kind == Kind::kRequest && matches(name, 4, "host")) {
        return see_host(value, known_host, seen);
      }
      break;
    case 6:
      if (matches(name, 6, "expect")) {
        seen.expect_continue = matches(value.data, value.size, "100-continue");
      }
      break;
    case 7:
      // An empty value names no protocol, so it requests nothing.
      if (matches(name, 7, "upgrade") && value.size > 0) seen.upgrade = true;
      break;
    case 10:
      if (matches(name, 10, "connection")) see_connection(value, seen);
      break;
    case 14:
      if (matches(name, 14, "content-length")) return see_length(value, seen);
      break;
    case 17:
      if (matches(name, 17, "transfer-encoding")) see_encoding(kind, value, seen);
      break;
    default:
      break;
  }
  return Refusal::kNone;
}

Refusal check_encoding(const Head& head, const Seen& seen) {
  if (seen.encodings == 0) return Refusal::kNone;
  if (head.version_minor == 0) return Refusal::kEncodingVersion;
  if (seen.length >= 0) return Refusal::kLengthAndEncoding;
  return seen.encoding;
}

Refusal frame_request(const Seen& seen, Head& head) {
  if (seen.hosts == 0 && head.version_minor == 1) return Refusal::kHostMissing;
  head.has_body = head.chunked || head.content_length > 0;
  head.expect_continue = head.version_minor == 1 && seen.expect_continue;
  head.upgrade = head.version_minor == 1 && seen.upgrade && seen.connection_upgrade;
  if (head.method_id != Method::kConnect) return Refusal::kNone;
  head.upgrade = true;
  return head.has_body ? Refusal::kConnectBody : Refusal::kNone;
}

void frame_response(ResponseTo to, Head& head) {
  const uint16_t status = head.status;
  head.expect_continue = false;
  head.upgrade = status == 101 || (to.connect && status >= 200 && status < 300);
  const bool bodiless =
      to.head_request || head.upgrade || status < 200 || status == 204 || status == 304;
  head.has_body = !bodiless && (head.chunked || head.content_length != 0);
  // The end of the connection is the end of this body, so the connection cannot be kept alive.
  if (head.has_body && !head.chunked && head.content_length < 0) head.keep_alive = false;
}

}  // namespace

Refusal interpret(Kind kind, ResponseTo response_to, const Limits& limits, HeadScratch& scratch) {
  Head& head = scratch.head;
  Seen seen;
  const Field* field = head.fields;
  for (uint32_t i = 0; i < head.field_count; ++i, ++field) {
    const Value value{head.base + field->value_offset, field->value_length};
    const Refusal refusal = see_field(kind, head.base + field->name_offset, field->name_length,
                                      value, scratch.host, seen);
    if (refusal != Refusal::kNone) return refusal;
  }
  const Refusal encoding = check_encoding(head, seen);
  if (encoding != Refusal::kNone) return encoding;
  head.chunked = seen.encodings > 0;
  head.content_length = seen.length;
  head.keep_alive = !seen.close && (head.version_minor == 1 || seen.keep_alive);
  if (kind == Kind::kRequest) {
    const Refusal refusal = frame_request(seen, head);
    if (refusal != Refusal::kNone) return refusal;
  } else {
    frame_response(response_to, head);
  }
  const bool sized = head.has_body && head.content_length > 0;
  if (sized && static_cast<uint64_t>(head.content_length) > limits.body_max) {
    return Refusal::kBodyTooLarge;
  }
  return Refusal::kNone;
}

}  // namespace oxbow::http
