// Names of files that stand on the command line without an option's name.
#pragma once

#include <string>
#include <vector>

#include "tools/subcommand.hpp"

namespace tecs {

void add_file_option(OptionTable& table, const char* what);  // file, any number of times
// Empty: none was given.
[[nodiscard]] std::vector<std::string> read_files(const OptionValues& values);

// The arguments with "--file" before each that is neither an option nor the value of one. Behind "--" all are
// files. What is returned looks at the arguments.
[[nodiscard]] std::vector<const char*> with_named_files(Arguments arguments, const OptionTable& table);

}  // namespace tecs
