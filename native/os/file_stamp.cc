#include "os/file_stamp.h"

#include <cerrno>

#include <fcntl.h>
#include <sys/stat.h>

#if defined(__linux__)
#include <sys/syscall.h>
#include <unistd.h>
#endif

namespace oxbow {
namespace {

#if defined(__APPLE__)
#define OXBOW_MODIFIED st_mtimespec
#define OXBOW_CHANGED st_ctimespec
#else
#define OXBOW_MODIFIED st_mtim
#define OXBOW_CHANGED st_ctim
#endif

int read_anywhere(int descriptor, FileStamp* out) {
  struct stat about;
  if (::fstat(descriptor, &about) != 0) return -errno;
  out->size = static_cast<int64_t>(about.st_size);
  out->links = static_cast<int64_t>(about.st_nlink);
  out->modified_seconds = static_cast<int64_t>(about.OXBOW_MODIFIED.tv_sec);
  out->modified_ns = static_cast<int64_t>(about.OXBOW_MODIFIED.tv_nsec);
  out->changed_seconds = static_cast<int64_t>(about.OXBOW_CHANGED.tv_sec);
  out->changed_ns = static_cast<int64_t>(about.OXBOW_CHANGED.tv_nsec);
  return 0;
}

#undef OXBOW_MODIFIED
#undef OXBOW_CHANGED

}  // namespace

int read_stamp(int descriptor, FileStamp* out) {
#if defined(__linux__) && defined(AT_STATX_DONT_SYNC)
  // Called without the C library: musl before 1.2.5 lacks the function, so this library would not
  // load there.
  struct statx about;
  constexpr unsigned kWanted = STATX_SIZE | STATX_NLINK | STATX_MTIME | STATX_CTIME;
  const int flags = AT_EMPTY_PATH | AT_STATX_DONT_SYNC;
  if (::syscall(SYS_statx, descriptor, "", flags, kWanted, &about) == 0) {
    out->size = static_cast<int64_t>(about.stx_size);
    out->links = static_cast<int64_t>(about.stx_nlink);
    out->modified_seconds = about.stx_mtime.tv_sec;
    out->modified_ns = about.stx_mtime.tv_nsec;
    out->changed_seconds = about.stx_ctime.tv_sec;
    out->changed_ns = about.stx_ctime.tv_nsec;
    return 0;
  }
  // A sandbox may not allow the call; then use fstat().
  if (errno == EBADF) return -EBADF;
#endif
  return read_anywhere(descriptor, out);
}

}  // namespace oxbow
