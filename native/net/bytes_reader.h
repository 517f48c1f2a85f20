// The reader of a connection that has left its messages: bytes are told as they come, after those
// that the reader before it was given and has not told.
#pragma once

#include "net/reader.h"

namespace oxbow {

const ReaderMaker& bytes_readers();

}  // namespace oxbow
