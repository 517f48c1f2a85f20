#include "driver/choose.h"

#include "driver/virtual.h"

#if defined(__linux__)
#include "driver/epoll.h"
#endif

namespace oxbow {

std::unique_ptr<Driver> choose_driver(std::string_view name) {
  if (name == "virtual") return std::make_unique<VirtualDriver>();
#if defined(__linux__)
  if (name == "auto" || name == "epoll") return std::make_unique<EpollDriver>();
#endif
  return nullptr;
}

}  // namespace oxbow
