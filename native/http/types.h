// The types of the HTTP/1.1 parser: its input (Kind, Limits) and its output (Event, Head).
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>

namespace oxbow::http {

enum class Kind : uint8_t { kRequest, kResponse };

// The result of Parser::next(). A message is kHead, any number of kBody, kEnd.
enum class Event : uint8_t { kNeedMore, kHead, kBody, kEnd, kError };

// Methods with their own number; any other token is kOther and must be read from its slice.
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

// Limits on what a peer may send, in bytes, with the status of a refusal. Shared by all connections
// of a listener, and never changed while a parser uses them: a partial head is measured with the
// same limits in every read.
struct Limits {
  uint32_t line_max = 8190;        // request line, status line, one field line: 431
  uint32_t headers_max = 128;      // field lines of a head, and again of the trailers: 431
  uint32_t head_max = 65535;       // a whole head with its empty line, and the trailers: 431
  uint64_t body_max = UINT64_MAX;  // the decoded body: 413
};

// Lengths that a JavaScript number cannot represent exactly are refused, so a body size is a safe
// integer.
inline constexpr uint64_t kLengthMax = (uint64_t{1} << 53) - 1;

// For all chunk extensions of one message together. They are practically unused, so large ones are
// an attack.
inline constexpr uint32_t kChunkExtensionsMax = 16384;

struct Slice {
  uint32_t offset = 0;  // from Head::base
  uint32_t length = 0;
};

// One field line. Offsets are relative to Head::base; the value has no surrounding white space.
struct Field {
  uint32_t name_offset;
  uint32_t name_length;
  uint32_t value_offset;
  uint32_t value_length;
};

// A head that was accepted. Valid until the next call of Parser::next() or Parser::feed().
struct Head {
  const uint8_t* base = nullptr;
  uint32_t size = 0;  // including the empty line that ends it
  Method method_id = Method::kOther;
  uint8_t version_minor = 1;  // HTTP/1.0 or HTTP/1.1
  uint16_t status = 0;        // responses
  Slice method;               // requests
  Slice target;               // requests
  uint32_t path_length = 0;   // the target up to its query, if it is /... without escapes
  Slice reason;               // responses, may be empty
  const Field* fields = nullptr;
  uint32_t field_count = 0;
  int64_t content_length = -1;  // -1: there was none
  bool chunked = false;
  bool keep_alive = false;       // the connection persists after this message
  bool upgrade = false;          // asks to leave HTTP (Upgrade, CONNECT), or has left it (101)
  bool expect_continue = false;  // the client waits for 100 before it sends the body
  bool has_body = false;         // kBody may follow
};

// A text that was checked and found valid. The next text is first compared with it, which saves
// checking it again: most requests name the same host as the one before.
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

// The field table, and the head that points into it. There is one per thread, passed to every
// next(), because a parser between messages must use almost no memory, and only one head is read at
// a time.
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
