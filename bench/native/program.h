// Where a program begins: called by main() (main.cc), or, of those that need the OpenSSL inside
// Node, by a module that Node loads (node_module.cc). Each is linked with one of the two.
#pragma once

namespace oxbow::bench {

int run_program(int argc, char** argv);

}  // namespace oxbow::bench
