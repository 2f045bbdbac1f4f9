// Configuration files: lines of "key = value". A '#' at the start of a line or after white space begins a
// comment. There are no sections, no quotes and no continuation lines.
#pragma once

#include <iosfwd>
#include <string>
#include <vector>

#include "tecs/error.hpp"

namespace tecs {

struct IniEntry {
  unsigned line;      // from 1
  std::string key;    // lower-case letters, digits and hyphens
  std::string value;  // without white space around it; can be empty
};

// In the order of the file; a key can stand more than once. name is what errors call the file.
// Fails with bad_option and a sentence that begins "name:line: ".
[[nodiscard]] Expected<std::vector<IniEntry>> read_ini(std::istream& stream, const std::string& name);

// The same from a file. Fails with bad_option also when it cannot be read.
[[nodiscard]] Expected<std::vector<IniEntry>> read_ini_file(const std::string& path);

}  // namespace tecs
