// Which driver runs on this platform. The only place that chooses.
#pragma once

#include <memory>
#include <string_view>

#include "driver/driver.h"

namespace oxbow {

// "auto" gives the platform's best; null for a name that is unknown here.
std::unique_ptr<Driver> choose_driver(std::string_view name);

}  // namespace oxbow
