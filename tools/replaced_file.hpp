// A text that takes the place of a file in one step (file_beside.hpp).
#pragma once

#include <string>
#include <string_view>

#include "tools/subcommand.hpp"

namespace tecs {

// The file has the permissions, owner and group of the old one, or 0644 (file_beside.hpp says more). It is on
// disk when this returns. Fails with cannot_create, also when something other than a file stands there, or
// with io_error; nothing is left behind then.
[[nodiscard]] Outcome<void> replace_file(const std::string& path, std::string_view contents);

}  // namespace tecs
