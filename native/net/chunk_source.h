// Memory that JavaScript sees as Buffers, and that C++ fills.
#pragma once

#include <cstdint>

namespace oxbow {

// Makes chunks. The addon's are JavaScript memory.
class ChunkSource {
 public:
  // So many bytes of memory that stays valid until the slot is asked for again, or null.
  virtual uint8_t* next_chunk(uint32_t slot, uint32_t bytes) = 0;
  // Views on the slot's chunk keep it alive; we do not any more.
  virtual void forget_chunk(uint32_t slot) = 0;
  // Whether the slot's chunk still has its memory: JavaScript may have transferred it elsewhere.
  virtual bool has_memory(uint32_t slot) = 0;

 protected:
  ~ChunkSource() = default;
};

// Where bytes stand: how C++ finds them, and JavaScript.
struct ChunkPlace {
  uint8_t* data;  // null: no chunk to be had now
  uint32_t chunk;
  uint32_t offset;
};

}  // namespace oxbow
