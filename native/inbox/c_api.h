// The functions of include/oxbow.h as a table.
#pragma once

#include "include/oxbow.h"

namespace oxbow {

const oxbow_api* c_api();

}  // namespace oxbow
