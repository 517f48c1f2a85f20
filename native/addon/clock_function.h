// The cheapest way for JavaScript to read the clock: a bare Node-API function without arguments
// or result that leaves the time in memory which JavaScript sees. It is called for every timer, and
// a wrapped method that returns a number costs three times as much.
#pragma once

#include <napi.h>

namespace oxbow {

// makeClock(memory: ArrayBuffer) => () => void, which writes seconds into the first f64.
Napi::Value make_clock(const Napi::CallbackInfo& info);

}  // namespace oxbow
