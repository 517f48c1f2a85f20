#include "os/unix_address.h"

#include <cstddef>
#include <cstring>

#include <sys/un.h>

#include "ring/layout.h"

namespace oxbow {

static_assert(sizeof(sockaddr_un::sun_path) <=
              (layout::kPeerWordsMax - layout::kPeerBytes) * sizeof(uint32_t));

bool make_unix_address(const std::string& path, Address* out) {
  *out = Address{};
  sockaddr_un* address = reinterpret_cast<sockaddr_un*>(&out->storage);
  const bool abstract = !path.empty() && path[0] == '\0';
  // An abstract name has no terminating NUL; a path does.
  if (path.size() + (abstract ? 0 : 1) > sizeof(address->sun_path)) return false;
  if (!abstract && path.find('\0') != std::string::npos) return false;
  address->sun_family = AF_UNIX;
  std::memcpy(address->sun_path, path.data(), path.size());
  out->length = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + path.size());
  if (!abstract && !path.empty()) out->length++;
  return true;
}

bool is_unix_address(const Address& address) { return address.family() == AF_UNIX; }

std::string unix_path(const Address& address) {
  const size_t before = offsetof(sockaddr_un, sun_path);
  if (!is_unix_address(address) || address.length <= before) return "";
  const char* path = reinterpret_cast<const sockaddr_un*>(&address.storage)->sun_path;
  const size_t size = address.length - before;
  return path[0] == '\0' ? std::string(path, size) : std::string(path, strnlen(path, size));
}

}  // namespace oxbow
