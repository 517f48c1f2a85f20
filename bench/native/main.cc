#include "program.h"

int main(int argc, char** argv) { return oxbow::bench::run_program(argc, argv); }
