// The reader of a connection after an upgrade away from its messages: bytes are reported as they
// arrive, after those that the previous reader received and did not report.
#pragma once

#include "net/reader.h"

namespace oxbow {

const ReaderMaker& bytes_readers();

}  // namespace oxbow
