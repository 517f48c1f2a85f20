// Memory that C++ fills, and that JavaScript sees as Buffers.
#pragma once

#include <cstdint>

namespace oxbow {

// Allocates chunks. Those of the addon are JavaScript memory.
class ChunkSource {
 public:
  // Returns `bytes` bytes of memory, valid until the next call for the same slot; null if there is
  // none.
  virtual uint8_t* next_chunk(uint32_t slot, uint32_t bytes) = 0;
  // Drops our reference to the slot's chunk; only JavaScript's views keep it alive from now on.
  virtual void forget_chunk(uint32_t slot) = 0;
  // Whether the slot's chunk still has its memory: JavaScript may have transferred it elsewhere.
  virtual bool has_memory(uint32_t slot) = 0;

 protected:
  ~ChunkSource() = default;
};

// The position of bytes in a chunk, for C++ (a pointer) and for JavaScript (chunk and offset).
struct ChunkPlace {
  uint8_t* data;  // null: no chunk available now
  uint32_t chunk;
  uint32_t offset;
};

}  // namespace oxbow
