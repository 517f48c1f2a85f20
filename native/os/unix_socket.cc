#include "os/unix_socket.h"

#include <cerrno>

#include <sys/socket.h>
#include <sys/types.h>
#include <sys/un.h>
#include <unistd.h>
#if defined(__FreeBSD__)
#include <sys/ucred.h>
#endif

namespace oxbow {
namespace {

bool is_unix(int descriptor, int* error) {
  sockaddr_storage address{};
  socklen_t size = sizeof(address);
  *error = -EOPNOTSUPP;
  if (getsockname(descriptor, reinterpret_cast<sockaddr*>(&address), &size) != 0) *error = -errno;
  return address.ss_family == AF_UNIX;
}

}  // namespace

int peer_credentials(int descriptor, Credentials* out) {
  int error = 0;
  if (!is_unix(descriptor, &error)) return error;
#if defined(__linux__)
  struct {
    pid_t process;
    uid_t user;
    gid_t group;
  } found{};  // struct ucred, which needs _GNU_SOURCE
  socklen_t size = sizeof(found);
  if (getsockopt(descriptor, SOL_SOCKET, SO_PEERCRED, &found, &size) != 0) return -errno;
  // This is how Linux reports that there is no peer.
  if (found.process == 0 && found.user == static_cast<uid_t>(-1)) return -ENOTCONN;
  *out = {found.process, found.user, found.group};
#else
  uid_t user;
  gid_t group;
  if (getpeereid(descriptor, &user, &group) != 0) return -errno;
  *out = {-1, user, group};
#if defined(LOCAL_PEERPID)
  pid_t process = -1;
  socklen_t size = sizeof(process);
  if (getsockopt(descriptor, 0, LOCAL_PEERPID, &process, &size) == 0) out->process = process;
#elif defined(LOCAL_PEERCRED)
  xucred found{};
  socklen_t size = sizeof(found);
  if (getsockopt(descriptor, 0, LOCAL_PEERCRED, &found, &size) == 0) out->process = found.cr_pid;
#endif
#endif
  return 0;
}

}  // namespace oxbow
