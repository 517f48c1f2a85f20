// The words of the HTTP/1.1 parser: what it is given (Kind, Limits) and what it says (Event, Head).
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>

namespace oxbow::http {

enum class Kind : uint8_t { kRequest, kResponse };

// What Parser::next() found. A message is kHead, any number of kBody, kEnd.
enum class Event : uint8_t { kNeedMore, kHead, kBody, kEnd, kError };

// Methods with a number of their own; every other token is kOther and read from its slice.
enum class Method : uint8_t {
  kOther,
  kGet,
  kHead,
  kPost,
  kPut,
  kDelete,
  kConnect,
  kOptions,
  kTrace,
  kPatch,
};

// Bounds on what a peer may send, in bytes. Shared by all connections of a listener, and never
// changed under a parser: what a head was measured with in one read must hold in the next.
struct Limits {
  uint32_t line_max = 8190;        // request line, status line, one field line: 431
  uint32_t headers_max = 128;      // field lines of a head, and again of the trailers: 431
  uint32_t head_max = 65535;       // a whole head with its empty line, and the trailers: 431
  uint64_t body_max = UINT64_MAX;  // the decoded body: 413
};

// Lengths that JavaScript cannot count exactly are refused, so a body size is a safe integer.
inline constexpr uint64_t kLengthMax = (uint64_t{1} << 53) - 1;

// All chunk extensions of one message together. Nobody uses them, so anything large is an attack.
inline constexpr uint32_t kChunkExtensionsMax = 16384;

struct Slice {
  uint32_t offset = 0;  // from Head::base
  uint32_t length = 0;
};

// One field line. Offsets count from Head::base; the value has no white space at its ends.
struct Field {
  uint32_t name_offset;
  uint32_t name_length;
  uint32_t value_offset;
  uint32_t value_length;
};

// A head that was accepted. Valid until the next call of Parser::next() or Parser::feed().
struct Head {
  const uint8_t* base = nullptr;
  uint32_t size = 0;  // with the empty line that ends it
  Method method_id = Method::kOther;
  uint8_t version_minor = 1;  // HTTP/1.0 or HTTP/1.1
  uint16_t status = 0;        // responses
  Slice method;               // requests
  Slice target;               // requests
  uint32_t path_length = 0;   // of the target up to its query, when it is /... without escapes
  Slice reason;               // responses, may be empty
  const Field* fields = nullptr;
  uint32_t field_count = 0;
  int64_t content_length = -1;  // -1: none was given
  bool chunked = false;
  bool keep_alive = false;       // the connection outlives this message
  bool upgrade = false;          // asks to leave HTTP (Upgrade, CONNECT), or has left it (101)
  bool expect_continue = false;  // the client waits for 100 before it sends the body
  bool has_body = false;         // kBody may follow
};

// A text that was looked at and found right. The next one is compared with it before it is looked
// at: most requests name the same host as the one before.
class KnownText {
 public:
  bool is(const uint8_t* data, size_t size) const {
    return size == size_ && std::memcmp(data, bytes_, size) == 0;
  }

  void note(const uint8_t* data, size_t size) {
    if (size > sizeof(bytes_)) return;
    std::memcpy(bytes_, data, size);
    size_ = size;
  }

 private:
  uint8_t bytes_[120];
  size_t size_ = 0;
};

// The field table, and the head built on it. One for each thread, lent to every next(), because a
// parser between messages must cost next to nothing and only one head is looked at at a time.
class HeadScratch {
 public:
  Head head;
  KnownText host;  // the value of a Host field

  Field* fields(uint32_t count) {
    if (count > capacity_) grow(count);
    return table_.get();
  }

 private:
  void grow(uint32_t count) {
    table_ = std::unique_ptr<Field[]>(new Field[count]);
    capacity_ = count;
  }

  std::unique_ptr<Field[]> table_;
  uint32_t capacity_ = 0;
};

}  // namespace oxbow::http
