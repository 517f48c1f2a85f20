// Random numbers for tests. A test that uses them prints its seed when it fails.
#pragma once

#include "base/random.h"

namespace oxbow::test {

using oxbow::Random;

}  // namespace oxbow::test
