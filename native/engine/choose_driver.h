// Which driver runs on this platform. The only place that chooses.
#pragma once

#include <memory>
#include <string_view>

#include "driver/driver.h"

namespace oxbow {

// "auto" gives the platform's best; null for a name that is unknown here. `seed` is for a
// simulation, and says what it chooses by.
std::unique_ptr<Driver> choose_driver(std::string_view name, double seed = 0);

// The names that it knows here, for a message: "epoll, virtual".
const char* driver_names();

}  // namespace oxbow
