// What JavaScript asks of open files directly.
#pragma once

#include <napi.h>

namespace oxbow {

Napi::Object define_file_functions(Napi::Env env);

}  // namespace oxbow
