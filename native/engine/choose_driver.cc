#include "engine/choose_driver.h"

#include "simulation/simulation.h"

#if defined(OXBOW_EPOLL)
#include "driver/epoll.h"
#include "driver/readiness.h"
#elif defined(OXBOW_KQUEUE)
#include "driver/kqueue.h"
#include "driver/readiness.h"
#endif

namespace oxbow {
namespace {

// The best that the platform has, or null.
std::unique_ptr<Driver> system_driver() {
#if defined(OXBOW_EPOLL)
  return std::make_unique<Readiness>(std::make_unique<Epoll>());
#elif defined(OXBOW_KQUEUE)
  return std::make_unique<Readiness>(std::make_unique<Kqueue>());
#else
  return nullptr;
#endif
}

}  // namespace

std::unique_ptr<Driver> choose_driver(std::string_view name, double seed) {
  if (name == "virtual") {
    std::unique_ptr<Driver> outside = system_driver();
    if (outside == nullptr) return nullptr;
    return std::make_unique<Simulation>(std::move(outside), seed);
  }
  std::unique_ptr<Driver> driver = system_driver();
  if (driver != nullptr && (name == "auto" || name == driver->name())) return driver;
  return nullptr;
}

const char* driver_names() {
#if defined(OXBOW_EPOLL)
  return "epoll, virtual";
#elif defined(OXBOW_KQUEUE)
  return "kqueue, virtual";
#else
  return "none";
#endif
}

}  // namespace oxbow
