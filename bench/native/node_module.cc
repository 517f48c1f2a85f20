// A program as a module of Node: it takes the process over while it is being loaded, so it needs
// nothing of Node but the OpenSSL inside, and is measured with the same one as Node's own TLS.
//
//   node -e 'process.dlopen({ exports: {} }, process.argv[1])' PROGRAM.node --name value …
#include <unistd.h>

#include <cstdio>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "program.h"

// What the process was called with, from the module on.
static std::vector<std::string> arguments() {
  std::ifstream file("/proc/self/cmdline", std::ios::binary);
  const std::string all((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  std::vector<std::string> found;
  for (size_t at = 0; at < all.size();) {
    const std::string one(all.c_str() + at);
    at += one.size() + 1;
    if (!found.empty() || one.ends_with(".node")) found.push_back(one);
  }
  return found;
}

extern "C" __attribute__((visibility("default"))) void* napi_register_module_v1(void*, void*) {
  std::vector<std::string> words = arguments();
  std::vector<char*> argv;
  for (std::string& word : words) argv.push_back(word.data());
  const int status = oxbow::bench::run_program(static_cast<int>(argv.size()), argv.data());
  std::fflush(stdout);
  // Not through exit(): Node's threads are in the middle of whatever they do.
  _exit(status);
}
