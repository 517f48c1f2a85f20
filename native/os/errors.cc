#include "os/errors.h"

#include <cerrno>

#include <netdb.h>

namespace oxbow {

const NamedErrno* named_errnos() {
  static constexpr NamedErrno all[] = {
      {"EADDRNOTAVAIL", -EADDRNOTAVAIL},
      {"EAGAIN", -EAGAIN},
      {"EALREADY", -EALREADY},
      {"EBADF", -EBADF},
      {"EBUSY", -EBUSY},
      {"ECONNRESET", -ECONNRESET},
      {"EFAULT", -EFAULT},
      {"EINPROGRESS", -EINPROGRESS},
      {"EISCONN", -EISCONN},
      {"EMSGSIZE", -EMSGSIZE},
      {"ENOBUFS", -ENOBUFS},
      {"EOPNOTSUPP", -EOPNOTSUPP},
      {"EPIPE", -EPIPE},
      {"EPROTO", -EPROTO},
      {"ESRCH", -ESRCH},
      {"ETIMEDOUT", -ETIMEDOUT},
      {nullptr, 0},
  };
  return all;
}

layout::LookupError lookup_error(int code) {
  using layout::LookupError;
  if (code == 0) return LookupError::kNone;
  if (code == EAI_NONAME) return LookupError::kNoName;
  if (code == EAI_AGAIN) return LookupError::kTryAgain;
  if (code == EAI_FAMILY) return LookupError::kFamily;
  if (code == EAI_SERVICE) return LookupError::kService;
  if (code == EAI_MEMORY) return LookupError::kMemory;
    // Not defined everywhere, and the same number as EAI_NONAME on some systems.
#if defined(EAI_NODATA)
  if (code == EAI_NODATA) return LookupError::kNoAddress;
#endif
#if defined(EAI_ADDRFAMILY)
  if (code == EAI_ADDRFAMILY) return LookupError::kNoAddress;
#endif
  return LookupError::kFailed;
}

}  // namespace oxbow
